(component
  (component $store
    (core module $m (func (export "f") (result i32) i32.const 7))
    (core instance $i (instantiate $m))
    (func (export "f") (result u32) (canon lift (core func $i "f"))))
  (component $library
    (component $shelf
      (alias outer 2 $store (component $store))
      (core module $m)
      (export "copy" (component $store)))
    (instance $shelf (instantiate $shelf))
    (export "maker" (component $shelf "copy")))
  (instance $store (instantiate $store))
  (instance $library (instantiate $library))
  (export "f" (func $store "f"))
  (export "maker" (component $library "maker")))
