(component
  (export "add" (func 3)))
