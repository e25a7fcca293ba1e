;; Exports an enum, a record of it, and an instance that has the record.
(component
  (type $e' (enum "a" "b"))
  (export $e "e" (type $e'))
  (type $r' (record (field "x" $e)))
  (export $r "r" (type $r'))
  (instance $i (export "r" (type $r)))
  (export "in" (instance $i))
)
