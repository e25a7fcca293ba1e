;; Its part is given one function of what the whole imports, under another name.
(component
    (import "shop:time/teller" (instance $teller
        (export "since" (func (result u64)))
        (export "noise" (func (result u64)))))
    (alias export $teller "since" (func $since))
    (component $part
        (import "ask" (func $ask (result u64)))
        (core func $ask (canon lower (func $ask)))
        (core module $m (import "x" "ask" (func $ask (result i64))) (func (export "run") (result i64) call $ask))
        (core instance $x (export "ask" (func $ask)))
        (core instance $i (instantiate $m (with "x" (instance $x))))
        (func $run (result u64) (canon lift (core func $i "run")))
        (export "run" (func $run)))
    (instance $p (instantiate $part (with "ask" (func $since))))
    (alias export $p "run" (func $run))
    (export "run" (func $run)))
