(component
  (core module $m (func (export "f") (result i32) i32.const 7))
  (component $dead
    (alias outer 1 0 (core module $m))
    (core instance $i (instantiate $m))
    (func $f (result u32) (canon lift (core func $i "f")))
    (export "f" (func $f)))
  (component $a
    (alias outer 1 0 (core module $m))
    (core instance $i (instantiate $m))
    (func $f (result u32) (canon lift (core func $i "f")))
    (export "f" (func $f)))
  (instance $i (instantiate $a))
  (export "f" (func $i "f")))
