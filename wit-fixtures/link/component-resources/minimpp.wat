(component
  (component $c (import "r" (type $r (sub resource)))
    (core module $m (func (export "f") (param i32)))
    (core instance $i (instantiate $m))
    (func $f (param "x" (own $r)) (canon lift (core func $i "f")))
    (export "f" (func $f))
)
  (export "c" (component $c))
)
