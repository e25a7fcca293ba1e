(component
  (type $u32 u32)
  (import "size" (type $size (eq $u32)))
  (core module $m (func (export "f") (result i32) i32.const 1))
  (core instance $i (instantiate $m))
  (func (export "f") (result $size) (canon lift (core func $i "f"))))
