(component
  (import "b" (func $f (result u32)))
  (export "a" (func $f)))
