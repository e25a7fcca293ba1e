(component
  (import "wasi:cli/environment@0.2.12" (instance $env (export "get-environment" (func (result (list (tuple string string)))))))
  (core module $shop (func (export "run")))
  (core instance $main (instantiate $shop))
  (func (export "run") (canon lift (core func $main "run"))))
