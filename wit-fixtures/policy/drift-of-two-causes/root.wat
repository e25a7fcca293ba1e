(component
(import "x:y/ua@0.2.0" (instance $h0 (export "f" (func)))) (core func $h0 (canon lower (func $h0 "f")))
(import "x:y/ub@0.2.0" (instance $h1 (export "f" (func)))) (core func $h1 (canon lower (func $h1 "f")))
(core module $m (import "" "h0" (func $h0))(import "" "h1" (func $h1)) (func (export "f") call $h0 call $h1 ))
(core instance $i (instantiate $m (with "" (instance (export "h0" (func $h0))(export "h1" (func $h1))))))
(func $f (canon lift (core func $i "f"))) (instance $e (export "f" (func $f)))
(export "x:y/root@0.2.0" (instance $e)))