(component (import "r" (type $r (sub resource))) (instance $x (export "r" (type $r))) (export "q:q/bb" (instance $x)))
