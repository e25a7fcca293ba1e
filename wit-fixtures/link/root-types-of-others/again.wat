;; Exports the record again that it is given, and not the resource in it.
(component
  (import "r" (type $r (sub resource)))
  (type $rec' (record (field "h" (own $r))))
  (import "rec" (type $rec (eq $rec')))
  (core module $m (func (export "f")))
  (core instance $m (instantiate $m))
  (func $f (canon lift (core func $m "f")))
  (export "rec" (type $rec))
  (export "run" (func $f))
)
