(component
  (core module $runtime (func (export "run") nop nop nop nop nop nop nop nop))
  (core instance $runtime (instantiate $runtime))
  (func $run (canon lift (core func $runtime "run")))
  (instance $exports (export "keep" (func $run)))
  (export "t:shop/vault" (instance $exports))
)
