//! The tasks of the people who work on witc.
fn main() {}
