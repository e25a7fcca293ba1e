//! Tests with components that were made to take all time and memory: small files that stand for very much.
//!
//! Differs from the tests of `mod.rs`, which say what is reached: here it matters how much there is to look at.

use super::{Obstacle, Reach};
use crate::check::side_by_side;
use crate::diag::Run;
use crate::policy::capability::instances;
use crate::policy::tests::loaded;

/// The verdicts on the imports of a component, why it could not be followed, and how many nodes and edges that took.
fn looked_at(text: &str) -> (Vec<&'static str>, Option<Obstacle>, usize) {
    let inputs = loaded(&[("it", text)], &mut Run::default());
    let wiring = side_by_side(&inputs);
    let (instances, reach) = (instances(&inputs, &wiring), Reach::of(&inputs, &wiring));
    let verdicts = instances[0].capabilities().map(|it| reach.verdict(&instances[0], it).as_str());
    let size = reach.program.nodes.len() + reach.program.edges.iter().map(Vec::len).sum::<usize>();
    (verdicts.collect(), reach.obstacle(instances[0].id), size)
}

/// A component in which each of `depth` components instantiates the one before twice, and gives it what it was given.
fn doubling(depth: usize) -> String {
    let mut text = String::from(
        r#"(component (import "x:y/z" (instance $z (export "a" (func)))) (alias export $z "a" (func $a))
        (component $c0 (import "a" (func $a)) (core func $l (canon lower (func $a)))
            (core module $m (import "x" "a" (func $a)) (func (export "f") call $a))
            (core instance $x (export "a" (func $l)))
            (core instance $i (instantiate $m (with "x" (instance $x))))
            (func (export "f") (canon lift (core func $i "f"))))"#,
    );
    for level in 1..=depth {
        text.push_str(&format!(
            r#"(component $c{level} (alias outer 1 $c{} (component $p)) (import "a" (func $a))
                (instance $one (instantiate $p (with "a" (func $a)))) (alias export $one "f" (func $f))
                (instance $two (instantiate $p (with "a" (func $f)))) (alias export $two "f" (func $g))
                (export "f" (func $g)))"#,
            level - 1
        ));
    }
    text.push_str(&format!(
        r#"(instance $last (instantiate $c{depth} (with "a" (func $a)))) (alias export $last "f" (func $f))
        (core module $own) (core instance (instantiate $own)) (export "run" (func $f)))"#
    ));
    text
}

#[test]
fn instances_without_end_are_not_followed_and_counted_as_anything() {
    let (verdicts, obstacle, _) = looked_at(&doubling(6));
    assert_eq!((verdicts.as_slice(), obstacle), (&["reachable"][..], None));
    let (verdicts, obstacle, size) = looked_at(&doubling(60));
    assert_eq!((verdicts.as_slice(), obstacle), (&["unanalyzable"][..], Some(Obstacle::TooLarge)));
    assert!(size < 1 << 25, "{size}");
}

/// A component with a core module of `count` functions, each of which does the same, and that lie in a table.
fn table(count: usize, body: impl Fn(usize) -> String, more: &str) -> String {
    let functions: String = (0..count).map(|at| format!("(func $f{at} {})", body(at))).collect();
    let elements: String = (0..count).map(|at| format!(" $f{at}")).collect();
    format!(
        r#"(component (import "x:y/z" (instance $z (export "a" (func)))) (alias export $z "a" (func $a))
            (core func $l (canon lower (func $a)))
            (core module $m (import "x" "a" (func $a)) (type $v (func)) (table $t {count} funcref)
                {functions} (elem (table $t) (i32.const 0) func{elements}) (elem declare func $a)
                (func (export "run") {more} call $f0))
            (core instance $x (export "a" (func $l)))
            (core instance $i (instantiate $m (with "x" (instance $x))))
            (func (export "run") (canon lift (core func $i "run"))))"#
    )
}

#[test]
fn calls_through_tables_take_no_more_than_what_is_there() {
    const COUNT: usize = 3_000;
    let constant = |at: usize| format!("(call_indirect $t (type $v) (i32.const {at}))");
    for (more, expected) in [("", "unreachable"), ("(table.set $t (i32.const 1) (ref.func $a))", "reachable")]
    {
        let (verdicts, obstacle, size) = looked_at(&table(COUNT, constant, more));
        assert_eq!((verdicts.as_slice(), obstacle), (&[expected][..], None));
        assert!(size < 20 * COUNT, "{size}");
    }
    let any = |_| "(call_indirect $t (type $v) (i32.add (i32.const 0) (i32.const 1)))".to_owned();
    let (_, _, size) = looked_at(&table(COUNT, any, ""));
    assert!(size < 20 * COUNT, "{size}");
}
