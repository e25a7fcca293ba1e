(component
  (import "x:y/i" (instance (export "f" (func (param "x" u32) (result u32)))))
  (core module $m (func (export "f") (param i64) (result i64) local.get 0))
  (core instance $m (instantiate $m))
  (func $f (param "x" u64) (result u64) (canon lift (core func $m "f")))
  (instance $e (export "f" (func $f)))
  (export "x:y/i" (instance $e)))
