(component
  (import "acme:io/t@0.2.3" (instance $t (export "r" (type (sub resource)))))
  (alias export $t "r" (type $t-r))
  (import "r" (type $r (eq $t-r)))
  (import "make" (func (result (own $r))))
  (core module $m (func (export "f")))
  (core instance $i (instantiate $m))
  (func $run (canon lift (core func $i "f")))
  (export "run" (func $run)))
