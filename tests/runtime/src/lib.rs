//! What the run-time tests share: witc's artifacts, a host that runs them, and a payment gateway for them to call.
//!
//! Nothing here looks into an artifact; that is what the tests of witc itself do. Here it has to work.

pub mod gateway;
pub mod host;
pub mod linked;
pub mod server;
pub mod tools;
pub mod wash;
