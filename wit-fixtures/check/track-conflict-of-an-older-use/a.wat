(component
  (import "acme:io/t@0.2.3" (instance $t
    (export "r" (type $r (sub resource)))
    (export "q" (type $q (sub resource)))
    (export "f" (func (param "x" (borrow $r))))))
  (alias export $t "q" (type $q))
  (import "acme:io/t@0.2.9" (instance
    (export "r" (type $r (sub resource)))
    (alias outer 1 $q (type $older))
    (export "q" (type $q (eq $older)))
    (export "f" (func (param "x" (borrow $q))))))
  (import "step" (func))
  (core module $m (func (export "f")))
  (core instance $i (instantiate $m))
  (func $run (canon lift (core func $i "f")))
  (export "run" (func $run)))
