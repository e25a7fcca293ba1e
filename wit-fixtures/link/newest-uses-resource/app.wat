(component
 (import "wasi:io/aa@0.2.1" (instance $i0
   (export "s" (type $s (sub resource)))
   (type $v_ (record (field "a" (own $s)))) (export "v" (type $v (eq $v_)))
   (export "f" (func (param "x" $v)))))
 (alias export $i0 "v" (type $v))
 (import "wasi:io/aa@0.2.2" (instance (export "v" (type (eq $v)))))
 (core module $m (func (export "f"))) (core instance $ci (instantiate $m)) (func $f (canon lift (core func $ci "f"))) (instance $o (export "f" (func $f)))
 (export "y:y/y" (instance $o)))
