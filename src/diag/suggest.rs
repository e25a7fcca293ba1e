//! Finds the name that somebody may have meant.
//!
//! Differs from `escape.rs`: that makes a name safe to show, this picks the name to show.

use std::cell::Cell;

/// How many names are looked at for one text or one package: who makes so many mistakes mends the first ones first.
const MOST_LOOKED_AT: usize = 1 << 18;

/// Finds names like [`closest`], for mistakes of which there may be as many as names: all of them together look at no more
/// than so many names, and those after that get no suggestion.
#[derive(Debug)]
pub(crate) struct Patience(Cell<usize>);

impl Default for Patience {
    fn default() -> Self {
        Self(Cell::new(MOST_LOOKED_AT))
    }
}

impl Patience {
    /// As [`closest`], as long as the patience lasts.
    pub(crate) fn closest<'c>(
        &self,
        name: &str,
        candidates: impl IntoIterator<Item = &'c str>,
    ) -> Option<&'c str> {
        let look = |_: &&str| self.0.set(self.0.get().saturating_sub(1));
        let found = closest(name, candidates.into_iter().take(self.0.get()).inspect(look));
        found.filter(|_| self.0.get() > 0)
    }
}

/// The candidate that is closest to `name`, if one is close enough to be a slip of the keyboard; of equals the first.
pub fn closest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let allowed = match name.chars().count() {
        0 | 1 => return None,
        2..=4 => 1,
        5..=8 => 2,
        _ => 3,
    };
    let letters = letters(name);
    let near = candidates.into_iter().filter(|candidate| *candidate != name);
    let near = near.filter(|candidate| least_distance(&letters, &self::letters(candidate)) <= allowed);
    let near = near.map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate));
    let nearest = near.min_by_key(|(distance, _)| *distance);
    nearest.filter(|(distance, _)| *distance <= allowed).map(|(_, candidate)| candidate)
}

/// The candidate that is one key away from `name`, if there is one: what else is near may be a name of its own.
pub fn slipped<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    candidates.into_iter().find(|candidate| strsim::damerau_levenshtein(name, candidate) == 1)
}

/// The same, or else the one candidate that goes on where `name` ends: for names that are given in short.
pub fn closest_or_longer<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let longer = || {
        let mut longer = candidates.iter().copied().filter(|candidate| candidate.starts_with(name));
        longer.next().filter(|_| name.chars().count() > 2)
    };
    closest(name, candidates.iter().copied()).or_else(longer)
}

/// How often each letter occurs, some letters taken together.
fn letters(name: &str) -> [usize; 32] {
    let mut counts = [0; 32];
    name.chars().for_each(|letter| counts[u32::from(letter) as usize % 32] += 1);
    counts
}

/// The distance that two names have at least: what only one of them has must come or go. Most names are told apart by it, at
/// a small part of the cost.
fn least_distance(one: &[usize; 32], other: &[usize; 32]) -> usize {
    let only = |one: &[usize; 32], other: &[usize; 32]| {
        one.iter().zip(other).map(|(one, other)| one.saturating_sub(*other)).sum::<usize>()
    };
    only(one, other).max(only(other, one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, candidates: &[&str], expected: Option<&str>) {
        assert_eq!(closest(name, candidates.iter().copied()), expected);
    }

    #[test]
    fn slips_are_recognised() {
        check("alow", &["allow", "forbid"], Some("allow"));
        check("inferface", &["interface", "world"], Some("interface"));
        check("zzz", &["allow", "forbid"], None);
        check("x", &["y"], None);
        check("expires", &[], None);
        check("recieve", &["deceive", "receive"], Some("receive"));
    }

    #[test]
    fn patience_ends() {
        let patience = Patience(Cell::new(5));
        let looked_at = Cell::new(0);
        let names = || ["allow", "forbid"].into_iter().inspect(|_| looked_at.set(looked_at.get() + 1));
        assert_eq!([(); 9].map(|()| patience.closest("alow", names()).is_some()), {
            [true, true, false, false, false, false, false, false, false]
        });
        assert_eq!(looked_at.get(), 5);
    }

    #[test]
    fn no_near_name_is_left_out() {
        let names = [
            "",
            "a",
            "types",
            "typse",
            "tcp",
            "udp",
            "monotonic-clock",
            "monotonic-clokc",
            "wall-clock",
            "ünïcode",
            "unicode",
        ];
        for (one, other) in names.iter().flat_map(|one| names.iter().map(move |other| (one, other))) {
            let least = least_distance(&letters(one), &letters(other));
            assert!(least <= strsim::damerau_levenshtein(one, other), "{one} {other}");
        }
        assert!(least_distance(&letters("environment"), &letters("preopens")) > 3);
    }
}
