(component
  (import "acme:pay/charge@1.0.0" (instance $charge
    (type $request (record (field "cents" u64)))
    (export "request" (type $named (eq $request)))
    (export "charge" (func (param "request" $named) (result bool)))))
  (export "acme:pay/charge@1.0.0" (instance $charge)))
