(component
  (component $store
    (core module $m (func (export "f") (result i32) i32.const 7))
    (core instance $i (instantiate $m))
    (func (export "f") (result u32) (canon lift (core func $i "f"))))
  (component $shop
    (alias outer 1 $store (component $inner))
    (instance $own (instantiate $inner))
    (export "g" (func $own "f")))
  (instance $store (instantiate $store))
  (instance $shop (instantiate $shop))
  (export "f" (func $store "f"))
  (export "g" (func $shop "g")))
