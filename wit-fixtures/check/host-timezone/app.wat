(component
  (import "wasi:clocks/timezone@0.2.0" (instance (export "utc-offset" (func (param "when" u64) (result s32)))))
  (core module $m (func (export "run")))
  (core instance $i (instantiate $m))
  (func (export "run") (canon lift (core func $i "run"))))
