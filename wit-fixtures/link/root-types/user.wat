(component
  (import "ty" (type $ty (sub resource)))
  (import "again" (type $e (eq $ty)))
  (import "f2" (func (param "x" (own $ty)) (result (own $e))))
  (export "out" (func 0))
)
