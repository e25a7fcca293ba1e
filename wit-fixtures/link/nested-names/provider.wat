(component
  (core module $m (func (export "open")))
  (core instance $m (instantiate $m))
  (func $open (canon lift (core func $m "open")))
  (instance $till (export "open" (func $open)))
  (export "demo:shop:parts/till@0.2.3" (instance $till))
  (export "demo:shop/parts/till@0.2.0" (instance $till)))
