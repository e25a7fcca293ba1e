;; Puts the features of a message to a model of the host, and has the answer read.
;;
;; World `classifier`: exports company:mood/classify, imports company:mood/features and company:mood/verdict, and wasi:nn.
;; The model is the one that the host knows as `mood`: it takes 1 x 4 numbers named `features`, and answers with 1 x 2.

(module $classifier
  ;; ---- Imports ------------------------------------------------------------------------------------------------------

  (import "company:mood/features" "features"
    (func $features (param $message i32) (param $length i32) (param $result i32)))
  (import "company:mood/verdict" "verdict"
    (func $verdict (param $scores i32) (param $count i32) (param $result i32)))

  (import "wasi:nn/graph@0.2.0-rc-2024-10-28" "load-by-name"
    (func $load_by_name (param $name i32) (param $length i32) (param $result i32)))
  (import "wasi:nn/graph@0.2.0-rc-2024-10-28" "[method]graph.init-execution-context"
    (func $new_context (param $graph i32) (param $result i32)))
  (import "wasi:nn/graph@0.2.0-rc-2024-10-28" "[resource-drop]graph"
    (func $drop_graph (param $graph i32)))
  (import "wasi:nn/inference@0.2.0-rc-2024-10-28" "[method]graph-execution-context.compute"
    (func $compute (param $context i32) (param $inputs i32) (param $count i32) (param $result i32)))
  (import "wasi:nn/inference@0.2.0-rc-2024-10-28" "[resource-drop]graph-execution-context"
    (func $drop_context (param $context i32)))
  (import "wasi:nn/tensor@0.2.0-rc-2024-10-28" "[constructor]tensor"
    (func $new_tensor
      (param $dimensions i32) (param $rank i32)
      (param $type i32)
      (param $data i32) (param $length i32)
      (result i32)))
  (import "wasi:nn/tensor@0.2.0-rc-2024-10-28" "[method]tensor.data"
    (func $tensor_data (param $tensor i32) (param $result i32)))
  (import "wasi:nn/tensor@0.2.0-rc-2024-10-28" "[resource-drop]tensor"
    (func $drop_tensor (param $tensor i32)))
  (import "wasi:nn/errors@0.2.0-rc-2024-10-28" "[method]error.data"
    (func $error_data (param $error i32) (param $result i32)))
  (import "wasi:nn/errors@0.2.0-rc-2024-10-28" "[resource-drop]error"
    (func $drop_error (param $error i32)))

  ;; ---- Layout of the memory -----------------------------------------------------------------------------------------
  ;;
  ;; 0x0010  the result of the export: tag (0 ok, 1 error) at +0; then the mood (address and length of its name at +4 and
  ;;         +8, its score at +12), or the text of the error at +4 and +8
  ;; 0x0030  what an import has returned
  ;; 0x0050  the dimensions of the input
  ;; 0x0060  the input: address and length of its name, then its tensor
  ;; 0x0080  texts

  (memory (export "memory") 1 256) ;; 64 KiB, and up to 16 MiB
  (global $result i32 (i32.const 0x0010))
  (global $returned i32 (i32.const 0x0030))
  (global $dimensions i32 (i32.const 0x0050))
  (global $input i32 (i32.const 0x0060))

  (data (i32.const 0x0050) "\01\00\00\00\04\00\00\00") ;; 1 x 4
  (data (i32.const 0x0080) "mood")
  (data (i32.const 0x0088) "features")

  ;; The case of tensor-type.
  (global $FP32 i32 (i32.const 1))

  ;; ---- The export ---------------------------------------------------------------------------------------------------

  ;; classify(message: string) -> result<mood, string>
  (func (export "company:mood/classify#classify") (param $message i32) (param $length i32) (result i32)
    (local $graph i32)
    (local $context i32)
    (call $load_by_name (i32.const 0x0080) (i32.const 4) (global.get $returned))
    (if (call $has_failed) (then (return (global.get $result))))
    (local.set $graph (i32.load offset=4 (global.get $returned)))

    (call $new_context (local.get $graph) (global.get $returned))
    (call $drop_graph (local.get $graph))
    (if (call $has_failed) (then (return (global.get $result))))
    (local.set $context (i32.load offset=4 (global.get $returned)))

    (call $set_input (local.get $message) (local.get $length))
    (call $compute (local.get $context) (global.get $input) (i32.const 1) (global.get $returned))
    (call $drop_context (local.get $context))
    (if (call $has_failed) (then (return (global.get $result))))
    (call $read_output (i32.load offset=4 (global.get $returned)))
    (global.get $result))

  ;; Makes the one input of the model: a tensor that then belongs to whoever gets it.
  (func $set_input (param $message i32) (param $length i32)
    (call $features (local.get $message) (local.get $length) (global.get $returned))
    (i32.store (global.get $input) (i32.const 0x0088))
    (i32.store offset=4 (global.get $input) (i32.const 8))
    (i32.store offset=8
      (global.get $input)
      (call $new_tensor
        (global.get $dimensions) (i32.const 2)
        (global.get $FP32)
        (i32.load (global.get $returned))
        (i32.shl (i32.load offset=4 (global.get $returned)) (i32.const 2)))))

  ;; Reads the first output; an output is a name of 8 bytes and a tensor. Its data are bytes, which may begin anywhere, and
  ;; numbers begin at a multiple of 4.
  (func $read_output (param $outputs i32)
    (local $tensor i32)
    (local $length i32)
    (local $scores i32)
    (local.set $tensor (i32.load offset=8 (local.get $outputs)))
    (call $tensor_data (local.get $tensor) (global.get $returned))
    (call $drop_tensor (local.get $tensor))
    (local.set $length (i32.load offset=4 (global.get $returned)))
    (local.set $scores
      (call $cabi_realloc (i32.const 0) (i32.const 0) (i32.const 4) (local.get $length)))
    (memory.copy (local.get $scores) (i32.load (global.get $returned)) (local.get $length))
    (call $verdict
      (local.get $scores)
      (i32.shr_u (local.get $length) (i32.const 2))
      (i32.add (global.get $result) (i32.const 4)))
    (i32.store8 (global.get $result) (i32.const 0)))

  ;; Whether what was returned is an error; then its text is the result.
  (func $has_failed (result i32)
    (local $error i32)
    (if (i32.eqz (i32.load8_u (global.get $returned)))
      (then (return (i32.const 0))))
    (local.set $error (i32.load offset=4 (global.get $returned)))
    (call $error_data (local.get $error) (i32.add (global.get $result) (i32.const 4)))
    (call $drop_error (local.get $error))
    (i32.store8 (global.get $result) (i32.const 1))
    (i32.const 1))

  ;; ---- Memory -------------------------------------------------------------------------------------------------------
  ;;
  ;; Nothing is given back: the tests make few calls.

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
    (global.set $arena_end (i32.add (local.get $new) (local.get $new_size)))
    (local.get $new))
)
