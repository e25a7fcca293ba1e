//! Finds the name that somebody may have meant.
//!
//! Differs from `escape.rs`: that makes a name safe to show, this picks the name to show.

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
