(component
  (component $c
    (core module $m (func (export "f")))
    (core instance $i (instantiate $m))
    (func (export "f") (canon lift (core func $i "f"))))
  (instance $"plain" (instantiate $c))
  (instance $"`id`" (instantiate $c))
  (export "a" (func $"plain" "f"))
  (export "b" (func $"`id`" "f")))
