(component
  (import "r" (type $r (sub resource)))
  (type $pair' (record (field "a" (own $r))))
  (import "pair" (type $pair (eq $pair')))
  (import "i" (instance $i (alias outer 1 $pair (type $of)) (export "t" (type (eq $of)))))
  (export "again" (instance $i)))
