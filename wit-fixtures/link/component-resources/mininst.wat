(component
  (import "c" (component (export "i" (instance (export "r" (type (sub resource))) (export "f" (func (result u32)))))))
)
