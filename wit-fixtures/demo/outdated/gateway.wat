;; A gateway of the time when amounts had 32 bits. It is never linked, so that it need not do anything.
;;
;; World `gateway`: exports company:gateway/charge, imports nothing.

(module $gateway
  (memory (export "memory") 1)
  (func (export "company:gateway/charge#charge")
    (param $amount i32)
    (param $currency i32) (param $currency_length i32)
    (param $customer i32) (param $customer_length i32)
    (result i32)
    unreachable)
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    unreachable))
