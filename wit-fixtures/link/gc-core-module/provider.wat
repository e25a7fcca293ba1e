(component
  (core module $code (func (export "make") (result anyref) ref.null any))
  (export "code" (core module $code))
)
