(component
  (component $c
    (core module $m (func (export "f")))
    (core instance $i (instantiate $m))
    (func (export "f") (canon lift (core func $i "f"))))
  (instance $"$(touch pwned)" (instantiate $c))
  (instance $"it's one" (instantiate $c))
  (export "a" (func $"$(touch pwned)" "f"))
  (export "b" (func $"it's one" "f")))
