(component
  (core module $m (func (export "open") (result i32) i32.const 1))
  (core instance $i (instantiate $m))
  (func $open (result s32) (canon lift (core func $i "open")))
  (instance $vault (export "open" (func $open)))
  (export "acme:pay/vault@1.2.0" (instance $vault)))
