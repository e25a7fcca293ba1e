//! Names that can be part of a path, of a manifest and of an image: lower case letters, digits and hyphens.
//!
//! Differs from `shell.rs` and `capnp.rs`, which write any text so that it is read back as it was.

use std::collections::BTreeSet;

/// The instances of a composition, each with a name of its own.
#[derive(Debug)]
pub(super) struct FileNames(Vec<String>);

impl FileNames {
    /// The names in the order given; two that would be one are told apart by a number.
    pub(super) fn of<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let mut taken = BTreeSet::new();
        Self(names.map(|name| own(file_name(name), &mut taken)).collect())
    }

    /// The name of the instance at this place of the wiring.
    pub(super) fn get(&self, at: usize) -> &str {
        &self.0[at]
    }

    /// The file of its component.
    pub(super) fn wasm(&self, at: usize) -> String {
        format!("{}.wasm", self.0[at])
    }
}

/// The name, or the name with a number where it is taken.
pub(super) fn own(name: String, taken: &mut BTreeSet<String>) -> String {
    let mut own = name.clone();
    let mut number = 1;
    while !taken.insert(own.clone()) {
        number += 1;
        let end = format!("-{number}");
        let start = name[..name.len().min(LONGEST - end.len())].trim_end_matches('-');
        own = format!("{start}{end}");
    }
    own
}

/// How many characters a name may have.
const LONGEST: usize = 63;

/// What a name becomes. It begins with a letter, as images and the names of Kubernetes do, and has at most 63 characters.
pub(super) fn file_name(name: &str) -> String {
    let plain = |character: char| {
        if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '-' }
    };
    let name: String = name.chars().map(plain).collect();
    let steps: Vec<&str> = name.split('-').filter(|step| !step.is_empty()).collect();
    let mut name = steps.join("-");
    if !name.starts_with(|first: char| first.is_ascii_lowercase()) {
        name = format!("app-{name}");
    }
    name.truncate(LONGEST);
    name.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: &str) {
        assert_eq!(file_name(name), expected);
    }

    #[test]
    fn names_are_plain() {
        check("payments", "payments");
        check("Payments_Front", "payments-front");
        check("../../etc/passwd", "etc-passwd");
        check("2fa", "app-2fa");
        check("\u{202e}..", "app");
        check(&"x".repeat(80), &"x".repeat(63));
    }

    #[test]
    fn two_instances_have_two_names() {
        let names = FileNames::of(["a_b", "a-b", "A-B"].into_iter());
        assert_eq!([names.get(0), names.get(1), names.get(2)], ["a-b", "a-b-2", "a-b-3"]);
        let long = "x".repeat(61) + "-y";
        let names = FileNames::of([long.as_str(), long.as_str()].into_iter());
        assert_eq!([names.get(0), names.get(1)], [long.clone(), format!("{}-2", "x".repeat(61))]);
    }
}
