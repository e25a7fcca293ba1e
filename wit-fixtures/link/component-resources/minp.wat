(component
  (component $c (type $t (resource (rep i32))) (export "r" (type $t)))
  (export "c" (component $c))
)
