//! Components written by hand, in which code starts in ways that no random one has.
//!
//! Differs from the random ones in `main.rs`: of these is known exactly what they call.

use libtest_mimic::Failed;
use witc_proof_tests::traced::Imported;

use crate::{LITTLE, Unfit, held};

/// Holds a component written by hand to the law, and to what it was written for: exactly these of the functions `a` to `f`
/// are called, and all others are proven out of reach; after a `/` come those that are reachable, if they are others.
pub(crate) fn check(text: &str, expected: &str) -> Result<(), Failed> {
    let (verdicts, trace) =
        held(&wat::parse_str(text)?, LITTLE).map_err(|(Unfit::Law(why) | Unfit::Input(why))| why)?;
    let names =
        |functions: Vec<&Imported>| functions.into_iter().map(|(_, name)| name.as_str()).collect::<String>();
    let called = names(trace.called.iter().collect());
    let reachable = names(verdicts.imported.difference(&verdicts.proven).collect());
    let (is_called, is_reachable) = expected.split_once('/').unwrap_or((expected, expected));
    if called == is_called && reachable == is_reachable {
        return Ok(());
    }
    Err(format!("called `{called}`, reachable `{reachable}`, written for `{expected}`").into())
}

macro_rules! component {
    ($($text:tt)*) => {
        concat!(
            r#"(component
            (import "x:y/z" (instance $z
                (export "a" (func)) (export "b" (func)) (export "c" (func)) (export "d" (func))
                (export "e" (func)) (export "f" (func (result string)))))
            (alias export $z "a" (func $a)) (alias export $z "b" (func $b)) (alias export $z "c" (func $c))
            (alias export $z "d" (func $d)) (alias export $z "e" (func $e)) (alias export $z "f" (func $f))
            (core func $a (canon lower (func $a))) (core func $b (canon lower (func $b)))
            (core func $c (canon lower (func $c))) (core func $d (canon lower (func $d)))
            (core func $e (canon lower (func $e)))
            (core instance $x
                (export "a" (func $a)) (export "b" (func $b)) (export "c" (func $c)) (export "d" (func $d))
                (export "e" (func $e)))"#,
            $($text)*,
            ")"
        )
    };
}

macro_rules! imports {
    () => {
        r#"(import "x" "a" (func $a)) (import "x" "b" (func $b)) (import "x" "c" (func $c))
        (import "x" "d" (func $d)) (import "x" "e" (func $e)) (type $v (func))"#
    };
}

