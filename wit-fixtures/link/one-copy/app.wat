(component
  (import "acme:demo/step" (instance (export "step" (func))))
)
