//! Capabilities and least privilege over a wiring: judges, and changes nothing.
