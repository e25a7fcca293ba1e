(component
  (import "shop:stock/prices" (instance $prices (export "price" (func (result u32)))))
  (alias export $prices "price" (func $price))
  (core func $price (canon lower (func $price)))
  (core module $m
    (import "x" "price" (func $price (result i32)))
    (func (export "sell") (result i32) (call $price)))
  (core instance $x (export "price" (func $price)))
  (core instance $i (instantiate $m (with "x" (instance $x))))
  (func (export "sell") (result u32) (canon lift (core func $i "sell"))))
