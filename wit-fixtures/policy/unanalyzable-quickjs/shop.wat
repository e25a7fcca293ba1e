(component
  (import "wasi:random/insecure-seed@0.2.12" (instance $random (export "insecure-seed" (func (result (tuple u64 u64))))))
  (alias export $random "insecure-seed" (func $get))
  (core module $memory (memory (export "memory") 1) (global (export "componentize_qjs_runtime.wasm:memory_base") i32 (i32.const 0)))
  (core instance $memory (instantiate $memory))
  (core func $get (canon lower (func $get) (memory (core memory $memory "memory"))))
  (core module $engine
    (import "host" "get" (func $get (param i32)))
    (func (export "run") (call $get (i32.const 8))))
  (core instance $host (export "get" (func $get)))
  (core instance $main (instantiate $engine (with "host" (instance $host))))
  (func (export "run") (canon lift (core func $main "run"))))
