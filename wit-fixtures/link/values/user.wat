(component
  (import "greeting" (value $greeting string))
  (export "told" (value $greeting)))
