(component
  (import "charge" (func $charge (result u32)))
  (import "log" (func $log (result u32)))
  (component $user
    (import "charge" (func $charge (result u32)))
    (export "pay" (func $charge)))
  (instance $user (instantiate $user (with "charge" (func $charge))))
  (core func $log (canon lower (func $log)))
  (core module $m
    (import "" "log" (func $log (result i32)))
    (func (export "run") (result i32) call $log))
  (core instance $i (instantiate $m (with "" (instance (export "log" (func $log))))))
  (export "pay" (func $user "pay"))
  (func (export "run") (result u32) (canon lift (core func $i "run"))))
