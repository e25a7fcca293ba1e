(component (import "greeting" (value string)))
