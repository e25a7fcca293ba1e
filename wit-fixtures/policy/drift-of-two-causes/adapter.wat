(component
(import "h:h/net@0.2.0" (instance $h0 (export "f" (func)))) (core func $h0 (canon lower (func $h0 "f")))
(core module $m (import "" "h0" (func $h0)) (func (export "f") call $h0 ))
(core instance $i (instantiate $m (with "" (instance (export "h0" (func $h0))))))
(func $f (canon lift (core func $i "f"))) (instance $e (export "f" (func $f)))
(export "x:y/a@0.2.0" (instance $e)))