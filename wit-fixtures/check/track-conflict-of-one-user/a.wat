(component
  (import "acme:io/t@0.2.12" (instance $t
    (export "q" (type $q (sub resource)))
    (export "r" (type $r (sub resource)))
    (export "f" (func (param "x" (borrow $q))))))
  (alias export $t "q" (type $q))
  (import "acme:io/t@0.2.3" (instance
    (alias outer 1 $q (type $newer))
    (export "q" (type $q (eq $newer)))
    (export "r" (type $r (sub resource)))
    (export "f" (func (param "x" (borrow $r))))))
  (core module $m (func (export "f")))
  (core instance $i (instantiate $m))
  (func $run (canon lift (core func $i "f")))
  (export "run" (func $run)))
