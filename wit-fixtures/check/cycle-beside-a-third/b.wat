(component
  (import "acme:io/y@1.0.0" (instance (export "f" (func))))
  (core module $m (func (export "f")))
  (core instance $i (instantiate $m))
  (func $f (canon lift (core func $i "f")))
  (instance $e (export "f" (func $f)))
  (export "acme:io/x@1.0.0" (instance $e)))
