(component
  (import "acme:io/s@0.2.3" (instance (export "GET" (func))))
  (core module $m (func (export "f")))
  (core instance $i (instantiate $m))
  (func $run (canon lift (core func $i "f")))
  (export "b" (func $run)))
