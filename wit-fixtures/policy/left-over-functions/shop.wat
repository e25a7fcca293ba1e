(component
  (import "wasi:cli/environment@0.2.12" (instance $env
    (export "get-arguments" (func (result (list string))))
    (export "get-environment" (func (result (list (tuple string string)))))))
  (component $inner
    (import "wasi:cli/environment@0.2.12" (instance $env
      (export "get-arguments" (func (result (list string))))))
    (core module $memory
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 0))
    (core instance $memory (instantiate $memory))
    (core func $get (canon lower (func $env "get-arguments")
      (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
    (core module $m (import "h" "get" (func $get (param i32))) (func (export "f") (call $get (i32.const 0))))
    (core instance $h (export "get" (func $get)))
    (core instance $i (instantiate $m (with "h" (instance $h))))
    (func (export "f") (canon lift (core func $i "f"))))
  (instance $cli (instantiate $inner (with "wasi:cli/environment@0.2.12" (instance $env))))
  (export "f" (func $cli "f")))
