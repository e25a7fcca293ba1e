(component
  (import "acme:store/buckets@1.0.0" (instance $older (export "pail" (type (sub resource)))))
  (alias export $older "pail" (type $pail))
  (import "acme:store/buckets@1.0.2" (instance
    (alias outer 1 $pail (type $of))
    (export "bucket" (type (eq $of)))))
  (import "acme:tools/tools" (instance $tools (export "tidy" (func))))
  (alias export $tools "tidy" (func $tidy))
  (export "run" (func $tidy)))
