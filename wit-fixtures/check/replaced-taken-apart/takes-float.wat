(component
  (import "f" (func (result f32)))
  (core module $m (func (export "g") (result i32) i32.const 7))
  (core instance $i (instantiate $m))
  (func (export "g") (result u32) (canon lift (core func $i "g"))))
