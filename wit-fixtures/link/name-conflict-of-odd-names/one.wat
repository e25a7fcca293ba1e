(component
  (import "log" (func))
  (core module $m (func (export "g")))
  (core instance $i (instantiate $m))
  (func $g (canon lift (core func $i "g")))
  (export "g" (func $g)))
