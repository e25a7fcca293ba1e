(component
  (import "LOG" (func))
  (core module $m (func (export "g")) (func (export "h")))
  (core instance $i (instantiate $m))
  (func $g (canon lift (core func $i "g")))
  (export "g" (func $g)))
