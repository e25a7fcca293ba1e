;; An instance of the root that uses a record of the root.
(component
  (type $r' (record (field "a" u32)))
  (export $r "r" (type $r'))
  (core module $m (func (export "f") (param i32) (result i32) local.get 0))
  (core instance $m (instantiate $m))
  (func $f (param "x" $r) (result $r) (canon lift (core func $m "f")))
  (instance $i (export "f" (func $f)))
  (export "i" (instance $i))
)
