(component
  (import "acme:pay/vault@1.0.0" (instance $vault (export "open" (func (result u32)))))
  (core func $open (canon lower (func $vault "open")))
  (core module $m
    (import "vault" "open" (func $open (result i32)))
    (func (export "charge") (result i32) call $open))
  (core instance $i (instantiate $m (with "vault" (instance (export "open" (func $open))))))
  (func $charge (result u32) (canon lift (core func $i "charge")))
  (instance $gateway (export "charge" (func $charge)))
  (export "acme:pay/gateway@1.0.0" (instance $gateway)))
