(component
  (type $charge (instance
    (type $definition (record (field "cents" u32)))
    (export "amount" (type $amount (eq $definition)))
    (export "pay" (func (param "amount" $amount)))))
  (import "backup" (implements "wasi:demo/charge") (instance $backup (type $charge)))
  (import "wasi:demo/charge" (instance $main (type $charge)))
  (alias export $main "amount" (type $amount))
  (export "charge" (instance $main))
)
