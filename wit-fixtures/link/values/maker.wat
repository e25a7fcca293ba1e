(component
  (import "text" (value $text string))
  (export "greeting" (value $text)))
