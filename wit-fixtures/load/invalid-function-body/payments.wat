(component
  (core module)
  (component
    (core module
      (import "log" "write" (func (param i32)))
      (func $fee (param i32) (result i32) (local.get 0))
      (func $total (param i32 i64) (result i32)
        (i32.add (local.get 0) (local.get 1))))))
