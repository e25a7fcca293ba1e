(component
  (import "c" (func $f (result u32)))
  (core module $m (import "" "c" (func $c (result i32))) (func (export "f") (result i32) call $c))
  (core func $c (canon lower (func $f)))
  (core instance $i (instantiate $m (with "" (instance (export "c" (func $c))))))
  (func $g (result u32) (canon lift (core func $i "f")))
  (export "b" (func $g)))
