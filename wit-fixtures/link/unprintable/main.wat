(component
  (import "charge" (instance
    (type $definition (record (field "cents" u32)))
    (export "amount" (type $amount (eq $definition)))
    (export "pay" (func (param "amount" $amount)))))
)
