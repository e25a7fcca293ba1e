(component
  (import "t:a/i" (instance $i (export "f" (func))))
  (core module $m (func (export "g")))
  (core instance $c (instantiate $m))
  (func $g (canon lift (core func $c "g")))
  (instance $e (export "f" (func $g)) (export "g" (func $g)))
  (export "t:a/i" (instance $e)))
