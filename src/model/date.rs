//! A day of the calendar, for grants that end.

use std::fmt;

/// A day, without a time and without a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// 1970-01-01.
    pub const EPOCH: Self = Self { year: 1970, month: 1, day: 1 };

    /// A day of the Gregorian calendar; `None` if there is no such day.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            1..=12 => 31,
            _ => return None,
        };
        ((1..=9999).contains(&year) && (1..=days).contains(&day)).then_some(Self { year, month, day })
    }

    /// Reads `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let mut part = |length: usize| {
            let part = parts.next()?;
            let digits = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| part.parse::<u16>().ok()).flatten()
        };
        let (year, month, day) = (part(4)?, part(2)?, part(2)?);
        match parts.next() {
            Some(_) => None,
            None => Self::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?),
        }
    }

    /// The day on which a moment lies in UTC, given as seconds since the start of 1970.
    pub fn from_unix_seconds(seconds: u64) -> Option<Self> {
        // Years that start in March put the leap day last; 719,468 days lie between 0000-03-01 and 1970-01-01.
        let days = seconds / 86_400 + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = era * 400 + year_of_era + u64::from(month <= 2);
        Self::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, exists: bool) {
        let date = Date::parse(text);
        assert_eq!(date.map(|date| date.to_string()), exists.then(|| text.to_owned()));
    }

    #[test]
    fn only_days_that_exist_are_dates() {
        check("2026-11-22", true);
        check("2024-02-29", true);
        check("2000-02-29", true);
        check("2026-02-29", false);
        check("1900-02-29", false);
        check("2026-13-01", false);
        check("2026-1-1", false);
        check("2026-11-22T00:00", false);
        check("2026-11-22-1", false);
        check("+026-11-22", false);
    }

    #[test]
    fn seconds_become_days() {
        let day = |seconds| Date::from_unix_seconds(seconds).map(|date| date.to_string());
        assert_eq!(day(0).as_deref(), Some("1970-01-01"));
        assert_eq!(day(951_782_400).as_deref(), Some("2000-02-29"));
        assert_eq!(day(1_795_305_600).as_deref(), Some("2026-11-22"));
        assert_eq!(day(u64::MAX), None);
    }
}
