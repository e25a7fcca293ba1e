(component
  (import "c" (component (import "r" (type (sub resource))) (export "f" (func (param "x" (own 0))))))
)
