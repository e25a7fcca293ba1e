(component
  (type $size u32)
  (export "size" (type $size))
  (export "length" (type $size)))
