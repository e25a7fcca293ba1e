(component (core module $m (func (export "f"))) (core instance $ci (instantiate $m)) (func $ff (canon lift (core func $ci "f"))) (instance $o (export "f" (func $ff))) (export "h:h/h" (instance $o)))
