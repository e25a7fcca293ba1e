(component
  (import "wasi:random/random@0.2.12" (instance $random (export "get-random-u64" (func (result u64)))))
  (alias export $random "get-random-u64" (func $get))
  (core func $get (canon lower (func $get)))
  (core module $engine
    (@producers (processed-by "ComponentizeJS" "0.23.0"))
    (import "host" "get" (func $get (result i64)))
    (func (export "run") (drop (call $get))))
  (core instance $host (export "get" (func $get)))
  (core instance $main (instantiate $engine (with "host" (instance $host))))
  (func (export "run") (canon lift (core func $main "run"))))
