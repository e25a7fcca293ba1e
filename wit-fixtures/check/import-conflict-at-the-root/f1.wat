(component (import "k" (func (param "x" u32)))
  (import "q" (func $q)) (export "go" (func $q)))