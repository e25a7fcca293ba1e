(component
  (import "c" (component (export "r" (type (sub resource)))))
)
