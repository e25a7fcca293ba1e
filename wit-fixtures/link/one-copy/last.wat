(component
  (core module $code (func (export "step") nop nop nop nop nop nop nop nop))
  (core instance $code (instantiate $code))
  (func $step (canon lift (core func $code "step")))
  (instance $exports (export "step" (func $step)))
  (export "acme:demo/step" (instance $exports))
)
