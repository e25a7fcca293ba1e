(component
  (core module $code (func (export "keep")))
  (core instance $code (instantiate $code))
  (func $keep (canon lift (core func $code "keep")))
  (instance $exports (export "keep" (func $keep)))
  (export "t:shop/vault" (instance $exports))
)
