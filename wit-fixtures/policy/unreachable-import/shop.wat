(component
  (import "wasi:clocks/monotonic-clock@0.2.12" (instance $clock (export "now" (func (result u64)))))
  (alias export $clock "now" (func $now))
  (core func $now (canon lower (func $now)))
  (core module $shop
    (import "host" "now" (func $now (result i64)))
    (func $log (drop (call $now)))
    (func (export "run")))
  (core instance $host (export "now" (func $now)))
  (core instance $main (instantiate $shop (with "host" (instance $host))))
  (func (export "run") (canon lift (core func $main "run"))))
