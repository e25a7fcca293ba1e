;; Exports a resource and a record of it.
(component
  (type $r' (resource (rep i32)))
  (export $r "r" (type $r'))
  (type $rec' (record (field "h" (own $r))))
  (export "rec" (type $rec'))
)
