;; A gateway that needs no network: it approves euros and dollars and refuses the rest.
;;
;; World `mock-gateway`: exports company:gateway/charge, imports nothing.

(module $mock-gateway
  ;; ---- Layout of the memory -----------------------------------------------------------------------------------------
  ;;
  ;; 0x0010  the digit that $append_number is writing
  ;; 0x0100  texts
  ;; 0x0800  result of a charge: tag (0 ok, 1 error) at +0; the id at +4, or the error's tag at +4 and its text at +8
  ;; 0x1000  arena, to the end of the memory

  (memory (export "memory") 1 256) ;; 64 KiB, and up to 16 MiB
  (global $digit i32 (i32.const 0x0010))
  (global $charge_result i32 (i32.const 0x0800))
  (global $arena i32 (i32.const 0x1000))

  (data (i32.const 0x0100) "EUR")
  (func $euro (result i32 i32) (i32.const 0x0100) (i32.const 3))
  (data (i32.const 0x0104) "USD")
  (func $dollar (result i32 i32) (i32.const 0x0104) (i32.const 3))
  (data (i32.const 0x0110) "mock-")
  (func $mock (result i32 i32) (i32.const 0x0110) (i32.const 5))
  (data (i32.const 0x0118) "-")
  (func $dash (result i32 i32) (i32.const 0x0118) (i32.const 1))
  (data (i32.const 0x0120) "the mock gateway does not charge in ")
  (func $does_not_charge_in (result i32 i32) (i32.const 0x0120) (i32.const 36))

  ;; The case of charge-error that is needed here, by its place in the WIT.
  (global $refused i32 (i32.const 1))

  ;; ---- The export ---------------------------------------------------------------------------------------------------

  ;; charge(request: charge-request) -> result<transaction-id, charge-error>
  (func $charge (export "company:gateway/charge#charge")
    (param $amount i64)
    (param $currency i32) (param $currency_length i32)
    (param $customer i32) (param $customer_length i32)
    (result i32)
    (call $start_text)
    (if (call $accepts (local.get $currency) (local.get $currency_length))
      (then
        ;; "mock-alice-250-EUR"
        (call $append (call $mock))
        (call $append (local.get $customer) (local.get $customer_length))
        (call $append (call $dash))
        (call $append_number (local.get $amount))
        (call $append (call $dash))
        (call $append (local.get $currency) (local.get $currency_length))
        (return (call $ok (global.get $text) (global.get $text_length)))))
    (call $append (call $does_not_charge_in))
    (call $append (local.get $currency) (local.get $currency_length))
    (call $error (global.get $refused) (global.get $text) (global.get $text_length)))

  ;; The caller has read the result: everything that this call has allocated is free again.
  (func (export "cabi_post_company:gateway/charge#charge") (param $result i32)
    (global.set $arena_end (global.get $arena)))

  (func $accepts (param $currency i32) (param $length i32) (result i32)
    (i32.or
      (call $same (local.get $currency) (local.get $length) (call $euro))
      (call $same (local.get $currency) (local.get $length) (call $dollar))))

  ;; Writes a result<transaction-id, charge-error> and returns its address.
  (func $ok (param $id i32) (param $length i32) (result i32)
    (i32.store8 (global.get $charge_result) (i32.const 0))
    (i32.store offset=4 (global.get $charge_result) (local.get $id))
    (i32.store offset=8 (global.get $charge_result) (local.get $length))
    (global.get $charge_result))

  (func $error (param $case i32) (param $text i32) (param $length i32) (result i32)
    (i32.store8 (global.get $charge_result) (i32.const 1))
    (i32.store8 offset=4 (global.get $charge_result) (local.get $case))
    (i32.store offset=8 (global.get $charge_result) (local.get $text))
    (i32.store offset=12 (global.get $charge_result) (local.get $length))
    (global.get $charge_result))

  ;; ---- Reading text -------------------------------------------------------------------------------------------------

  (func $same (param $one i32) (param $one_length i32) (param $other i32) (param $other_length i32) (result i32)
    (local $at i32)
    (if (i32.ne (local.get $one_length) (local.get $other_length))
      (then (return (i32.const 0))))
    (loop $next_byte
      (if (i32.eq (local.get $at) (local.get $one_length))
        (then (return (i32.const 1))))
      (if
        (i32.eq
          (i32.load8_u (i32.add (local.get $one) (local.get $at)))
          (i32.load8_u (i32.add (local.get $other) (local.get $at))))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $next_byte))))
    (i32.const 0))

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
