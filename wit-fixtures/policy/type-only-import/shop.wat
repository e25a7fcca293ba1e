(component
  (import "wasi:filesystem/types@0.2.12" (instance $files
    (export "descriptor" (type $descriptor (sub resource))))))
