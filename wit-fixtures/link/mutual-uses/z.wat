(component
  (import "wasi:io/aa@0.2.0" (instance $a (export "s" (type (sub resource))) ))
  (alias export $a "s" (type $s))
  (import "wasi:io/bb@0.2.0" (instance $b (export "s" (type (eq $s))) ))
  (core module $m (func (export "f"))) (core instance $i (instantiate $m))
  (func $f (canon lift (core func $i "f")))
  (instance $o (export "f" (func $f)))
  (export "z:z/z" (instance $o)))
