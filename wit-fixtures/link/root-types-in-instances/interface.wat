;; An interface with a resource.
(component
  (type $r' (resource (rep i32)))
  (core module $m (func (export "f") (param i32) (result i32) local.get 0))
  (core instance $m (instantiate $m))
  (component $inner (import "t" (type $t (sub resource))) (import "f" (func $f (param "x" (own $t)) (result (own $t))))
    (export $tt "t" (type $t)) (export "f" (func $f) (func (param "x" (own $tt)) (result (own $tt)))))
  (func $f (param "x" (own $r')) (result (own $r')) (canon lift (core func $m "f")))
  (instance $i (instantiate $inner (with "t" (type $r')) (with "f" (func $f))))
  (export "i" (instance $i))
)
