(component
  (import "acme:code/holder" (instance $holder
    (export "worker" (component (export "work" (func (result u32)))))))
  (alias export $holder "worker" (component $worker))
  (instance $made (instantiate $worker))
  (export "work" (func $made "work")))
