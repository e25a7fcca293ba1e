(component
  (core module $m (func (export "f") nop))
  (core instance $i (instantiate $m))
  (func (export "f") (canon lift (core func $i "f"))))
