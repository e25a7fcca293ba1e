(component (import "s" (type $s (sub resource))) (import "q:q/bb" (instance (export "r" (type (eq $s))))) (import "z:z/z" (instance $z (export "f" (func)))) (export "y:y/y" (instance $z)))
