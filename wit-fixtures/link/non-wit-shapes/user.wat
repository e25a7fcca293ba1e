(component
  (import "code" (core module (import "env" "memory" (memory 1)) (export "f" (func (param i32) (result i64)))))
  (import "part" (component
    (import "log" (func (param "text" string)))
    (export "api" (instance (export "f" (func))))))
  (import "tree" (instance
    (export "leaves" (instance
      (export "leaf" (type $leaf (sub resource)))
      (export "fall" (func (param "leaf" (own $leaf))))))))
  (import "handle" (type $handle (sub resource)))
  (import "use-handle" (func (param "handle" (borrow $handle))))
)
