//! Why the code of an instance could not be followed to its end, so that no import of it is proven out of reach.
//!
//! Differs from `support.rs`: that says what reached code is for, this why nobody can say what is reached.

/// What was in the way; the graver, the later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::policy) enum Obstacle {
    /// A component or a core module is handed in, or something is used that is not there.
    HandedIn,
    /// Components lie deeper within each other than anyone builds them.
    TooDeep,
    /// Components instantiate each other more often than can be looked at.
    TooLarge,
    /// The code cannot be read.
    Unreadable,
}

impl Obstacle {
    /// The words for it, a clause without a full stop.
    pub(in crate::policy) fn as_str(self) -> &'static str {
        match self {
            Self::HandedIn => "code is handed in that nobody can look into",
            Self::TooDeep => "the analysis stopped: components are nested more than 128 deep",
            Self::TooLarge => {
                "the analysis stopped: components instantiate each other more often than can be looked at"
            }
            Self::Unreadable => "its code cannot be read",
        }
    }
}
