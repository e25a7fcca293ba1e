(component
  (import "plugin" (core module
    (export "filter" (func (param i32) (result i32)))))
)
