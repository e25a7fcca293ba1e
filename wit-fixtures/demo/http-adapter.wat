;; A gateway that is somewhere else: each charge becomes one HTTP request.
;;
;; World `http-adapter`: exports company:gateway/charge, imports wasi:http/outgoing-handler and wasi:cli/environment.
;; The environment variable GATEWAY says where the gateway is, as `host:port`; without it, it is 127.0.0.1:8090.
;;
;;   POST /charge                          200  charged; the body is the transaction id
;;   amount=250&currency=EUR&customer=...  402  refused; the body says why
;;                                         any other status: this is no gateway
;;
;; A parameter named after a resource is a handle to it. Handles are never 0, so 0 stands for "none".

(module $http-adapter
  ;; ---- Imports ------------------------------------------------------------------------------------------------------
  ;;
  ;; Where a result does not fit into one value, the last parameter, $returned, is the address to write it to.

  (import "wasi:cli/environment@0.2.12" "get-environment"
    (func $get_environment (param $returned i32)))

  (import "wasi:http/types@0.2.12" "[constructor]fields"
    (func $new_fields (result i32)))
  (import "wasi:http/types@0.2.12" "[method]fields.append"
    (func $append_field
      (param $fields i32)
      (param $name i32) (param $name_length i32)
      (param $value i32) (param $value_length i32)
      (param $returned i32)))

  (import "wasi:http/types@0.2.12" "[constructor]outgoing-request"
    (func $new_request (param $fields i32) (result i32)))
  ;; method: a variant whose last case has a text
  (import "wasi:http/types@0.2.12" "[method]outgoing-request.set-method"
    (func $set_method
      (param $request i32) (param $case i32) (param $other i32) (param $other_length i32)
      (result i32)))
  ;; option<scheme>: whether there is one, then a variant whose last case has a text
  (import "wasi:http/types@0.2.12" "[method]outgoing-request.set-scheme"
    (func $set_scheme
      (param $request i32) (param $some i32) (param $case i32) (param $other i32) (param $other_length i32)
      (result i32)))
  ;; option<string>
  (import "wasi:http/types@0.2.12" "[method]outgoing-request.set-authority"
    (func $set_authority
      (param $request i32) (param $some i32) (param $text i32) (param $length i32)
      (result i32)))
  (import "wasi:http/types@0.2.12" "[method]outgoing-request.set-path-with-query"
    (func $set_path
      (param $request i32) (param $some i32) (param $text i32) (param $length i32)
      (result i32)))
  (import "wasi:http/types@0.2.12" "[method]outgoing-request.body"
    (func $body_of_request (param $request i32) (param $returned i32)))
  (import "wasi:http/types@0.2.12" "[resource-drop]outgoing-request"
    (func $drop_request (param $request i32)))

  (import "wasi:http/types@0.2.12" "[method]outgoing-body.write"
    (func $stream_to_body (param $body i32) (param $returned i32)))
  (import "wasi:http/types@0.2.12" "[static]outgoing-body.finish"
    (func $finish_body (param $body i32) (param $some_trailers i32) (param $trailers i32) (param $returned i32)))
  (import "wasi:http/types@0.2.12" "[resource-drop]outgoing-body"
    (func $drop_outgoing_body (param $body i32)))

  (import "wasi:http/outgoing-handler@0.2.12" "handle"
    (func $handle (param $request i32) (param $some_options i32) (param $options i32) (param $returned i32)))

  (import "wasi:http/types@0.2.12" "[method]future-incoming-response.subscribe"
    (func $subscribe (param $future i32) (result i32)))
  (import "wasi:http/types@0.2.12" "[method]future-incoming-response.get"
    (func $get_response (param $future i32) (param $returned i32)))
  (import "wasi:http/types@0.2.12" "[resource-drop]future-incoming-response"
    (func $drop_future (param $future i32)))

  (import "wasi:http/types@0.2.12" "[method]incoming-response.status"
    (func $status (param $response i32) (result i32)))
  (import "wasi:http/types@0.2.12" "[method]incoming-response.consume"
    (func $body_of_response (param $response i32) (param $returned i32)))
  (import "wasi:http/types@0.2.12" "[resource-drop]incoming-response"
    (func $drop_response (param $response i32)))
  (import "wasi:http/types@0.2.12" "[method]incoming-body.stream"
    (func $stream_from_body (param $body i32) (param $returned i32)))
  (import "wasi:http/types@0.2.12" "[resource-drop]incoming-body"
    (func $drop_incoming_body (param $body i32)))

  (import "wasi:io/streams@0.2.12" "[method]output-stream.blocking-write-and-flush"
    (func $blocking_write (param $stream i32) (param $bytes i32) (param $length i32) (param $returned i32)))
  (import "wasi:io/streams@0.2.12" "[resource-drop]output-stream"
    (func $drop_output (param $stream i32)))
  (import "wasi:io/streams@0.2.12" "[method]input-stream.blocking-read"
    (func $blocking_read (param $stream i32) (param $most i64) (param $returned i32)))
  (import "wasi:io/streams@0.2.12" "[resource-drop]input-stream"
    (func $drop_input (param $stream i32)))
  (import "wasi:io/poll@0.2.12" "[method]pollable.block"
    (func $block (param $pollable i32)))
  (import "wasi:io/poll@0.2.12" "[resource-drop]pollable"
    (func $drop_pollable (param $pollable i32)))
  (import "wasi:io/error@0.2.12" "[resource-drop]error"
    (func $drop_error (param $error i32)))

  ;; ---- Layout of the memory -----------------------------------------------------------------------------------------
  ;;
  ;; 0x0010  the digit that $append_number is writing
  ;; 0x0100  texts
  ;; 0x0800  result of a charge: tag (0 ok, 1 error) at +0; the id at +4, or the error's tag at +4 and its text at +8
  ;; 0x0900  what an import has returned, at most 56 bytes
  ;; 0x1000  arena, to the end of the memory

  (memory (export "memory") 1 256) ;; 64 KiB, and up to 16 MiB
  (global $digit i32 (i32.const 0x0010))
  (global $charge_result i32 (i32.const 0x0800))
  (global $returned i32 (i32.const 0x0900))
  (global $arena i32 (i32.const 0x1000))

  (data (i32.const 0x0100) "GATEWAY")
  (func $gateway (result i32 i32) (i32.const 0x0100) (i32.const 7))
  (data (i32.const 0x0110) "127.0.0.1:8090")
  (func $default_address (result i32 i32) (i32.const 0x0110) (i32.const 14))
  (data (i32.const 0x0120) "/charge")
  (func $path (result i32 i32) (i32.const 0x0120) (i32.const 7))
  (data (i32.const 0x0130) "content-type")
  (func $content_type (result i32 i32) (i32.const 0x0130) (i32.const 12))
  (data (i32.const 0x0140) "application/x-www-form-urlencoded")
  (func $form (result i32 i32) (i32.const 0x0140) (i32.const 33))
  (data (i32.const 0x0170) "amount=")
  (func $amount_is (result i32 i32) (i32.const 0x0170) (i32.const 7))
  (data (i32.const 0x0180) "&currency=")
  (func $currency_is (result i32 i32) (i32.const 0x0180) (i32.const 10))
  (data (i32.const 0x0190) "&customer=")
  (func $customer_is (result i32 i32) (i32.const 0x0190) (i32.const 10))
  (data (i32.const 0x01a0) "0123456789ABCDEF")
  (global $hexadecimal_digits i32 (i32.const 0x01a0))
  (data (i32.const 0x01b0) "%")
  (func $percent (result i32 i32) (i32.const 0x01b0) (i32.const 1))

  (data (i32.const 0x0200) "GATEWAY is no address: ")
  (func $no_address (result i32 i32) (i32.const 0x0200) (i32.const 23))
  (data (i32.const 0x0220) "no answer from the gateway: wasi:http error-code ")
  (func $no_answer (result i32 i32) (i32.const 0x0220) (i32.const 49))
  (data (i32.const 0x0260) "the gateway's answer breaks off")
  (func $broken_off (result i32 i32) (i32.const 0x0260) (i32.const 31))
  (data (i32.const 0x0280) "the gateway's answer is too long")
  (func $too_long (result i32 i32) (i32.const 0x0280) (i32.const 32))
  (data (i32.const 0x02a0) "this is no gateway: it answers with HTTP status ")
  (func $no_gateway (result i32 i32) (i32.const 0x02a0) (i32.const 48))

  ;; The cases of charge-error, method and scheme that are needed here, by their place in the WIT.
  (global $unreachable i32 (i32.const 0))
  (global $refused i32 (i32.const 1))
  (global $POST i32 (i32.const 2))
  (global $HTTP i32 (i32.const 0))

  (global $longest_answer i32 (i32.const 0x10000))

  ;; ---- The export ---------------------------------------------------------------------------------------------------

  ;; charge(request: charge-request) -> result<transaction-id, charge-error>
  ;;
  ;; Each step hands on a handle, or 0 when it has failed: then it has kept no handle and the text says what happened.
  (func $charge (export "company:gateway/charge#charge")
    (param $amount i64)
    (param $currency i32) (param $currency_length i32)
    (param $customer i32) (param $customer_length i32)
    (result i32)
    (local $future i32)
    (local $response i32)
    (local $status i32)
    (local $complete i32)
    (local.set $future
      (call $send
        (local.get $amount)
        (local.get $currency) (local.get $currency_length)
        (local.get $customer) (local.get $customer_length)))
    (if (i32.eqz (local.get $future))
      (then (return (call $error (global.get $unreachable) (global.get $text) (global.get $text_length)))))

    (local.set $response (call $wait (local.get $future)))
    (if (i32.eqz (local.get $response))
      (then (return (call $error (global.get $unreachable) (global.get $text) (global.get $text_length)))))

    (local.set $status (call $status (local.get $response)))
    (local.set $complete (call $read_answer (local.get $response)))
    (call $drop_response (local.get $response))
    (if (i32.eqz (local.get $complete))
      (then (return (call $error (global.get $unreachable) (global.get $text) (global.get $text_length)))))
    (call $judge (local.get $status)))

  ;; The caller has read the result: everything that this call has allocated is free again.
  (func (export "cabi_post_company:gateway/charge#charge") (param $result i32)
    (global.set $arena_end (global.get $arena)))

  ;; What a status means, with the answer in the text.
  (func $judge (param $status i32) (result i32)
    (if (i32.eq (local.get $status) (i32.const 200))
      (then (return (call $ok (global.get $text) (global.get $text_length)))))
    (if (i32.ne (local.get $status) (i32.const 402))
      (then
        (call $start_text)
        (call $append (call $no_gateway))
        (call $append_number (i64.extend_i32_u (local.get $status)))
        (return (call $error (global.get $unreachable) (global.get $text) (global.get $text_length)))))
    (call $error (global.get $refused) (global.get $text) (global.get $text_length)))

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

  ;; ---- The request --------------------------------------------------------------------------------------------------

  ;; Sends the request with its body. Returns a future-incoming-response, or 0.
  (func $send
    (param $amount i64)
    (param $currency i32) (param $currency_length i32)
    (param $customer i32) (param $customer_length i32)
    (result i32)
    (local $request i32)
    (local $body i32)
    (local $future i32)
    (local.set $request (call $build_request))
    (if (i32.eqz (local.get $request))
      (then (return (i32.const 0))))
    (call $body_of_request (local.get $request) (global.get $returned))
    (local.set $body (call $handle_returned))

    ;; From here on the request belongs to the host.
    (call $handle (local.get $request) (i32.const 0) (i32.const 0) (global.get $returned))
    (if (i32.load8_u (global.get $returned))
      (then
        (call $drop_outgoing_body (local.get $body))
        (call $say_no_answer (i32.load8_u offset=8 (global.get $returned)))
        (return (i32.const 0))))
    (local.set $future (i32.load offset=8 (global.get $returned)))

    (call $write_form
      (local.get $amount)
      (local.get $currency) (local.get $currency_length)
      (local.get $customer) (local.get $customer_length))
    (call $write_body (local.get $body) (global.get $text) (global.get $text_length))
    (local.get $future))

  ;; Returns an outgoing-request, or 0 if the gateway's address is none.
  (func $build_request (result i32)
    (local $fields i32)
    (local $request i32)
    (local $address i32)
    (local $address_length i32)
    (local.set $fields (call $new_fields))
    (call $append_field (local.get $fields) (call $content_type) (call $form) (global.get $returned))
    (call $expect_ok (i32.load8_u (global.get $returned)))
    ;; The fields belong to the request from here on.
    (local.set $request (call $new_request (local.get $fields)))
    (call $expect_ok (call $set_method (local.get $request) (global.get $POST) (i32.const 0) (i32.const 0)))
    (call $expect_ok
      (call $set_scheme (local.get $request) (i32.const 1) (global.get $HTTP) (i32.const 0) (i32.const 0)))
    (call $expect_ok (call $set_path (local.get $request) (i32.const 1) (call $path)))

    (call $address_of_gateway)
    (local.set $address_length)
    (local.set $address)
    (if (call $set_authority (local.get $request) (i32.const 1) (local.get $address) (local.get $address_length))
      (then
        (call $drop_request (local.get $request))
        (call $start_text)
        (call $append (call $no_address))
        (call $append (local.get $address) (local.get $address_length))
        (return (i32.const 0))))
    (local.get $request))

  ;; The value of GATEWAY in the environment, or the default.
  (func $address_of_gateway (result i32 i32)
    (local $variable i32)
    (local $end i32)
    ;; list<tuple<string, string>>: four words for each variable
    (call $get_environment (global.get $returned))
    (local.set $variable (i32.load (global.get $returned)))
    (local.set $end
      (i32.add
        (local.get $variable)
        (i32.shl (i32.load offset=4 (global.get $returned)) (i32.const 4))))
    (loop $next_variable
      (if (i32.eq (local.get $variable) (local.get $end))
        (then (return (call $default_address))))
      (if
        (i32.eqz
          (call $same
            (i32.load (local.get $variable)) (i32.load offset=4 (local.get $variable))
            (call $gateway)))
        (then
          (local.set $variable (i32.add (local.get $variable) (i32.const 16)))
          (br $next_variable))))
    (i32.load offset=8 (local.get $variable))
    (i32.load offset=12 (local.get $variable)))

  ;; "amount=250&currency=EUR&customer=alice"
  (func $write_form
    (param $amount i64)
    (param $currency i32) (param $currency_length i32)
    (param $customer i32) (param $customer_length i32)
    (call $start_text)
    (call $append (call $amount_is))
    (call $append_number (local.get $amount))
    (call $append (call $currency_is))
    (call $append_encoded (local.get $currency) (local.get $currency_length))
    (call $append (call $customer_is))
    (call $append_encoded (local.get $customer) (local.get $customer_length)))

  ;; Writes the body and finishes it. A failure is not told here: the answer that does not come has a better reason.
  (func $write_body (param $body i32) (param $bytes i32) (param $length i32)
    (local $stream i32)
    (local $piece i32)
    (local $failed i32)
    (call $stream_to_body (local.get $body) (global.get $returned))
    (local.set $stream (call $handle_returned))
    (block $written
      (loop $next_piece
        (br_if $written (i32.eqz (local.get $length)))
        ;; One call takes 4096 bytes at most.
        (local.set $piece
          (select (local.get $length) (i32.const 4096) (i32.lt_u (local.get $length) (i32.const 4096))))
        (call $blocking_write (local.get $stream) (local.get $bytes) (local.get $piece) (global.get $returned))
        (local.set $failed (call $stream_failed))
        (br_if $written (local.get $failed))
        (local.set $bytes (i32.add (local.get $bytes) (local.get $piece)))
        (local.set $length (i32.sub (local.get $length) (local.get $piece)))
        (br $next_piece)))
    ;; The stream is a part of the body, so it goes first.
    (call $drop_output (local.get $stream))
    (if (local.get $failed)
      (then (call $drop_outgoing_body (local.get $body)))
      (else (call $finish_body (local.get $body) (i32.const 0) (i32.const 0) (global.get $returned)))))

  ;; ---- The response -------------------------------------------------------------------------------------------------

  ;; Waits for the response. Takes the future; returns an incoming-response, or 0.
  (func $wait (param $future i32) (result i32)
    (local $pollable i32)
    (local.set $pollable (call $subscribe (local.get $future)))
    (call $block (local.get $pollable))
    (call $drop_pollable (local.get $pollable))
    ;; option<result<result<incoming-response, error-code>>>: tags at +0, +8 and +16, then the handle or the code
    (call $get_response (local.get $future) (global.get $returned))
    (call $drop_future (local.get $future))
    ;; It is there, since the wait is over, and it has not been taken before.
    (call $expect_ok (i32.eqz (i32.load8_u (global.get $returned))))
    (call $expect_ok (i32.load8_u offset=8 (global.get $returned)))
    (if (i32.load8_u offset=16 (global.get $returned))
      (then
        (call $say_no_answer (i32.load8_u offset=24 (global.get $returned)))
        (return (i32.const 0))))
    (i32.load offset=24 (global.get $returned)))

  ;; "no answer from the gateway: wasi:http error-code 6"; the cases are numbered from 0, as the WIT has them.
  (func $say_no_answer (param $case i32)
    (call $start_text)
    (call $append (call $no_answer))
    (call $append_number (i64.extend_i32_u (local.get $case))))

  ;; Reads the body of the response into the text. Returns whether all of it is there; if not, the text says why.
  (func $read_answer (param $response i32) (result i32)
    (local $body i32)
    (local $stream i32)
    (local $complete i32)
    (call $body_of_response (local.get $response) (global.get $returned))
    (local.set $body (call $handle_returned))
    (call $stream_from_body (local.get $body) (global.get $returned))
    (local.set $stream (call $handle_returned))
    (local.set $complete (call $read_to_end (local.get $stream)))
    ;; The stream is a part of the body, so it goes first.
    (call $drop_input (local.get $stream))
    (call $drop_incoming_body (local.get $body))
    (local.get $complete))

  (func $read_to_end (param $stream i32) (result i32)
    (call $start_text)
    (loop $next_piece
      ;; result<list<u8>, stream-error>
      (call $blocking_read (local.get $stream) (i64.const 4096) (global.get $returned))
      (if (i32.eqz (i32.load8_u (global.get $returned)))
        (then
          (call $append
            (i32.load offset=4 (global.get $returned))
            (i32.load offset=8 (global.get $returned)))
          (br_if $next_piece (i32.le_u (global.get $text_length) (global.get $longest_answer)))
          (call $start_text)
          (call $append (call $too_long))
          (return (i32.const 0)))))
    (if (call $stream_failed)
      (then
        (call $start_text)
        (call $append (call $broken_off))
        (return (i32.const 0))))
    (call $make_printable (global.get $text) (global.get $text_length))
    (i32.const 1))

  ;; ---- What the imports return --------------------------------------------------------------------------------------

  ;; For what can only fail by a mistake in this file: better a trap than a wrong answer about money.
  (func $expect_ok (param $tag i32)
    (if (local.get $tag) (then (unreachable))))

  ;; The handle in a result<handle> that can only fail if it is asked for twice.
  (func $handle_returned (result i32)
    (call $expect_ok (i32.load8_u (global.get $returned)))
    (i32.load offset=4 (global.get $returned)))

  ;; Whether a result<_, stream-error> is an error and not just the end of the stream; gives the error's handle back.
  (func $stream_failed (result i32)
    (if (i32.eqz (i32.load8_u (global.get $returned)))
      (then (return (i32.const 0))))
    ;; stream-error: 0 is last-operation-failed(error), 1 is closed
    (if (i32.load8_u offset=4 (global.get $returned))
      (then (return (i32.const 0))))
    (call $drop_error (i32.load offset=8 (global.get $returned)))
    (i32.const 1))

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

  ;; As in the query of a URL: letters, digits, `-` and `.` as they are, any other byte as `%` and two digits.
  (func $append_encoded (param $from i32) (param $length i32)
    (local $end i32)
    (local $byte i32)
    (local.set $end (i32.add (local.get $from) (local.get $length)))
    (block $done
      (loop $next_byte
        (br_if $done (i32.eq (local.get $from) (local.get $end)))
        (local.set $byte (i32.load8_u (local.get $from)))
        (if (call $is_plain (local.get $byte))
          (then (call $append (local.get $from) (i32.const 1)))
          (else
            (call $append (call $percent))
            (call $append_hexadecimal (i32.shr_u (local.get $byte) (i32.const 4)))
            (call $append_hexadecimal (i32.and (local.get $byte) (i32.const 15)))))
        (local.set $from (i32.add (local.get $from) (i32.const 1)))
        (br $next_byte))))

  (func $append_hexadecimal (param $digit i32)
    (call $append (i32.add (global.get $hexadecimal_digits) (local.get $digit)) (i32.const 1)))

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
