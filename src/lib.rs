//! witc, the linker for WebAssembly components: checks them, links them, and judges what they can do.
//!
//! A run goes through the stages in this order, each a module that hands a value to the next:
//!
//! 1. [`config`]: what is asked for becomes a [`Request`](config::Request) and
//!    [`Composition`](config::Composition)s;
//! 2. [`load`]: WIT texts, components and core modules become [`Inputs`](load::Inputs);
//! 3. [`check`]: each import gets a provider that fits; the result is a [`Wiring`](check::Wiring);
//! 4. [`policy`]: what the wiring can do is held against what a policy grants;
//! 5. [`link`]: the wiring becomes a [`LinkPlan`](link::LinkPlan), steps in order;
//! 6. [`emit`]: the plan becomes an [`Artifact`](model::Artifact), which is read back and written;
//! 7. [`deploy`]: the same wiring becomes what a host takes, a [`Deployment`](deploy::Deployment);
//! 8. [`report`]: all that was found and made is an [`Outcome`](report::Outcome), shown in one of the formats.
//!
//! [`pipeline`] calls them, and is where an embedder starts. [`source`], [`diag`] and [`model`] are the words that all stages
//! share. Without the default feature `cli` there is no command line, and nothing that needs a terminal.
//!
//! ```
//! use witc::config::{ComponentInput, Request};
//! use witc::{pipeline, source::MemoryFiles};
//!
//! let files = MemoryFiles::default()
//!     .with("world.wit", "package company:payments; world w { import charge: func(amount: u64) -> bol; }");
//! let request =
//!     Request { inputs: vec![ComponentInput::bare("world.wit")], allow_wit: true, ..Request::default() };
//!
//! let outcome = pipeline::check(&request, &files);
//! assert_eq!(outcome.diagnostics.len(), 1);
//! assert_eq!(outcome.diagnostics[0].code.as_str(), "load/unknown-name");
//! ```

pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
pub mod deploy;
pub mod diag;
pub mod emit;
pub mod host;
pub mod link;
pub mod load;
pub mod model;
pub mod pipeline;
pub mod policy;
pub mod report;
pub mod source;
