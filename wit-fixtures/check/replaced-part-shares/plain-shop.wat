(component
  (import "t:shop/vault" (instance $vault (export "keep" (func))))
  (core module $code (func (export "sell")))
  (core instance $code (instantiate $code))
  (func $sell (canon lift (core func $code "sell")))
  (export "sell" (func $sell))
)
