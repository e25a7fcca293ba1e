(component
  (import "code" (core module (export "make" (func (result anyref)))))
)
