(component
  (import "wasi:cli/environment@0.2.3" (instance $environment
    (export "get-arguments" (func (result (list string))))))
  (alias export $environment "get-arguments" (func $get))
  (core module $memory (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 16)))
  (core instance $memory (instantiate $memory))
  (core func $get (canon lower (func $get)
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core module $m
    (import "x" "get" (func $get (param i32)))
    (func $read_arguments (call $get (i32.const 8)))
    (func $first_price (export "price") (result i32) (call $read_arguments) (i32.const 7)))
  (core instance $x (export "get" (func $get)))
  (core instance $i (instantiate $m (with "x" (instance $x))))
  (func $price (result u32) (canon lift (core func $i "price")))
  (instance $e (export "price" (func $price)))
  (export "shop:stock/prices" (instance $e)))
