(component
  (import "engine" (core module (export "start" (func))))
  (import "tools" (component (import "log" (func)) (import "clock" (func))))
  (core module $m (func (export "f")))
  (core instance $i (instantiate $m))
  (func $f (canon lift (core func $i "f")))
  (export "b-few" (func $f)))
