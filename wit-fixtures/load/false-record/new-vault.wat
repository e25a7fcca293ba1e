;; A vault that does a little more.
(component
  (core module $code (func (export "keep") nop))
  (core instance $code (instantiate $code))
  (func (export "t:shop/vault") (canon lift (core func $code "keep"))))
