(component
  (import "b-few" (func))
  (import "c-many" (func $many))
  (export "run" (func $many)))
