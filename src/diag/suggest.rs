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
    let distance = |candidate: &&str| strsim::damerau_levenshtein(name, candidate);
    let near = candidates.into_iter().filter(|candidate| *candidate != name);
    near.min_by_key(distance).filter(|candidate| distance(candidate) <= allowed)
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
    }
}
