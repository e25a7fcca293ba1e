(component
  (import "run" (func))
  (import "helper" (func))
  (core module $m (func (export "f")))
  (core instance $i (instantiate $m))
  (func $go (canon lift (core func $i "f")))
  (export "go" (func $go)))
