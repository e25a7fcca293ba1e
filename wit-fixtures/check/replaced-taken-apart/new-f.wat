(component
    (core module $m (func (export "f") (result f32) f32.const 7))
    (core instance $i (instantiate $m))
    (func $f (result f32) (canon lift (core func $i "f")))
    (export "f" (func $f)))
