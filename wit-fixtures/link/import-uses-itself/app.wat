(component
  (import "acme:store/buckets@1.0.0" (instance $buckets (export "bucket" (type (sub resource)))))
  (alias export $buckets "bucket" (type $bucket))
  (import "acme:store/cache@1.0.1" (instance $older
    (alias outer 1 $bucket (type $of))
    (export "bucket" (type $it (eq $of)))
    (export "warm" (func (param "it" (borrow $it))))))
  (alias export $older "bucket" (type $again))
  (import "acme:store/cache@1.0.2" (instance
    (alias outer 1 $again (type $of))
    (export "bucket" (type $it (eq $of)))
    (export "cool" (func (param "it" (borrow $it))))))
  (import "acme:tools/tools" (instance $tools (export "tidy" (func))))
  (alias export $tools "tidy" (func $tidy))
  (export "run" (func $tidy)))
