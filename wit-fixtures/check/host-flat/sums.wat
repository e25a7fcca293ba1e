;; One function of numbers at the root.
(component
  (core module $m
    (func (export "add") (param i32 f64) (result i64) (i64.const 7)))
  (core instance $i (instantiate $m))
  (func (export "add") (param "a" u32) (param "b" f64) (result s64)
    (canon lift (core func $i "add"))))
