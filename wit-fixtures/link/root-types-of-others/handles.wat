;; Exports a resource, a list of its handles, and an instance that has the list and a function of it.
(component
  (type $h' (resource (rep i32)))
  (export $h "h" (type $h'))
  (type $l' (list (own $h)))
  (export $l "l" (type $l'))
  (core module $m (func (export "f") (param i32)))
  (core instance $m (instantiate $m))
  (func $f (param "x" (own $h)) (canon lift (core func $m "f")))
  (instance $i (export "l" (type $l)) (export "f" (func $f)))
  (export "in" (instance $i))
)
