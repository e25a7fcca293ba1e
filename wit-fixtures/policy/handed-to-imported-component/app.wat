(component
 (import "c" (component $c (import "z" (instance (export "get-environment" (func (result (list (tuple string string)))))))))
 (import "wasi:cli/environment@0.2.3" (instance $z (export "get-environment" (func (result (list (tuple string string)))))))
 (instance (instantiate $c (with "z" (instance $z)))))
