(component
  (core module)
