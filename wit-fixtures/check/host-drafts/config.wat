;; A value is a number here, and text in the draft.
(component
  (import "wasi:config/store@0.2.0-rc.1" (instance (export "get" (func (param "key" string) (result u32)))))
  (core module $m (func (export "run")))
  (core instance $i (instantiate $m))
  (func (export "run") (canon lift (core func $i "run"))))
