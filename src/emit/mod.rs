//! Encodes a plan as one component, then reads it back and compares it with the plan.
//!
//! Differs from `link`: nothing is ordered or renamed here. The bytes of the inputs are passed on untouched.

mod copies;
mod core_types;
mod diagnostics;
mod encode;
mod folder;
mod import_types;
mod output;
mod root_types;
mod verify;
mod writer;

pub use copies::with_references;
pub use encode::{Record, emit, emit_to};
pub use folder::{NewFile, write_folder};
pub use output::{Destination, Ready, as_text, write};
pub use verify::report_wrong;
