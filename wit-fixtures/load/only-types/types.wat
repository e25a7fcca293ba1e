(component
  (type $size u32)
  (export "size" (type $size)))
