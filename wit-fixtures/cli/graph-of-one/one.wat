(component
  (import "acme:pay/gateway@1.0.0" (instance $gateway (export "charge" (func (result u32)))))
  (import "log" (func))
  (core func $charge (canon lower (func $gateway "charge")))
  (core module $m
    (import "gateway" "charge" (func $charge (result i32)))
    (func (export "run") (result i32) call $charge))
  (core instance $i (instantiate $m (with "gateway" (instance (export "charge" (func $charge))))))
  (func (export "run") (result u32) (canon lift (core func $i "run"))))
