(component
  (import "x:x/x" (instance $X
    (type $t_ (enum "a" "b")) (export "t" (type $t (eq $t_)))
    (type $o_ (record (field "a" $t))) (export "o" (type $o (eq $o_)))
    (export "f" (func (param "x" $o)))))
  (alias export $X "o" (type $o)) (alias export $X "t" (type $t)) (alias export $X "f" (func $f)) (instance $Y (export "f" (func $f)) (export "t" (type $t)) (export "o" (type $o))) (export "e:e/e" (instance $Y)))
