;; Counts letters, capital letters, exclamation marks and question marks: what the model is given.
;;
;; World `preparation`: exports company:mood/features.

(module $features
  ;; ---- Layout of the memory -----------------------------------------------------------------------------------------
  ;;
  ;; 0x0010  the result: address and length of the list
  ;; 0x0020  the four numbers, of 32 bits each

  (memory (export "memory") 1 256) ;; 64 KiB, and up to 16 MiB
  (global $result i32 (i32.const 0x0010))
  (global $letters i32 (i32.const 0x0020))
  (global $capitals i32 (i32.const 0x0024))
  (global $exclamations i32 (i32.const 0x0028))
  (global $questions i32 (i32.const 0x002c))

  ;; ---- The export ---------------------------------------------------------------------------------------------------

  ;; features(message: string) -> list<f32>
  (func (export "company:mood/features#features") (param $message i32) (param $length i32) (result i32)
    (local $end i32)
    (local $byte i32)
    (memory.fill (global.get $letters) (i32.const 0) (i32.const 16))
    (local.set $end (i32.add (local.get $message) (local.get $length)))
    (block $done
      (loop $next_byte
        (br_if $done (i32.eq (local.get $message) (local.get $end)))
        (local.set $byte (i32.load8_u (local.get $message)))
        (if (call $between (local.get $byte) (i32.const 65) (i32.const 90)) ;; A to Z
          (then
            (call $count (global.get $letters))
            (call $count (global.get $capitals))))
        (if (call $between (local.get $byte) (i32.const 97) (i32.const 122)) ;; a to z
          (then (call $count (global.get $letters))))
        (if (i32.eq (local.get $byte) (i32.const 33)) ;; !
          (then (call $count (global.get $exclamations))))
        (if (i32.eq (local.get $byte) (i32.const 63)) ;; ?
          (then (call $count (global.get $questions))))
        (local.set $message (i32.add (local.get $message) (i32.const 1)))
        (br $next_byte)))
    (i32.store (global.get $result) (global.get $letters))
    (i32.store offset=4 (global.get $result) (i32.const 4))
    (global.get $result))

  (func $between (param $byte i32) (param $first i32) (param $last i32) (result i32)
    (i32.le_u
      (i32.sub (local.get $byte) (local.get $first))
      (i32.sub (local.get $last) (local.get $first))))

  (func $count (param $number i32)
    (f32.store (local.get $number) (f32.add (f32.load (local.get $number)) (f32.const 1))))

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
