(component
  (import "wasi:cli/environment@0.2.12" (instance $env (export "get-environment" (func (result (list (tuple string string)))))))
  (import "wasi:random/random@0.2.12" (instance $r (export "get-random-u64" (func (result u64)))))
  (component $inner
    (import "wasi:random/random@0.2.12" (instance $r (export "get-random-u64" (func (result u64)))))
    (core func $l (canon lower (func $r "get-random-u64")))
    (core module $m (import "h" "r" (func $r (result i64))) (func (export "f") (result i64) call $r))
    (core instance $h (export "r" (func $l)))
    (core instance $i (instantiate $m (with "h" (instance $h))))
    (func (export "f") (result u64) (canon lift (core func $i "f"))))
  (instance $a (instantiate $inner (with "wasi:random/random@0.2.12" (instance $r))))
  (export "f" (func $a "f")))
