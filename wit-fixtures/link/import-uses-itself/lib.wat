(component
  (import "acme:store/cache@1.0.1" (instance $cache (export "flush" (func))))
  (alias export $cache "flush" (func $flush))
  (instance $tools (export "tidy" (func $flush)))
  (export "acme:tools/tools" (instance $tools)))
