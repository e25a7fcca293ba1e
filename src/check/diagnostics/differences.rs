//! What differs between two types, in words that all reports of this stage share.
//!
//! Differs from `fitting.rs`, which reports those differences of wires.

use std::collections::HashSet;

use crate::check::{Difference, Mismatch};
use crate::diag::{counted, list, quoted};
use crate::model::{FunctionName, ItemPath, Step};

/// The function or type of a step as people call it: `input.read` for `[method]input.read`.
pub(in crate::check) fn item_name(name: &str) -> String {
    match FunctionName::parse(name) {
        FunctionName::Free(name) => quoted(name),
        FunctionName::Constructor(resource) => format!("constructor of {}", quoted(resource)),
        FunctionName::Method(resource, name) | FunctionName::Static(resource, name) => {
            quoted(&format!("{resource}.{name}"))
        }
    }
}

/// The steps below the import itself: ``  `charge` / parameter `amount` ``.
pub(in crate::check) fn path_text(path: &ItemPath) -> String {
    let step = |step: &Step| match step {
        Step::Item(name) => item_name(name),
        Step::Parameter(name) => format!("parameter {}", quoted(name)),
        Step::Field(name) => format!("field {}", quoted(name)),
        Step::Case(name) => format!("case {}", quoted(name)),
        Step::Result | Step::Element | Step::Position(_) | Step::Key | Step::Value | Step::Ok | Step::Err => {
            step.to_string()
        }
    };
    path.steps.iter().skip(1).map(step).collect::<Vec<_>>().join(" / ")
}

/// A piece of a component, from the import or export that it is in: ``  `acme:pay/vault` / `open` / result ``.
pub(in crate::check) fn piece_text(path: &ItemPath) -> String {
    let name = path.extern_name().map_or("all that it exports".to_owned(), quoted);
    let rest = path_text(path);
    if rest.is_empty() { name } else { format!("{name} / {rest}") }
}

/// What is missing, in words: ``the constructor of `input`, functions `input.skip` and `reset`, and type `size` ``.
pub(in crate::check) fn missing(mismatches: &[&Mismatch]) -> Vec<String> {
    let (mut items, mut functions) = (Vec::new(), Vec::new());
    for mismatch in mismatches {
        let (Difference::Missing { noun }, Some(name)) = (&mismatch.difference, mismatch.path.last_name())
        else {
            continue;
        };
        match (*noun, FunctionName::parse(name)) {
            ("function", FunctionName::Constructor(_)) => items.push(format!("the {}", item_name(name))),
            ("function", _) => functions.push(item_name(name)),
            (noun, _) => items.push(format!("{noun} {}", item_name(name))),
        }
    }
    if !functions.is_empty() {
        let noun = if functions.len() == 1 { "function" } else { "functions" };
        items.push(format!("{noun} {}", list(&functions)));
    }
    items
}

/// What each side has, as the ends of sentences that start with the names of the sides.
pub(in crate::check) fn sides(difference: &Difference) -> (String, String) {
    let words = |expected: &str, found: &str| (format!("expects {expected}"), format!("has {found}"));
    match difference {
        Difference::Missing { noun } => (format!("needs this {noun}"), "has none of this name".to_owned()),
        Difference::Kind { expected, found } => words(&with_article(expected), &with_article(found)),
        Difference::Type { expected, found } => words(&quoted(expected), &quoted(found)),
        Difference::Async { expected: true } => words("an `async` function", "one that is not `async`"),
        Difference::Async { expected: false } => words("a function that is not `async`", "an `async` one"),
        Difference::Names { noun, expected, found } => {
            let [expected, found] = names(noun, expected, found);
            words(&expected, &found)
        }
        Difference::ExternalId { expected, found } => {
            let show = |id: &Option<String>| match id {
                Some(id) => format!("the external id {}", quoted(id)),
                None => "no external id".to_owned(),
            };
            words(&show(expected), &show(found))
        }
        Difference::Result { expected: true } => words("a result", "none"),
        Difference::Result { expected: false } => words("no result", "one"),
    }
}

/// Of more names than this, those that both sides have in one order are left out.
const FEW: usize = 6;

/// The names on two sides: all of them where they are few, else those that differ.
fn names(noun: &str, expected: &[String], found: &[String]) -> [String; 2] {
    let show = |names: &[String]| match names {
        [] => format!("no {noun}"),
        names => format!("{noun} {}", quoted(&names.join(", "))),
    };
    let only = |names: &[String], others: &[String]| {
        let others: HashSet<&String> = others.iter().collect();
        names.iter().filter(|name| !others.contains(name)).cloned().collect::<Vec<_>>()
    };
    if expected.len().max(found.len()) <= FEW {
        return [show(expected), show(found)];
    }
    let own = [only(expected, found), only(found, expected)];
    if own[0].len() == expected.len() {
        return [show(expected), show(found)];
    }
    if own.iter().all(Vec::is_empty) {
        // The same ones in another order: where that starts.
        let moved = expected.iter().zip(found).position(|(one, other)| one != other).unwrap_or_default();
        let at =
            |names: &[String]| format!("{} as number {} of its {noun}", quoted(&names[moved]), moved + 1);
        return [at(expected), at(found)];
    }
    let one = noun.strip_suffix('s').unwrap_or(noun);
    [(&own[0], expected.len()), (&own[1], found.len())].map(|(own, count)| match own.is_empty() {
        true => format!("{}, and no other", counted(count, one)),
        false => format!("{}, with {}", counted(count, one), quoted(&own.join(", "))),
    })
}

fn with_article(noun: &str) -> String {
    match noun {
        "nothing" => noun.to_owned(),
        "instance" => format!("an {noun}"),
        _ => format!("a {noun}"),
    }
}
