(component
  (import "wasi:cli/environment@0.2.3" (instance $env
    (export "get-environment" (func (result (list (tuple string string)))))))
  (alias export $env "get-environment" (func $get))
  (core module $memory
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $own (instantiate $memory))
  (alias core export $own "memory" (core memory $all))
  (alias core export $own "realloc" (core func $realloc))
  (core func $lowered (canon lower (func $get) (memory $all) (realloc $realloc)))
  (core module $code
    (import "env" "get" (func $get (param i32)))
    (func $"core::panicking::panic_now" (call $get (i32.const 0)))
    (func (export "run"))
    (func (export "other") (call $"core::panicking::panic_now")))
  (core instance $env-given (export "get" (func $lowered)))
  (core instance $run (instantiate $code (with "env" (instance $env-given))))
  (func (export "run") (canon lift (core func $run "run")))
  (func (export "other") (canon lift (core func $run "other"))))
