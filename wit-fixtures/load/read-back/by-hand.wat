;; What no linker writes: a nested component that uses a module from around it, an argument put together of two things, a
;; component that only renames, code beside the instances, an instance without a name.
(component $whole
  (import "clock" (instance $clock (export "now" (func (result u64)))))
  (core module $shared (func (export "f") (result i32) i32.const 7))
  (component $seven
    (alias outer $whole $shared (core module $m))
    (core instance $i (instantiate $m))
    (func (export "f") (result u32) (canon lift (core func $i "f"))))
  (component $renames
    (import "in" (func $in (result u32)))
    (export "out" (func $in)))
  (component $user
    (import "both" (instance (export "f" (func (result u32))) (export "now" (func (result u64)))))
    (import "whole" (instance (export "f" (func (result u32)))))
    (core module $m (func (export "g") (result i32) i32.const 8))
    (core instance $i (instantiate $m))
    (func (export "g") (result u32) (canon lift (core func $i "g"))))
  (instance $first (instantiate $seven))
  (instance (instantiate $seven))
  (instance $renamed (instantiate $renames (with "in" (func $first "f"))))
  (alias export $renamed "out" (func $f))
  (instance $both (export "f" (func $f)) (export "now" (func $clock "now")))
  (instance $user-instance (instantiate $user
    (with "both" (instance $both))
    (with "whole" (instance $first))))
  (core instance $own (instantiate $shared))
  (func $mine (result u32) (canon lift (core func $own "f")))
  (export "mine" (func $mine))
  (export "g" (func $user-instance "g")))
