;; Tells the time since some moment, and makes numbers by chance.
(component
    (import "wasi:clocks/monotonic-clock@0.2.3" (instance $monotonic (export "now" (func (result u64)))))
    (import "wasi:random/random@0.2.3" (instance $random (export "get-random-u64" (func (result u64)))))
    (alias export $monotonic "now" (func $now))
    (alias export $random "get-random-u64" (func $any))
    (core func $now (canon lower (func $now)))
    (core func $any (canon lower (func $any)))
    (core module $m
        (import "x" "now" (func $now (result i64)))
        (import "x" "any" (func $any (result i64)))
        (func (export "since") (result i64) call $now)
        (func (export "noise") (result i64) call $any))
    (core instance $x (export "now" (func $now)) (export "any" (func $any)))
    (core instance $i (instantiate $m (with "x" (instance $x))))
    (func $since (result u64) (canon lift (core func $i "since")))
    (func $noise (result u64) (canon lift (core func $i "noise")))
    (instance $e (export "since" (func $since)) (export "noise" (func $noise)))
    (export "shop:time/teller" (instance $e)))
