(component
  (core module (memory i64 1))
  (core module (func $f return_call $f))
  (type (list u8 4))
  (component (type (stream u8)))
  (core module $m (func (export "run")))
  (core instance $i (instantiate $m))
  (func (export "run") (canon lift (core func $i "run")))
)
