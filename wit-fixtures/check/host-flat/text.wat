;; The same, and one of text beside it: WasmEdge refuses the whole.
(component
  (core module $m
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 16))
    (func (export "add") (param i32 f64) (result i64) (i64.const 7))
    (func (export "length") (param i32 i32) (result i32) (local.get 1)))
  (core instance $i (instantiate $m))
  (func (export "add") (param "a" u32) (param "b" f64) (result s64)
    (canon lift (core func $i "add")))
  (func (export "length") (param "text" string) (result u32)
    (canon lift (core func $i "length") string-encoding=utf8 (memory (core memory $i "memory")) (realloc (core func $i "realloc")))))
