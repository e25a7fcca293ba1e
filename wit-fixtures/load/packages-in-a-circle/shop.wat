(component
  (import "demo:shop/types" (instance $types
    (export "cart" (type (sub resource)))))
  (alias export $types "cart" (type $cart))
  (import "demo:bank/charge" (instance $charge
    (alias outer 1 $cart (type $used))
    (export "cart" (type (eq $used)))))
  (alias export $charge "cart" (type $charged))
  (import "demo:shop/shipping" (instance
    (alias outer 1 $charged (type $used))
    (export "cart" (type (eq $used))))))
