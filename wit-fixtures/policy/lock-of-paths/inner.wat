(component
  (import "wasi:cli/environment@0.2.12" (instance $it
    (export "get-environment" (func (result (list (tuple string string)))))
    (export "get-arguments" (func (result (list string))))))
  (instance $own (export "get-environment" (func $it "get-environment")) (export "get-arguments" (func $it "get-arguments")))
  (export "wasi:cli/environment@0.2.12" (instance $own)))
