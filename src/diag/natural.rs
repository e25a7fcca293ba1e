//! The order in which people expect names: `part2` before `part10`.
//!
//! Differs from `list.rs`, which puts names that are in order into a sentence.

use std::cmp::Ordering;

/// Compares two names, numbers within them by their value; names that differ only in zeros ahead of a number are told apart
/// by all of their text.
pub fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.as_bytes(), b.as_bytes());
    while let (Some(first), Some(second)) = (left.first(), right.first()) {
        if first.is_ascii_digit() && second.is_ascii_digit() {
            let (one, other) = (number(&mut left), number(&mut right));
            match one.len().cmp(&other.len()).then_with(|| one.cmp(other)) {
                Ordering::Equal => {}
                order @ (Ordering::Less | Ordering::Greater) => return order,
            }
        } else if first == second {
            (left, right) = (&left[1..], &right[1..]);
        } else {
            return first.cmp(second);
        }
    }
    left.len().cmp(&right.len()).then_with(|| a.cmp(b))
}

/// Takes the digits at the start of a text, and returns those that count.
fn number<'t>(text: &mut &'t [u8]) -> &'t [u8] {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let zeros = text.iter().take(digits).take_while(|byte| **byte == b'0').count();
    let (number, rest) = text.split_at(digits);
    *text = rest;
    &number[zeros..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sorted: &[&str]) {
        let mut names = sorted.to_vec();
        names.reverse();
        names.sort_by(|a, b| natural_order(a, b));
        assert_eq!(names, sorted);
    }

    #[test]
    fn numbers_count_by_their_value() {
        check(&["", "a", "a2", "a10", "a10b", "a010c", "b1"]);
        check(&["001", "01", "1", "2", "10"]);
        check(&["x1y2", "x1y10", "x2y1", "xé"]);
        check(&["99999999999999999999998", "99999999999999999999999"]);
    }
}
