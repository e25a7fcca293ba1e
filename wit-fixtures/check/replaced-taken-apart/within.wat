(component
  (component $a
    (core module $m (func (export "f") (result i32) i32.const 7))
    (core instance $i (instantiate $m))
    (func $f (result u32) (canon lift (core func $i "f")))
    (instance $x (export "f" (func $f)))
    (export "x:y/i" (instance $x)))
  (instance $i (instantiate $a))
  (alias export $i "x:y/i" (instance $x))
  (alias export $x "f" (func $f))
  (export "g" (func $f)))
