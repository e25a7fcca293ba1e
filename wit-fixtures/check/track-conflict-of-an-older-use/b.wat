(component
  (import "acme:io/u@0.2.3" (instance $u
    (export "q" (type (sub resource)))))
  (alias export $u "q" (type $q))
  (import "acme:io/u@0.2.9" (instance
    (alias outer 1 $q (type $older))
    (export "p" (type $p (eq $older)))
    (export "q" (type $q (sub resource)))
    (export "f" (func (param "x" (borrow $p)) (param "y" (borrow $q))))))
  (core module $m (func (export "f")))
  (core instance $i (instantiate $m))
  (func $step (canon lift (core func $i "f")))
  (export "step" (func $step)))
