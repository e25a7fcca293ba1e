(component
  (core module $m (func (export "f")))
  (core instance $i (instantiate $m))
  (func $helper (canon lift (core func $i "f")))
  (type $r (resource (rep i32)))
  (export "r" (type $r))
  (export "helper" (func $helper)))
