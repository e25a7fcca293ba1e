(component
  (import "acme:shop/sell" (instance $peer (export "sell" (func))))
  (alias export $peer "sell" (func $sell))
  (core func $sell (canon lower (func $sell)))
  (core module $code (import "peer" "sell" (func $sell)) (func (export "run") (call $sell)))
  (core instance $peer (export "sell" (func $sell)))
  (core instance $main (instantiate $code (with "peer" (instance $peer))))
  (func $run (canon lift (core func $main "run")))
  (export "run" (func $run)))
