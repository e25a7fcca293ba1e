(component
  (import "wasi:demo/code" (instance
    (export "m" (core module (export "draw" (func (param (ref struct)))))))))
