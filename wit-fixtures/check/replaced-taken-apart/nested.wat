(component
  (component $a
    (core module $m (func (export "f") (result i32) i32.const 7))
    (core instance $i (instantiate $m))
    (func $f (result u32) (canon lift (core func $i "f")))
    (export "f" (func $f)))
  (instance $i (instantiate $a))
  (alias export $i "f" (func $f))
  (instance $b (export "f" (func $f)))
  (instance $c (export "inner" (instance $b)))
  (export "x:y/i" (instance $c)))
