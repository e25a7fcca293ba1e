;; Exports a resource of an interface at its root, and a function of that interface.
(component
  (import "i" (instance $i (export "t" (type $t (sub resource))) (export "f" (func (param "x" (own $t)) (result (own $t))))))
  (alias export $i "t" (type $t))
  (export $r "r" (type $t))
  (export "run" (func $i "f"))
)
