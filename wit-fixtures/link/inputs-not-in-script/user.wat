(component
 (import "a:b/c" (instance $i (export "f" (func))))
 (alias export $i "f" (func $f))
 (export "run" (func $f)))
