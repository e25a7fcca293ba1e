;; Names the higher of two scores.
;;
;; World `reading`: exports company:mood/verdict.

(module $verdict
  ;; ---- Layout of the memory -----------------------------------------------------------------------------------------
  ;;
  ;; 0x0010  the result: address and length of the name, then the score
  ;; 0x0020  texts

  (memory (export "memory") 1 256) ;; 64 KiB, and up to 16 MiB
  (global $result i32 (i32.const 0x0010))
  (data (i32.const 0x0020) "calm")
  (data (i32.const 0x0028) "urgent")

  ;; ---- The export ---------------------------------------------------------------------------------------------------

  ;; verdict(scores: list<f32>) -> mood
  (func (export "company:mood/verdict#verdict") (param $scores i32) (param $count i32) (result i32)
    (local $calm f32)
    (local $urgent f32)
    ;; A model with other outputs than these two is none for this component.
    (if (i32.ne (local.get $count) (i32.const 2))
      (then (unreachable)))
    (local.set $calm (f32.load (local.get $scores)))
    (local.set $urgent (f32.load offset=4 (local.get $scores)))
    (if (f32.gt (local.get $urgent) (local.get $calm))
      (then (call $set_result (i32.const 0x0028) (i32.const 6) (local.get $urgent)))
      (else (call $set_result (i32.const 0x0020) (i32.const 4) (local.get $calm))))
    (global.get $result))

  (func $set_result (param $name i32) (param $length i32) (param $score f32)
    (i32.store (global.get $result) (local.get $name))
    (i32.store offset=4 (global.get $result) (local.get $length))
    (f32.store offset=8 (global.get $result) (local.get $score)))

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
