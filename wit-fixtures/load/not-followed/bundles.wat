(component
  (import "t:a/x" (instance $x (export "f" (func))))
  (component $user
    (import "t:a/y" (instance (export "f" (func))))
    (import "deep" (instance (export "inner" (instance (export "f" (func)))))))
  (instance $inner (export "f" (func $x "f")))
  (instance $deep (export "inner" (instance $inner)))
  (instance $user (instantiate $user (with "t:a/y" (instance $inner)) (with "deep" (instance $deep)))))
