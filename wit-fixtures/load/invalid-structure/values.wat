(component
  (import "amount" (value string)))
