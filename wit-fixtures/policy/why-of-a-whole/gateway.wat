(component
  (import "wasi:cli/exit@0.2.12" (instance $exit (export "exit" (func (param "status" (result))))))
  (alias export $exit "exit" (func $end))
  (core func $end (canon lower (func $end)))
  (core module $gateway
    (import "host" "exit" (func $exit (param i32)))
    (func (export "charge") (call $exit (i32.const 1))))
  (core instance $host (export "exit" (func $end)))
  (core instance $main (instantiate $gateway (with "host" (instance $host))))
  (func $charge (canon lift (core func $main "charge")))
  (instance $api (export "charge" (func $charge)))
  (export "acme:gateway/charge" (instance $api)))
