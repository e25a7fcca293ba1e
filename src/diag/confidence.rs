//! How sure a judgement is.
//!
//! Differs from a level: that is how much it matters to the user.

use super::{Code, code, find};

/// How sure a judgement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// It follows from names, types and the policy alone, and is so.
    Exact,
    /// It is proven from code or types: what it says never happens, cannot; what it says can happen, may not.
    Proven,
    /// It rests on names and recorded lists.
    Likely,
}

/// The judgements that are not exact; a finding can say otherwise of itself.
const NOT_EXACT: &[(Code, Confidence)] = &[
    (code::UNGRANTED_EFFECTIVE, Confidence::Proven),
    (code::UNREACHABLE_IMPORT, Confidence::Proven),
    (code::UNEXERCISABLE_IMPORT, Confidence::Proven),
    (code::UNUSED_EXPORT_CAPABILITY, Confidence::Proven),
    (code::UNNEEDED_GRANT, Confidence::Proven),
    (code::RUNTIME_ONLY_IMPORT, Confidence::Likely),
    (code::ROOT_IN_DEPENDENCY, Confidence::Likely),
];

impl Confidence {
    /// How sure a lint is where a finding says nothing else; `None` for an error.
    pub fn of(code: Code) -> Option<Self> {
        let row = find(code.as_str()).filter(|row| row.is_lint())?;
        let known = NOT_EXACT.iter().find(|(code, _)| *code == row.code);
        Some(known.map_or(Self::Exact, |(_, confidence)| *confidence))
    }

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Proven => "proven",
            Self::Likely => "likely",
        }
    }
}
