;; Hands on the interface that it imports, with its resource.
(component
  (import "t:shelf/store" (instance $store
    (export "shelf" (type (sub resource)))))
  (export "t:shelf/store" (instance $store)))
