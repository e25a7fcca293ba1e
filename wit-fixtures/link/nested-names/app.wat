(component
  (import "demo:shop:parts/till@0.2.0" (instance $till (export "open" (func))))
  (import "demo:shop/parts/till@0.2.0" (instance))
  (export "open" (func $till "open")))
