;; As the draft has it.
(component
  (type $config (instance
    (type (variant (case "upstream" string) (case "io" string)))
    (export "error" (type $error (eq 0)))
    (type (option string))
    (type (result 2 (error $error)))
    (type (func (param "key" string) (result 3)))
    (export "get" (func (type 4)))))
  (import "wasi:config/store@0.2.0-rc.1" (instance (type $config)))
  (core module $m (func (export "run")))
  (core instance $i (instantiate $m))
  (func (export "run") (canon lift (core func $i "run"))))
