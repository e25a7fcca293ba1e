(component
  (type $charge (instance
    (type $amount-definition (record (field "cents" u32)))
    (export "amount" (type $amount (eq $amount-definition)))
    (type $pay (func (param "amount" $amount)))
    (export "pay" (func (type $pay)))))
  (import "backup" (implements "demo:parts/charge") (instance $backup (type $charge)))
  (import "demo:parts/charge" (instance $main (type $charge)))
  (alias export $main "amount" (type $amount))
  (export "charge" (instance $main)))
