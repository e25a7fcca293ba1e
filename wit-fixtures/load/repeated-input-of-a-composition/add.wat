(component
  (core module $adder
    (func (export "add") (param i32 i32) (result i32)
      (i32.add (local.get 0) (local.get 1))))
  (core instance $adder (instantiate $adder))
  (func (export "add") (param "a" u32) (param "b" u32) (result u32)
    (canon lift (core func $adder "add"))))
