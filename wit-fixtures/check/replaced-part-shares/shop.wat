(component
  (import "t:shop/vault" (instance (export "keep" (func))))
  (core module $runtime (func (export "run") nop nop nop nop nop nop nop nop))
  (core instance $runtime (instantiate $runtime))
  (func $run (canon lift (core func $runtime "run")))
  (export "sell" (func $run))
)
