(component
  (import "wasi:io/bb@0.2.0" (instance $b (export "s" (type (sub resource))) ))
  (alias export $b "s" (type $s))
  (import "wasi:io/aa@0.2.0" (instance $a (export "s" (type (eq $s))) ))
  (import "z:z/z" (instance $z (export "f" (func))))
  (alias export $z "f" (func $f))
  (instance $o (export "g" (func $f)))
  (export "y:y/y" (instance $o)))
