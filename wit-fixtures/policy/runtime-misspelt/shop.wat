(component
  (import "wasi:cli/exit@0.2.12" (instance $exit (export "exit" (func (param "status" (result))))))
  (alias export $exit "exit" (func $end))
  (core func $end (canon lower (func $end)))
  (core module $shop
    (import "host" "exit" (func $exit (param i32)))
    (func $panic (@name "core::panicking::panic_fmt") (call $exit (i32.const 1)))
    (func (export "run") (param i32) (if (local.get 0) (then (call $panic)))))
  (core instance $host (export "exit" (func $end)))
  (core instance $main (instantiate $shop (with "host" (instance $host))))
  (func (export "run") (param "count" s32) (canon lift (core func $main "run"))))
