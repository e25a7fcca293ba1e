;; Knows the price of everything: 100 for each byte of its name. It lets others run before it answers, so that whoever
;; asks has to wait.
;;
;; World `stock`: exports company:stock/prices.

(module $stock
  (import "[export]company:stock/prices" "[task-return]price"
    (func $return_price (param $price i64)))
  ;; One word that belongs to the call, so that calls can overlap.
  (import "$root" "[context-set-0]"
    (func $set_context (param $word i32)))
  (import "$root" "[context-get-0]"
    (func $context (result i32)))

  (memory (export "memory") 1 256) ;; 64 KiB, and up to 16 MiB

  ;; What a function tells the host to do next.
  (global $EXIT i32 (i32.const 0))
  (global $YIELD i32 (i32.const 1))

  ;; price(item: string) -> u64
  (func (export "[async-lift]company:stock/prices#price") (param $item i32) (param $length i32) (result i32)
    (call $set_context (local.get $length))
    (global.get $YIELD))

  (func (export "[callback][async-lift]company:stock/prices#price")
    (param $event i32) (param $waitable i32) (param $state i32)
    (result i32)
    (call $return_price (i64.mul (i64.const 100) (i64.extend_i32_u (call $context))))
    (global.get $EXIT))

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
