(component
  (import "wasi:cli/environment@0.2.12" (instance $env (export "get-environment" (func (result (list (tuple string string)))))))
  (export "wasi:cli/environment@0.2.12" (instance $env)))
