(component
  (component $c
    (core module $m (func (export "f")))
    (core instance $i (instantiate $m))
    (func (export "f") (canon lift (core func $i "f"))))
  (instance $one (instantiate $c))
  (instance $two (instantiate $c))
  (export "a" (func $one "f"))
  (export "b" (func $two "f")))
