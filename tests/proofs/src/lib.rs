//! What the dynamic check of witc's proofs is made of: random components, what witc proves about them, and what they call.
//!
//! Differs from `tests/runtime`, where components do what they are for, on real hosts: here nothing is for anything.

pub mod chance;
pub mod cores;
pub mod handles;
pub mod proven;
pub mod smith;
pub mod traced;
