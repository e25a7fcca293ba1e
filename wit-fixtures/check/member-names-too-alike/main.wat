(component
  (import "a" (func))
  (import "b" (func))
  (core module $m (func (export "f")))
  (core instance $i (instantiate $m))
  (func $run (canon lift (core func $i "f")))
  (export "run" (func $run)))
