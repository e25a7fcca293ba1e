(component
  (component $c
    (core module (func (export "f") nop))
    (core instance (instantiate 0))
    (func (export "f") (canon lift (core func 0 "f"))))
  (instance $one (instantiate $c))
  (instance $two (instantiate $c))
  (export "a" (func $one "f"))
  (export "b" (func $two "f")))
