(component
  (type $shelf (resource (rep i32)))
  (instance $store (export "shelf" (type $shelf)))
  (export "t:shelf/store" (instance $store)))
