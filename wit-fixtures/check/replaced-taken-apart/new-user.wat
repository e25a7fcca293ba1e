(component (import "f" (func $f (result f32))) (export "g" (func $f)))
