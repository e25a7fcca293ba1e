(component
  (import "acme:time/clock@0.2" (version-suffix ".6") (instance $clock (export "now" (func (result u64)))))
  (alias export $clock "now" (func $now))
  (instance $tick (export "tick" (func $now)))
  (export "acme:tick/tick" (instance $tick))
)
