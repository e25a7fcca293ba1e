;; Takes memory, and computes for ever: what the limits of a deployment are for.
(component
  (core module $module
    (memory (export "memory") 1)
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "forever") (loop $again (br $again))))
  (core instance $instance (instantiate $module))
  (func (export "grow") (param "pages" u32) (result s32) (canon lift (core func $instance "grow")))
  (func (export "forever") (canon lift (core func $instance "forever"))))
