(component
  (import "acme:store/buckets@1.0.2" (instance
    (export "bucket" (type $bucket (sub resource)))
    (export "[method]bucket.empty" (func (param "self" (borrow $bucket))))))
  (core module $m (func (export "f")))
  (core instance $i (instantiate $m))
  (func $f (canon lift (core func $i "f")))
  (instance $tools (export "tidy" (func $f)))
  (export "acme:tools/tools" (instance $tools)))
