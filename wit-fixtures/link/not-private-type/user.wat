(component
  (import "t:shelf/store" (instance $store
    (export "shelf" (type $shelf (sub resource)))))
  (alias export $store "shelf" (type $shelf))
  (component $pass
    (import "import-type-shelf" (type $shelf (sub resource)))
    (export "shelf" (type $shelf)))
  (instance $sales (instantiate $pass (with "import-type-shelf" (type $shelf))))
  (export "t:shelf/sales" (instance $sales)))
