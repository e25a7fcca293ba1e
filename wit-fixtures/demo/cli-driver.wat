;; The shop's command: `pay 250 EUR alice` pays once, more arguments in threes pay more often, none the same as these.
;;
;; World `cli-driver`: exports wasi:cli/run, imports company:payments/processor. One line on standard output for each
;; payment; the command fails only if it does not understand its arguments.

(module $cli-driver
  ;; ---- Imports ------------------------------------------------------------------------------------------------------

  ;; process(req: payment-request) -> payment-result
  ;; A record is passed field by field, a string as address and length; the result is written to the last address.
  (import "company:payments/processor" "process"
    (func $process
      (param $amount i64)
      (param $currency i32) (param $currency_length i32)
      (param $customer i32) (param $customer_length i32)
      (param $result i32)))

  (import "wasi:cli/environment@0.2.12" "get-arguments"
    (func $get_arguments (param $returned i32)))
  (import "wasi:cli/stdout@0.2.12" "get-stdout"
    (func $get_stdout (result i32)))
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
  ;; 0x0100  texts
  ;; 0x0800  what an import has returned
  ;; 0x0900  result of a payment: tag at +0, text at +4
  ;; 0x1000  arena, to the end of the memory

  (memory (export "memory") 1 256) ;; 64 KiB, and up to 16 MiB
  (global $returned i32 (i32.const 0x0800))
  (global $payment_result i32 (i32.const 0x0900))

  (data (i32.const 0x0100) "success: ")
  (func $success (result i32 i32) (i32.const 0x0100) (i32.const 9))
  (data (i32.const 0x0110) "declined: ")
  (func $declined (result i32 i32) (i32.const 0x0110) (i32.const 10))
  (data (i32.const 0x0120) "error: ")
  (func $error (result i32 i32) (i32.const 0x0120) (i32.const 7))
  (data (i32.const 0x0128) "\n")
  (func $line_end (result i32 i32) (i32.const 0x0128) (i32.const 1))
  (data (i32.const 0x0130) "EUR")
  (func $euro (result i32 i32) (i32.const 0x0130) (i32.const 3))
  (data (i32.const 0x0138) "alice")
  (func $alice (result i32 i32) (i32.const 0x0138) (i32.const 5))
  (data (i32.const 0x0140) "usage: pay [AMOUNT CURRENCY CUSTOMER]...\n")
  (func $usage (result i32 i32) (i32.const 0x0140) (i32.const 41))

  ;; ---- The export ---------------------------------------------------------------------------------------------------

  ;; run() -> result, where 0 is ok and 1 is an error
  (func $run (export "wasi:cli/run@0.2.12#run") (result i32)
    (local $argument i32)
    (local $end i32)
    (local $count i32)
    ;; list<string>: two words for each argument
    (call $get_arguments (global.get $returned))
    (local.set $argument (i32.load (global.get $returned)))
    (local.set $count (i32.load offset=4 (global.get $returned)))
    (local.set $end (i32.add (local.get $argument) (i32.shl (local.get $count) (i32.const 3))))

    (if (i32.le_u (local.get $count) (i32.const 1))
      (then
        (call $pay (i64.const 250) (call $euro) (call $alice))
        (return (i32.const 0))))
    ;; The first is the name of the program.
    (if (i32.ne (i32.rem_u (local.get $count) (i32.const 3)) (i32.const 1))
      (then (return (call $say_usage))))
    (local.set $argument (i32.add (local.get $argument) (i32.const 8)))
    (loop $next_payment
      (if (i32.eqz (call $pay_as_asked (local.get $argument)))
        (then (return (call $say_usage))))
      (local.set $argument (i32.add (local.get $argument) (i32.const 24)))
      (br_if $next_payment (i32.ne (local.get $argument) (local.get $end))))
    (i32.const 0))

  ;; One payment of the three arguments from here on. Returns whether they can be understood.
  (func $pay_as_asked (param $argument i32) (result i32)
    (local $amount i64)
    (local $is_number i32)
    (call $number (i32.load (local.get $argument)) (i32.load offset=4 (local.get $argument)))
    (local.set $is_number)
    (local.set $amount)
    (if (i32.eqz (local.get $is_number))
      (then (return (i32.const 0))))
    (call $pay
      (local.get $amount)
      (i32.load offset=8 (local.get $argument)) (i32.load offset=12 (local.get $argument))
      (i32.load offset=16 (local.get $argument)) (i32.load offset=20 (local.get $argument)))
    (i32.const 1))

  ;; Pays, and prints "success: mock-alice-250-EUR", "declined: ..." or "error: ...".
  (func $pay
    (param $amount i64)
    (param $currency i32) (param $currency_length i32)
    (param $customer i32) (param $customer_length i32)
    (local $stdout i32)
    (call $process
      (local.get $amount)
      (local.get $currency) (local.get $currency_length)
      (local.get $customer) (local.get $customer_length)
      (global.get $payment_result))
    (call $start_text)
    (call $append (call $name_of_case (i32.load8_u (global.get $payment_result))))
    (call $append
      (i32.load offset=4 (global.get $payment_result))
      (i32.load offset=8 (global.get $payment_result)))
    (call $append (call $line_end))
    (local.set $stdout (call $get_stdout))
    (call $write_text (local.get $stdout))
    (call $drop_output (local.get $stdout)))

  ;; The cases of payment-result, in the order of the WIT.
  (func $name_of_case (param $case i32) (result i32 i32)
    (block $is_error
      (block $is_declined
        (block $is_success
          (br_table $is_success $is_declined $is_error (local.get $case)))
        (return (call $success)))
      (return (call $declined)))
    (call $error))

  (func $say_usage (result i32)
    (local $stderr i32)
    (call $start_text)
    (call $append (call $usage))
    (local.set $stderr (call $get_stderr))
    (call $write_text (local.get $stderr))
    (call $drop_output (local.get $stderr))
    (i32.const 1))

  ;; ---- Reading text -------------------------------------------------------------------------------------------------

  (func $between (param $byte i32) (param $first i32) (param $last i32) (result i32)
    (i32.le_u
      (i32.sub (local.get $byte) (local.get $first))
      (i32.sub (local.get $last) (local.get $first))))

  ;; Reads a number of up to 18 decimal digits, which always fits. Returns it, and whether it is one.
  (func $number (param $from i32) (param $length i32) (result i64 i32)
    (local $end i32)
    (local $number i64)
    (if (i32.eqz (call $between (local.get $length) (i32.const 1) (i32.const 18)))
      (then (return (i64.const 0) (i32.const 0))))
    (local.set $end (i32.add (local.get $from) (local.get $length)))
    (loop $next_digit
      (if (i32.eqz (call $between (i32.load8_u (local.get $from)) (i32.const 48) (i32.const 57)))
        (then (return (i64.const 0) (i32.const 0))))
      (local.set $number
        (i64.add
          (i64.mul (local.get $number) (i64.const 10))
          (i64.sub (i64.load8_u (local.get $from)) (i64.const 48))))
      (local.set $from (i32.add (local.get $from) (i32.const 1)))
      (br_if $next_digit (i32.ne (local.get $from) (local.get $end))))
    (local.get $number) (i32.const 1))

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
