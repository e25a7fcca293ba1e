(component
  (import "acme:stock/reader" (instance $peer (export "count" (func))))
  (alias export $peer "count" (func $count))
  (core func $count (canon lower (func $count)))
  (core module $code (import "peer" "count" (func $count)) (func (export "run") (call $count)))
  (core instance $peer (export "count" (func $count)))
  (core instance $main (instantiate $code (with "peer" (instance $peer))))
  (func $run (canon lift (core func $main "run")))
  (export "run" (func $run)))
