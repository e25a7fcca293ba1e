(component
  (type $clock (instance (export "now" (func (result u64)))))
  (import "acme:time/clock@0.2" (version-suffix ".6") (instance (type $clock)))
)
