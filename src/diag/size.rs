//! Sizes as people read them.
//!
//! Differs from `list.rs`, which puts names into words.

/// A number of bytes, exactly: `64,709 bytes`.
pub fn exact_size(bytes: u64) -> String {
    let digits = bytes.to_string();
    let mut exact = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            exact.push(',');
        }
        exact.push(digit);
    }
    format!("{exact} byte{}", if bytes == 1 { "" } else { "s" })
}

/// A size as people read it, and exactly.
pub fn size(bytes: u64) -> String {
    let exact = exact_size(bytes);
    let units = [(1_000_000_000_u64, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match units.iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => {
            let tenths = (u128::from(bytes) * 10 + u128::from(unit / 2)) / u128::from(*unit);
            format!("{}.{} {name} ({exact})", tenths / 10, tenths % 10)
        }
        None => exact,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: u64, expected: &str) {
        assert_eq!(size(bytes), expected);
    }

    #[test]
    fn sizes_are_readable_and_exact() {
        check(0, "0 bytes");
        check(1, "1 byte");
        check(999, "999 bytes");
        check(83_211, "83.2 kB (83,211 bytes)");
        check(999_999, "1000.0 kB (999,999 bytes)");
        check(1_234_567_890, "1.2 GB (1,234,567,890 bytes)");
    }
}
