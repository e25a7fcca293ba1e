//! Encodes a plan as one component, then reads it back.
