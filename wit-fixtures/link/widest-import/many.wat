(component
  (import "engine" (core module (export "start" (func)) (export "stop" (func))))
  (import "tools" (component (import "log" (func))))
  (core module $m (func (export "f")))
  (core instance $i (instantiate $m))
  (func $f (canon lift (core func $i "f")))
  (export "c-many" (func $f)))
