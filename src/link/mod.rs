//! Turns an accepted wiring into an ordered plan. No bytes yet.
