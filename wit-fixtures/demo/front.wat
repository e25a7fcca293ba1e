;; The shop's HTTP server: `/pay?amount=250&currency=EUR&customer=alice` pays, and the answer is one line of text.
;;
;; World `front`: exports wasi:http/incoming-handler, imports company:payments/processor.
;;
;;   200  success: ...    400  the request makes no sense
;;   402  declined: ...   404  another path
;;   502  error: ...
;;
;; A parameter named after a resource is a handle to it.

(module $front
  ;; ---- Imports ------------------------------------------------------------------------------------------------------

  ;; process(req: payment-request) -> payment-result
  ;; A record is passed field by field, a string as address and length; the result is written to the last address.
  (import "company:payments/processor" "process"
    (func $process
      (param $amount i64)
      (param $currency i32) (param $currency_length i32)
      (param $customer i32) (param $customer_length i32)
      (param $result i32)))

  (import "wasi:http/types@0.2.12" "[method]incoming-request.path-with-query"
    (func $path_with_query (param $request i32) (param $returned i32)))
  (import "wasi:http/types@0.2.12" "[resource-drop]incoming-request"
    (func $drop_request (param $request i32)))

  (import "wasi:http/types@0.2.12" "[constructor]fields"
    (func $new_fields (result i32)))
  (import "wasi:http/types@0.2.12" "[method]fields.append"
    (func $append_field
      (param $fields i32)
      (param $name i32) (param $name_length i32)
      (param $value i32) (param $value_length i32)
      (param $returned i32)))
  (import "wasi:http/types@0.2.12" "[constructor]outgoing-response"
    (func $new_response (param $fields i32) (result i32)))
  (import "wasi:http/types@0.2.12" "[method]outgoing-response.set-status-code"
    (func $set_status (param $response i32) (param $status i32) (result i32)))
  (import "wasi:http/types@0.2.12" "[method]outgoing-response.body"
    (func $body_of_response (param $response i32) (param $returned i32)))
  ;; result<outgoing-response, error-code>: the tag, the response, and room for the parts of the longest error-code
  (import "wasi:http/types@0.2.12" "[static]response-outparam.set"
    (func $set_response
      (param $outparam i32) (param $tag i32) (param $response i32)
      (param i32 i64 i32 i32 i32 i32)))

  (import "wasi:http/types@0.2.12" "[method]outgoing-body.write"
    (func $stream_to_body (param $body i32) (param $returned i32)))
  (import "wasi:http/types@0.2.12" "[static]outgoing-body.finish"
    (func $finish_body (param $body i32) (param $some_trailers i32) (param $trailers i32) (param $returned i32)))
  (import "wasi:io/streams@0.2.12" "[method]output-stream.blocking-write-and-flush"
    (func $blocking_write (param $stream i32) (param $bytes i32) (param $length i32) (param $returned i32)))
  (import "wasi:io/streams@0.2.12" "[resource-drop]output-stream"
    (func $drop_output (param $stream i32)))
  (import "wasi:io/error@0.2.12" "[resource-drop]error"
    (func $drop_error (param $error i32)))

  ;; ---- Layout of the memory -----------------------------------------------------------------------------------------
  ;;
  ;; 0x0100  texts
  ;; 0x0800  what an import has returned, at most 40 bytes
  ;; 0x0900  result of a payment: tag at +0, text at +4
  ;; 0x1000  arena, to the end of the memory

  (memory (export "memory") 1 256) ;; 64 KiB, and up to 16 MiB
  (global $returned i32 (i32.const 0x0800))
  (global $payment_result i32 (i32.const 0x0900))
  (global $arena i32 (i32.const 0x1000))

  (data (i32.const 0x0100) "/pay")
  (func $pay (result i32 i32) (i32.const 0x0100) (i32.const 4))
  (data (i32.const 0x0108) "amount")
  (func $amount (result i32 i32) (i32.const 0x0108) (i32.const 6))
  (data (i32.const 0x0110) "currency")
  (func $currency (result i32 i32) (i32.const 0x0110) (i32.const 8))
  (data (i32.const 0x0118) "customer")
  (func $customer (result i32 i32) (i32.const 0x0118) (i32.const 8))
  (data (i32.const 0x0120) "content-type")
  (func $content_type (result i32 i32) (i32.const 0x0120) (i32.const 12))
  (data (i32.const 0x0130) "text/plain; charset=utf-8")
  (func $plain_text (result i32 i32) (i32.const 0x0130) (i32.const 25))

  (data (i32.const 0x0200) "success: ")
  (func $success (result i32 i32) (i32.const 0x0200) (i32.const 9))
  (data (i32.const 0x0210) "declined: ")
  (func $declined (result i32 i32) (i32.const 0x0210) (i32.const 10))
  (data (i32.const 0x0220) "error: ")
  (func $error (result i32 i32) (i32.const 0x0220) (i32.const 7))
  (data (i32.const 0x0228) "\n")
  (func $line_end (result i32 i32) (i32.const 0x0228) (i32.const 1))
  (data (i32.const 0x0230) "not found; ask for /pay?amount=250&currency=EUR&customer=alice")
  (func $not_found (result i32 i32) (i32.const 0x0230) (i32.const 62))
  (data (i32.const 0x0280) "bad request; ask as /pay?amount=250&currency=EUR&customer=alice")
  (func $bad_request (result i32 i32) (i32.const 0x0280) (i32.const 63))

  ;; ---- The export ---------------------------------------------------------------------------------------------------

  ;; handle(request: incoming-request, response-out: response-outparam)
  (func $handle (export "wasi:http/incoming-handler@0.2.12#handle") (param $request i32) (param $outparam i32)
    (local $path i32)
    (local $end i32)
    (local $query i32)
    ;; option<string>; a request without a path has an empty one
    (call $path_with_query (local.get $request) (global.get $returned))
    (call $drop_request (local.get $request))
    (if (i32.load8_u (global.get $returned))
      (then
        (local.set $path (i32.load offset=4 (global.get $returned)))
        (local.set $end (i32.add (local.get $path) (i32.load offset=8 (global.get $returned))))))

    (local.set $query (call $find (i32.const 63) (local.get $path) (local.get $end))) ;; `?`
    (if (call $same (local.get $path) (i32.sub (local.get $query) (local.get $path)) (call $pay))
      (then (call $answer_query (local.get $outparam) (local.get $query) (local.get $end)))
      (else (call $answer (local.get $outparam) (i32.const 404) (call $not_found) (i32.const 0) (i32.const 0))))

    ;; Nothing is returned that someone has yet to read, so everything allocated is free again.
    (global.set $arena_end (global.get $arena)))

  ;; Pays as the query from $query to $end says; answers 400 if it does not say it well.
  (func $answer_query (param $outparam i32) (param $query i32) (param $end i32)
    (local $amount i64)
    (local $is_number i32)
    (local $currency i32) (local $currency_length i32)
    (local $customer i32) (local $customer_length i32)
    (call $number (call $value (local.get $query) (local.get $end) (call $amount)))
    (local.set $is_number)
    (local.set $amount)
    (call $value (local.get $query) (local.get $end) (call $currency))
    (local.set $currency_length)
    (local.set $currency)
    (call $value (local.get $query) (local.get $end) (call $customer))
    (local.set $customer_length)
    (local.set $customer)
    (if
      (i32.and
        (local.get $is_number)
        (i32.and
          (call $is_word (local.get $currency) (local.get $currency_length))
          (call $is_word (local.get $customer) (local.get $customer_length))))
      (then
        (call $process
          (local.get $amount)
          (local.get $currency) (local.get $currency_length)
          (local.get $customer) (local.get $customer_length)
          (global.get $payment_result))
        (call $answer_payment (local.get $outparam)))
      (else (call $answer (local.get $outparam) (i32.const 400) (call $bad_request) (i32.const 0) (i32.const 0)))))

  ;; The cases of payment-result, in the order of the WIT.
  (func $answer_payment (param $outparam i32)
    (local $text i32)
    (local $length i32)
    (local.set $text (i32.load offset=4 (global.get $payment_result)))
    (local.set $length (i32.load offset=8 (global.get $payment_result)))
    (block $is_error
      (block $is_declined
        (block $is_success
          (br_table $is_success $is_declined $is_error (i32.load8_u (global.get $payment_result))))
        (return
          (call $answer (local.get $outparam) (i32.const 200) (call $success) (local.get $text) (local.get $length))))
      (return
        (call $answer (local.get $outparam) (i32.const 402) (call $declined) (local.get $text) (local.get $length))))
    (call $answer (local.get $outparam) (i32.const 502) (call $error) (local.get $text) (local.get $length)))

  ;; ---- The response -------------------------------------------------------------------------------------------------

  ;; Answers with a status and a line of two parts.
  (func $answer
    (param $outparam i32) (param $status i32)
    (param $start i32) (param $start_length i32)
    (param $rest i32) (param $rest_length i32)
    (call $start_text)
    (call $append (local.get $start) (local.get $start_length))
    (call $append (local.get $rest) (local.get $rest_length))
    (call $append (call $line_end))
    (call $send_text (local.get $outparam) (local.get $status)))

  (func $send_text (param $outparam i32) (param $status i32)
    (local $fields i32)
    (local $response i32)
    (local $body i32)
    (local $stream i32)
    (local.set $fields (call $new_fields))
    (call $append_field (local.get $fields) (call $content_type) (call $plain_text) (global.get $returned))
    (call $expect_ok (i32.load8_u (global.get $returned)))
    ;; The fields belong to the response from here on.
    (local.set $response (call $new_response (local.get $fields)))
    (call $expect_ok (call $set_status (local.get $response) (local.get $status)))
    (call $body_of_response (local.get $response) (global.get $returned))
    (local.set $body (call $handle_returned))
    ;; The response is on its way before its body is written, so that the body has somewhere to go.
    (call $set_response
      (local.get $outparam) (i32.const 0) (local.get $response)
      (i32.const 0) (i64.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))

    (call $stream_to_body (local.get $body) (global.get $returned))
    (local.set $stream (call $handle_returned))
    (call $write_text (local.get $stream))
    ;; The stream is a part of the body, so it goes first.
    (call $drop_output (local.get $stream))
    (call $finish_body (local.get $body) (i32.const 0) (i32.const 0) (global.get $returned)))

  ;; For what can only fail by a mistake in this file.
  (func $expect_ok (param $tag i32)
    (if (local.get $tag) (then (unreachable))))

  ;; The handle in a result<handle> that can only fail if it is asked for twice.
  (func $handle_returned (result i32)
    (call $expect_ok (i32.load8_u (global.get $returned)))
    (i32.load offset=4 (global.get $returned)))

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

  ;; The address of the first such byte in the text from $from to $end, or $end.
  (func $find (param $byte i32) (param $from i32) (param $end i32) (result i32)
    (block $found
      (loop $next_byte
        (br_if $found (i32.eq (local.get $from) (local.get $end)))
        (br_if $found (i32.eq (i32.load8_u (local.get $from)) (local.get $byte)))
        (local.set $from (i32.add (local.get $from) (i32.const 1)))
        (br $next_byte)))
    (local.get $from))

  ;; The value of a parameter in the query from `?` or `&` to $end, or an empty text.
  (func $value (param $query i32) (param $end i32) (param $name i32) (param $name_length i32) (result i32 i32)
    (local $pair i32)
    (local $equals i32)
    (loop $next_pair
      (if (i32.eq (local.get $query) (local.get $end))
        (then (return (local.get $end) (i32.const 0))))
      (local.set $pair (i32.add (local.get $query) (i32.const 1)))
      (local.set $query (call $find (i32.const 38) (local.get $pair) (local.get $end))) ;; `&`
      (local.set $equals (call $find (i32.const 61) (local.get $pair) (local.get $query))) ;; `=`
      (br_if $next_pair (i32.eq (local.get $equals) (local.get $query)))
      (br_if $next_pair
        (i32.eqz
          (call $same
            (local.get $pair) (i32.sub (local.get $equals) (local.get $pair))
            (local.get $name) (local.get $name_length)))))
    (local.set $equals (i32.add (local.get $equals) (i32.const 1)))
    (local.get $equals)
    (i32.sub (local.get $query) (local.get $equals)))

  ;; One or more of the bytes that a URL need not encode, so that nothing has to be decoded.
  (func $is_word (param $from i32) (param $length i32) (result i32)
    (local $end i32)
    (if (i32.eqz (local.get $length))
      (then (return (i32.const 0))))
    (local.set $end (i32.add (local.get $from) (local.get $length)))
    (loop $next_byte
      (if (i32.eqz (call $is_plain (i32.load8_u (local.get $from))))
        (then (return (i32.const 0))))
      (local.set $from (i32.add (local.get $from) (i32.const 1)))
      (br_if $next_byte (i32.ne (local.get $from) (local.get $end))))
    (i32.const 1))

  (func $between (param $byte i32) (param $first i32) (param $last i32) (result i32)
    (i32.le_u
      (i32.sub (local.get $byte) (local.get $first))
      (i32.sub (local.get $last) (local.get $first))))

  ;; Letters, digits, `-` and `.`
  (func $is_plain (param $byte i32) (result i32)
    (i32.or
      (i32.or
        (call $between (local.get $byte) (i32.const 48) (i32.const 57))
        (call $between (i32.or (local.get $byte) (i32.const 0x20)) (i32.const 97) (i32.const 122)))
      (call $between (local.get $byte) (i32.const 45) (i32.const 46))))

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