/// Each with its name, and what it calls.
pub(crate) const COMPONENTS: &[(&str, &str, &str)] = &[
    (
        "start_and_realloc",
        component!(
            "(core module $m ",
            imports!(),
            r#"
                (memory (export "memory") 1)
                (func (export "realloc") (param i32 i32 i32 i32) (result i32) call $b i32.const 64)
                (func $start call $a) (start $start)
                (func (export "after") call $e))
            (core instance $i (instantiate $m (with "x" (instance $x))))
            (core func $f (canon lower (func $f) (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
            (core module $n
                (import "y" "f" (func $f (param i32)))
                (func (export "run") i32.const 16 call $f))
            (core instance $y (export "f" (func $f)))
            (core instance $j (instantiate $n (with "y" (instance $y))))
            (func (export "run") (canon lift (core func $j "run")))"#
        ),
        // While `realloc` runs, nothing can be called: the analysis does not know that.
        "af/abf",
    ),
    (
        "destructor",
        component!(
            "(core module $m ",
            imports!(),
            r#"
                (func (export "drop") (param i32) call $c))
            (core instance $i (instantiate $m (with "x" (instance $x))))
            (type $r (resource (rep i32) (dtor (core func $i "drop"))))
            (core func $new (canon resource.new $r))
            (core func $end (canon resource.drop $r))
            (core module $n
                (import "r" "new" (func $new (param i32) (result i32))) (import "r" "end" (func $end (param i32)))
                (func (export "run") (call $end (call $new (i32.const 1)))))
            (core instance $ri (export "new" (func $new)) (export "end" (func $end)))
            (core instance $j (instantiate $n (with "r" (instance $ri))))
            (func (export "run") (canon lift (core func $j "run")))"#
        ),
        "c",
    ),
    (
        "callback_of_an_async_function",
        component!(
            "(core module $m ",
            imports!(),
            r#"
                (import "t" "return" (func $return))
                (func (export "run") (result i32) call $a i32.const 1)
                (func (export "callback") (param i32 i32 i32) (result i32) call $b call $return i32.const 0)
                (func (export "other") call $c))
            (core func $return (canon task.return))
            (core instance $t (export "return" (func $return)))
            (core instance $i (instantiate $m (with "x" (instance $x)) (with "t" (instance $t))))
            (func (export "run") async
                (canon lift (core func $i "run") async (callback (core func $i "callback"))))"#
        ),
        "ab",
    ),
    (
        "post_return",
        component!(
            "(core module $m ",
            imports!(),
            r#"
                (memory (export "memory") 1)
                (global $g (mut i32) (i32.const 0))
                (func (export "run") (result i32)
                    (if (global.get $g) (then call $d)) i32.const 16)
                (func (export "after") (param i32) (global.set $g (i32.const 1)))
                (func (export "other") call $c))
            (core instance $i (instantiate $m (with "x" (instance $x))))
            (func (export "run") (result string)
                (canon lift (core func $i "run") (memory (core memory $i "memory")) (post-return (core func $i "after"))))"#
        ),
        "d",
    ),
    (
        "table_shared_by_instances_at_an_imported_offset",
        component!(
            r#"(core module $one (table (export "t") 4 funcref) (global (export "at") i32 (i32.const 2))
                (type $v (func)) (func (export "go") (call_indirect (type $v) (i32.const 2))))
            (core instance $o (instantiate $one))
            (core module $m "#,
            imports!(),
            r#"
                (import "o" "t" (table $t 4 funcref)) (import "o" "at" (global $at i32))
                (elem (table $t) (global.get $at) func $b)
                (func (export "other") call $c))
            (core instance $i (instantiate $m (with "x" (instance $x)) (with "o" (instance $o))))
            (func (export "run") (canon lift (core func $o "go")))"#
        ),
        "b",
    ),
    (
        "passive_segment_into_a_grown_table",
        component!(
            "(core module $m ",
            imports!(),
            r#"
                (table $t 0 funcref) (elem $p func $d $e)
                (func (export "run")
                    (drop (table.grow $t (ref.null func) (i32.const 2)))
                    (table.init $t $p (i32.const 0) (i32.const 0) (i32.const 2))
                    (call_indirect (type $v) (i32.const 0)) (call_indirect (type $v) (i32.const 1))))
            (core instance $i (instantiate $m (with "x" (instance $x))))
            (func (export "run") (canon lift (core func $i "run")))"#
        ),
        "de",
    ),
    (
        "reference_in_a_global_of_another_instance",
        component!(
            r#"(core module $one (type $v (func)) (global $g (export "g") (mut (ref null $v)) (ref.null $v))
                (func (export "go") (call_ref $v (global.get $g))))
            (core instance $o (instantiate $one))
            (core module $m "#,
            imports!(),
            r#"
                (import "o" "g" (global $g (mut (ref null $v))))
                (elem declare func $e)
                (func $start (global.set $g (ref.func $e))) (start $start)
                (func (export "other") call $c))
            (core instance $i (instantiate $m (with "x" (instance $x)) (with "o" (instance $o))))
            (func (export "run") (canon lift (core func $o "go")))"#
        ),
        "e",
    ),
    (
        "exception_with_a_reference",
        component!(
            "(core module $m ",
            imports!(),
            r#"
                (tag $t (param (ref $v)))
                (elem declare func $a)
                (func $throw (throw $t (ref.func $a)))
                (func (export "run") (block $h (result (ref $v)) (try_table (catch $t $h) call $throw) return) (call_ref $v)))
            (core instance $i (instantiate $m (with "x" (instance $x))))
            (func (export "run") (canon lift (core func $i "run")))"#
        ),
        "a",
    ),
];
