(component
  (import "acme:time/clock@0.2.0" (instance (export "now" (func (result u64)))))
  (import "acme:tick/tick" (instance $tick (export "tick" (func (result u64)))))
  (alias export $tick "tick" (func $run))
  (export "run" (func $run))
)
