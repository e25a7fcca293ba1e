;; The payment processor: checks a payment, then asks the gateway to charge it.
;;
;; World `processor`: exports company:payments/processor, imports company:gateway/charge.
;; Amounts over the limit are declined before any gateway hears of them.

(module $processor
  ;; charge(request: charge-request) -> result<transaction-id, charge-error>
  ;; A record is passed field by field, a string as address and length; the result is written to the last address.
  (import "company:gateway/charge" "charge"
    (func $charge
      (param $amount i64)
      (param $currency i32) (param $currency_length i32)
      (param $customer i32) (param $customer_length i32)
      (param $result i32)))

  ;; ---- Layout of the memory -----------------------------------------------------------------------------------------
  ;;
  ;; 0x0010  the digit that $append_number is writing
  ;; 0x0100  texts
  ;; 0x0800  result of a charge: tag (0 ok, 1 error) at +0; the id at +4, or the error's tag at +4 and its text at +8
  ;; 0x0900  result of a payment: tag at +0, text at +4
  ;; 0x1000  arena, to the end of the memory

  (memory (export "memory") 1 256) ;; 64 KiB, and up to 16 MiB
  (global $digit i32 (i32.const 0x0010))
  (global $charge_result i32 (i32.const 0x0800))
  (global $payment_result i32 (i32.const 0x0900))
  (global $arena i32 (i32.const 0x1000))

  (data (i32.const 0x0100) "the amount must be positive")
  (func $no_amount (result i32 i32) (i32.const 0x0100) (i32.const 27))
  (data (i32.const 0x0120) "the currency is missing")
  (func $no_currency (result i32 i32) (i32.const 0x0120) (i32.const 23))
  (data (i32.const 0x0140) "the customer is missing")
  (func $no_customer (result i32 i32) (i32.const 0x0140) (i32.const 23))
  (data (i32.const 0x0160) " is over the limit of ")
  (func $is_over_the_limit_of (result i32 i32) (i32.const 0x0160) (i32.const 22))

  (global $limit i64 (i64.const 1000000))

  ;; The cases of payment-result and charge-error, in the order of the WIT.
  (global $success i32 (i32.const 0))
  (global $declined i32 (i32.const 1))
  (global $error i32 (i32.const 2))
  (global $unreachable i32 (i32.const 0))

  ;; ---- The export ---------------------------------------------------------------------------------------------------

  (func $process (export "company:payments/processor#process")
    (param $amount i64)
    (param $currency i32) (param $currency_length i32)
    (param $customer i32) (param $customer_length i32)
    (result i32)

    (if (i64.eqz (local.get $amount))
      (then (return (call $answer (global.get $error) (call $no_amount)))))
    (if (i32.eqz (local.get $currency_length))
      (then (return (call $answer (global.get $error) (call $no_currency)))))
    (if (i32.eqz (local.get $customer_length))
      (then (return (call $answer (global.get $error) (call $no_customer)))))
    (if (i64.gt_u (local.get $amount) (global.get $limit))
      (then (return (call $answer (global.get $declined) (call $over_the_limit (local.get $amount))))))

    (call $charge
      (local.get $amount)
      (local.get $currency) (local.get $currency_length)
      (local.get $customer) (local.get $customer_length)
      (global.get $charge_result))
    (call $answer_of_the_gateway))

  ;; The caller has read the answer: everything that this call has allocated is free again.
  (func (export "cabi_post_company:payments/processor#process") (param $answer i32)
    (global.set $arena_end (global.get $arena)))

  ;; Turns the result of the charge into the result of the payment. The texts stay where the gateway's answer was put.
  (func $answer_of_the_gateway (result i32)
    (local $error_case i32)
    (if (i32.eqz (i32.load8_u (global.get $charge_result)))
      (then
        (return (call $answer
          (global.get $success)
          (i32.load offset=4 (global.get $charge_result))
          (i32.load offset=8 (global.get $charge_result))))))
    (local.set $error_case (i32.load8_u offset=4 (global.get $charge_result)))
    (call $answer
      (select
        (global.get $error)
        (global.get $declined)
        (i32.eq (local.get $error_case) (global.get $unreachable)))
      (i32.load offset=8 (global.get $charge_result))
      (i32.load offset=12 (global.get $charge_result))))

  ;; Writes a payment-result and returns its address.
  (func $answer (param $case i32) (param $text i32) (param $length i32) (result i32)
    (i32.store8 (global.get $payment_result) (local.get $case))
    (i32.store offset=4 (global.get $payment_result) (local.get $text))
    (i32.store offset=8 (global.get $payment_result) (local.get $length))
    (global.get $payment_result))

  ;; "2000000 is over the limit of 1000000"
  (func $over_the_limit (param $amount i64) (result i32 i32)
    (call $start_text)
    (call $append_number (local.get $amount))
    (call $append (call $is_over_the_limit_of))
    (call $append_number (global.get $limit))
    (global.get $text) (global.get $text_length))

  ;; ---- Writing text -------------------------------------------------------------------------------------------------
  ;;
  ;; One text at a time: $start_text begins it, $append lengthens it, moving it when it outgrows its room.

  (global $text (mut i32) (i32.const 0))
  (global $text_length (mut i32) (i32.const 0))
  (global $text_room (mut i32) (i32.const 0))

  (func $start_text
    (global.set $text (i32.const 0))
    (global.set $text_length (i32.const 0))
    (global.set $text_room (i32.const 0)))

  (func $append (param $from i32) (param $length i32)
    (local $new_length i32)
    (local $new_room i32)
    (local.set $new_length (i32.add (global.get $text_length) (local.get $length)))
    (if (i32.gt_u (local.get $new_length) (global.get $text_room))
      (then
        ;; Twice what is needed, so that many small pieces do not move the text each time.
        (local.set $new_room (i32.shl (local.get $new_length) (i32.const 1)))
        (global.set $text
          (call $cabi_realloc (global.get $text) (global.get $text_room) (i32.const 1) (local.get $new_room)))
        (global.set $text_room (local.get $new_room))))
    (memory.copy
      (i32.add (global.get $text) (global.get $text_length))
      (local.get $from)
      (local.get $length))
    (global.set $text_length (local.get $new_length)))

  ;; In decimal: first all digits but the last, then the last.
  (func $append_number (param $number i64)
    (if (i64.ge_u (local.get $number) (i64.const 10))
      (then (call $append_number (i64.div_u (local.get $number) (i64.const 10)))))
    (i64.store8 (global.get $digit) (i64.add (i64.const 48) (i64.rem_u (local.get $number) (i64.const 10))))
    (call $append (global.get $digit) (i32.const 1)))

  ;; ---- Memory -------------------------------------------------------------------------------------------------------
  ;;
  ;; What one call allocates is given back at once when the call is over, so the allocator only ever moves forward.

  (global $arena_end (mut i32) (i32.const 0x1000))

  (func $cabi_realloc (export "cabi_realloc")
    (param $old i32) (param $old_size i32) (param $alignment i32) (param $new_size i32)
    (result i32)
    (local $new i32)
    ;; Up to the next multiple of the alignment, which is a power of two.
    (local.set $new
      (i32.and
        (i32.add (global.get $arena_end) (i32.sub (local.get $alignment) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $alignment))))
    (call $reach (i64.add (i64.extend_i32_u (local.get $new)) (i64.extend_i32_u (local.get $new_size))))
    (global.set $arena_end (i32.add (local.get $new) (local.get $new_size)))
    (memory.copy
      (local.get $new)
      (local.get $old)
      (select
        (local.get $old_size)
        (local.get $new_size)
        (i32.lt_u (local.get $old_size) (local.get $new_size))))
    (local.get $new))

  ;; Makes the memory reach to the address $end, in 64 bits since it may be past the last one; traps if it cannot grow.
  (func $reach (param $end i64)
    (local $pages i32)
    (local.set $pages (i32.wrap_i64 (i64.shr_u (i64.add (local.get $end) (i64.const 0xffff)) (i64.const 16))))
    (if (i32.gt_u (local.get $pages) (memory.size))
      (then
        (if (i32.eq (i32.const -1) (memory.grow (i32.sub (local.get $pages) (memory.size))))
          (then (unreachable))))))
)
