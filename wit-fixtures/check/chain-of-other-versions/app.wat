(component
  (import "acme:log/log@1.0.0" (instance (export "f" (func))))
  (import "acme:log/log@1.1.0" (instance (export "f" (func))))
  (core module $m (func (export "f")))
  (core instance $i (instantiate $m))
  (func $f (canon lift (core func $i "f")))
  (export "run" (func $f)))
