//! Puts names into a row, as a sentence has them.
//!
//! Differs from `escape.rs`: the names are safe to show by then.

/// `a`, `a and b`, `a, b and c`; of more than six the first five, and how many others there are.
pub fn list(names: &[String]) -> String {
    list_of(names, names.len())
}

/// The same of `count` names, of which these are the first: at least six, or all.
pub fn list_of(names: &[String], count: usize) -> String {
    match names {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [first @ .., last] if count <= 6 => format!("{} and {last}", first.join(", ")),
        _ => format!("{} and {} others", names[..5].join(", "), count - 5),
    }
}

/// How many there are of something, by its singular: `1 import`, `2 imports`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(count: usize, expected: &str) {
        let names: Vec<String> = ('a'..).take(count).map(String::from).collect();
        assert_eq!(list(&names), expected);
    }

    #[test]
    fn long_lists_are_cut() {
        check(0, "nothing");
        check(1, "a");
        check(2, "a and b");
        check(6, "a, b, c, d, e and f");
        check(7, "a, b, c, d, e and 2 others");
    }
}
