(component
  (import "acme:io/s@0.2.3" (instance (export "get" (func))))
  (core module $m (func (export "f")))
  (core instance $i (instantiate $m))
  (func $run (canon lift (core func $i "f")))
  (export "a" (func $run)))
