;; Stands between a processor and its gateway, and writes a line to standard error for each charge.
;;
;; World `audit-log`: imports and exports company:gateway/charge, imports wasi:cli/stderr. What the gateway answers is
;; handed on as it is.

(module $audit-log
  ;; ---- Imports ------------------------------------------------------------------------------------------------------

  (import "company:gateway/charge" "charge"
    (func $charge
      (param $amount i64)
      (param $currency i32) (param $currency_length i32)
      (param $customer i32) (param $customer_length i32)
      (param $result i32)))

  (import "wasi:cli/stderr@0.2.12" "get-stderr"
    (func $get_stderr (result i32)))
  (import "wasi:io/streams@0.2.12" "[method]output-stream.blocking-write-and-flush"
    (func $blocking_write (param $stream i32) (param $bytes i32) (param $length i32) (param $returned i32)))
  (import "wasi:io/streams@0.2.12" "[resource-drop]output-stream"
    (func $drop_output (param $stream i32)))
  (import "wasi:io/error@0.2.12" "[resource-drop]error"
    (func $drop_error (param $error i32)))

  ;; ---- Layout of the memory -----------------------------------------------------------------------------------------
  ;;
  ;; 0x0010  the digit that $append_number is writing
  ;; 0x0100  texts
  ;; 0x0800  result of a charge: tag (0 ok, 1 error) at +0; the id at +4, or the error's tag at +4 and its text at +8
  ;; 0x0900  what a stream has returned
  ;; 0x1000  arena, to the end of the memory

  (memory (export "memory") 1 256) ;; 64 KiB, and up to 16 MiB
  (global $digit i32 (i32.const 0x0010))
  (global $charge_result i32 (i32.const 0x0800))
  (global $returned i32 (i32.const 0x0900))
  (global $arena i32 (i32.const 0x1000))

  (data (i32.const 0x0100) "audit: charge ")
  (func $audit_charge (result i32 i32) (i32.const 0x0100) (i32.const 14))
  (data (i32.const 0x0110) " ")
  (func $space (result i32 i32) (i32.const 0x0110) (i32.const 1))
  (data (i32.const 0x0118) " for ")
  (func $for (result i32 i32) (i32.const 0x0118) (i32.const 5))
  (data (i32.const 0x0120) ": approved: ")
  (func $approved (result i32 i32) (i32.const 0x0120) (i32.const 12))
  (data (i32.const 0x0130) ": unreachable: ")
  (func $unreachable (result i32 i32) (i32.const 0x0130) (i32.const 15))
  (data (i32.const 0x0140) ": refused: ")
  (func $refused (result i32 i32) (i32.const 0x0140) (i32.const 11))
  (data (i32.const 0x0150) "\n")
  (func $line_end (result i32 i32) (i32.const 0x0150) (i32.const 1))

  ;; ---- The export ---------------------------------------------------------------------------------------------------

  ;; charge(request: charge-request) -> result<transaction-id, charge-error>
  (func $audited_charge (export "company:gateway/charge#charge")
    (param $amount i64)
    (param $currency i32) (param $currency_length i32)
    (param $customer i32) (param $customer_length i32)
    (result i32)
    (call $charge
      (local.get $amount)
      (local.get $currency) (local.get $currency_length)
      (local.get $customer) (local.get $customer_length)
      (global.get $charge_result))
    (call $write_line
      (local.get $amount)
      (local.get $currency) (local.get $currency_length)
      (local.get $customer) (local.get $customer_length))
    (global.get $charge_result))

  ;; The caller has read the result: everything that this call has allocated is free again.
  (func (export "cabi_post_company:gateway/charge#charge") (param $result i32)
    (global.set $arena_end (global.get $arena)))

  ;; "audit: charge 250 EUR for alice: approved: mock-alice-250-EUR"
  (func $write_line
    (param $amount i64)
    (param $currency i32) (param $currency_length i32)
    (param $customer i32) (param $customer_length i32)
    (local $stderr i32)
    (call $start_text)
    (call $append (call $audit_charge))
    (call $append_number (local.get $amount))
    (call $append (call $space))
    (call $append (local.get $currency) (local.get $currency_length))
    (call $append (call $for))
    (call $append (local.get $customer) (local.get $customer_length))
    (call $append_result)
    ;; A customer named "alice\naudit: ..." must not be able to write lines of its own.
    (call $make_printable (global.get $text) (global.get $text_length))
    (call $append (call $line_end))

    (local.set $stderr (call $get_stderr))
    (call $write_text (local.get $stderr))
    (call $drop_output (local.get $stderr)))

  (func $append_result
    (if (i32.eqz (i32.load8_u (global.get $charge_result)))
      (then
        (call $append (call $approved))
        (call $append
          (i32.load offset=4 (global.get $charge_result))
          (i32.load offset=8 (global.get $charge_result)))
        (return)))
    (if (i32.load8_u offset=4 (global.get $charge_result))
      (then (call $append (call $refused)))
      (else (call $append (call $unreachable))))
    (call $append
      (i32.load offset=8 (global.get $charge_result))
      (i32.load offset=12 (global.get $charge_result))))

  ;; ---- Reading text -------------------------------------------------------------------------------------------------

  (func $between (param $byte i32) (param $first i32) (param $last i32) (result i32)
    (i32.le_u
      (i32.sub (local.get $byte) (local.get $first))
      (i32.sub (local.get $last) (local.get $first))))

  ;; Puts `?` for each byte that is not printable ASCII. The text comes from outside: it may not be valid UTF-8, and it
  ;; may hold line ends or terminal escapes that would make it look like something else.
  (func $make_printable (param $text i32) (param $length i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $text) (local.get $length)))
    (block $done
      (loop $next_byte
        (br_if $done (i32.eq (local.get $text) (local.get $end)))
        (if (i32.eqz (call $between (i32.load8_u (local.get $text)) (i32.const 0x20) (i32.const 0x7e)))
          (then (i32.store8 (local.get $text) (i32.const 63))))
        (local.set $text (i32.add (local.get $text) (i32.const 1)))
        (br $next_byte))))

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

  ;; Writes the text to a stream. A failure has no one to be told to, but its handle is given back.
  (func $write_text (param $stream i32)
    (local $from i32)
    (local $left i32)
    (local $piece i32)
    (local.set $from (global.get $text))
    (local.set $left (global.get $text_length))
    (block $done
      (loop $next_piece
        (br_if $done (i32.eqz (local.get $left)))
        ;; One call takes 4096 bytes at most.
        (local.set $piece
          (select (local.get $left) (i32.const 4096) (i32.lt_u (local.get $left) (i32.const 4096))))
        (call $blocking_write (local.get $stream) (local.get $from) (local.get $piece) (global.get $returned))
        (if (i32.load8_u (global.get $returned))
          (then
            ;; stream-error: 0 is last-operation-failed(error), 1 is closed
            (if (i32.eqz (i32.load8_u offset=4 (global.get $returned)))
              (then (call $drop_error (i32.load offset=8 (global.get $returned)))))
            (br $done)))
        (local.set $from (i32.add (local.get $from) (local.get $piece)))
        (local.set $left (i32.sub (local.get $left) (local.get $piece)))
        (br $next_piece))))

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
