(component
  (import "c" (func $f (result u32)))
  (export "b" (func $f)))
