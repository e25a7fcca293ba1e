(component
  (import "wasi:cli/environment@0.2.3" (instance
    (export "get-arguments" (func (result (list string))))))
  (core module $m (func (export "f")))
  (core instance $i (instantiate $m))
  (func (export "run") (canon lift (core func $i "f"))))
