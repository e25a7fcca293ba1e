(component
  (type $r' (resource (rep i32)))
  (export $r "r" (type $r'))
  (type $pair' (record (field "a" (own $r))))
  (export $pair "pair" (type $pair'))
  (instance $i (export "t" (type $pair)))
  (export "i" (instance $i)))
