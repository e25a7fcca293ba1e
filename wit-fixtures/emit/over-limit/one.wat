;; Half a million types, counted as engines do: each as often as it is named.
(component
  (type $t1 (tuple u8 u8 u8 u8 u8 u8 u8 u8 u8 u8))
  (type $t2 (tuple $t1 $t1 $t1 $t1 $t1 $t1 $t1 $t1 $t1 $t1))
  (type $t3 (tuple $t2 $t2 $t2 $t2 $t2 $t2 $t2 $t2 $t2 $t2))
  (type $t4 (tuple $t3 $t3 $t3 $t3 $t3 $t3 $t3 $t3 $t3 $t3))
  (type $t5 (tuple $t4 $t4 $t4 $t4 $t4 $t4 $t4 $t4 $t4 $t4))
  (type $many (tuple $t5 $t5 $t5 $t5 $t5))
  (import "one" (func (param "all" $many)))
  (type $kind u8)
  (export "kind-of-one" (type $kind))
)
