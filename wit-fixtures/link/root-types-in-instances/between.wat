;; Passes on an instance that uses a resource which it was given at its root.
(component
  (import "r" (type $r (sub resource)))
  (import "i" (instance $i (alias outer 1 $r (type $t)) (export "f" (func (param "x" (own $t)) (result (own $t))))))
  (export "j" (instance $i))
)
