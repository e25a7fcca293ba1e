(component
  (import "acme:store/store@1.0.0" (instance $store (export "get" (func (param "key" string) (result string)))))
  (export "acme:store/store@1.0.0" (instance $store))
  (export "acme:store/store@1.0.1" (instance $store)))
