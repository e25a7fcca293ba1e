;; Adds the prices of some items: asks for all of them at once, then waits until the last one is there.
;;
;; World `cart-calculator`: exports company:stock/cart, imports company:stock/prices.

(module $cart-calculator
  ;; ---- Imports ------------------------------------------------------------------------------------------------------

  ;; Returns how far the call has come in the low four bits, and above them the handle of a subtask if it is not over.
  (import "company:stock/prices" "[async-lower]price"
    (func $price (param $item i32) (param $length i32) (param $result i32) (result i32)))
  (import "[export]company:stock/cart" "[task-return]total"
    (func $return_total (param $total i64)))

  (import "$root" "[waitable-set-new]" (func $new_set (result i32)))
  (import "$root" "[waitable-set-drop]" (func $drop_set (param $set i32)))
  (import "$root" "[waitable-join]" (func $join (param $waitable i32) (param $set i32)))
  (import "$root" "[subtask-drop]" (func $drop_subtask (param $subtask i32)))
  ;; One word that belongs to the call, so that calls can overlap.
  (import "$root" "[context-set-0]" (func $set_context (param $word i32)))
  (import "$root" "[context-get-0]" (func $context (result i32)))

  (memory (export "memory") 1 256) ;; 64 KiB, and up to 16 MiB

  ;; What a function tells the host to do next, and what the host tells a callback.
  (global $EXIT i32 (i32.const 0))
  (global $WAIT i32 (i32.const 2))
  (global $SUBTASK i32 (i32.const 1))
  (global $RETURNED i32 (i32.const 2))

  ;; ---- The export ---------------------------------------------------------------------------------------------------
  ;;
  ;; What one call has to remember is a block of memory, and the context of the call is its address:
  ;;
  ;;   +0  the set of the subtasks      +8   how many items there are
  ;;   +4  how many of them are open    +16  the prices, of 64 bits each

  ;; total(items: list<string>) -> u64
  (func (export "[async-lift]company:stock/cart#total") (param $items i32) (param $count i32) (result i32)
    (local $call i32)
    (local $at i32)
    (local.set $call
      (call $cabi_realloc
        (i32.const 0) (i32.const 0) (i32.const 8)
        (i32.add (i32.const 16) (i32.shl (local.get $count) (i32.const 3)))))
    (call $set_context (local.get $call))
    (i32.store (local.get $call) (call $new_set))
    (i32.store offset=4 (local.get $call) (i32.const 0))
    (i32.store offset=8 (local.get $call) (local.get $count))
    (block $asked
      (loop $next_item
        (br_if $asked (i32.eq (local.get $at) (local.get $count)))
        (call $ask
          (local.get $call)
          (i32.add (local.get $items) (i32.shl (local.get $at) (i32.const 3)))
          (i32.add (local.get $call) (i32.add (i32.const 16) (i32.shl (local.get $at) (i32.const 3)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next_item)))
    (call $go_on (local.get $call)))

  ;; Asks for the price of the item at $item, which lands at $result.
  (func $ask (param $call i32) (param $item i32) (param $result i32)
    (local $status i32)
    (local.set $status
      (call $price (i32.load (local.get $item)) (i32.load offset=4 (local.get $item)) (local.get $result)))
    (if (i32.ne (i32.and (local.get $status) (i32.const 15)) (global.get $RETURNED))
      (then
        (call $join (i32.shr_u (local.get $status) (i32.const 4)) (i32.load (local.get $call)))
        (i32.store offset=4
          (local.get $call)
          (i32.add (i32.load offset=4 (local.get $call)) (i32.const 1))))))

  (func (export "[callback][async-lift]company:stock/cart#total")
    (param $event i32) (param $subtask i32) (param $state i32)
    (result i32)
    (local $call i32)
    (if (i32.ne (local.get $event) (global.get $SUBTASK))
      (then (unreachable)))
    (local.set $call (call $context))
    (if (i32.eq (local.get $state) (global.get $RETURNED))
      (then
        (call $drop_subtask (local.get $subtask))
        (i32.store offset=4
          (local.get $call)
          (i32.sub (i32.load offset=4 (local.get $call)) (i32.const 1)))))
    (call $go_on (local.get $call)))

  ;; Waits for the next subtask, or returns the total if none is open.
  (func $go_on (param $call i32) (result i32)
    (local $set i32)
    (local.set $set (i32.load (local.get $call)))
    (if (i32.load offset=4 (local.get $call))
      (then (return (i32.or (global.get $WAIT) (i32.shl (local.get $set) (i32.const 4))))))
    (call $drop_set (local.get $set))
    (call $return_total (call $sum (local.get $call)))
    (global.get $EXIT))

  (func $sum (param $call i32) (result i64)
    (local $at i32)
    (local $sum i64)
    (block $done
      (loop $next_price
        (br_if $done (i32.eq (local.get $at) (i32.load offset=8 (local.get $call))))
        (local.set $sum
          (i64.add
            (local.get $sum)
            (i64.load offset=16 (i32.add (local.get $call) (i32.shl (local.get $at) (i32.const 3))))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next_price)))
    (local.get $sum))

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
