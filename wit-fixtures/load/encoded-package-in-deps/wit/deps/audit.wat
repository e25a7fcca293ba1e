(component
  (type (component
    (export "shop:audit/log" (instance (export "write" (func (param "text" string)))))
  ))
  (export "log" (type 0))
)
