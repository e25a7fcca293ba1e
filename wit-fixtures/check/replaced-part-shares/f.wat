(component $c
  (core module (func (export "f") nop))
  (core instance (instantiate 0))
  (func (export "f") (canon lift (core func 0 "f"))))
