//! What the fuzz targets share: when an input is a finding.
//!
//! Differs from `tests/it/mutations.rs`, which damages inputs by chance alone: here the fuzzer sees which code an input
//! reaches, and keeps those that reach new code.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::abort;
use std::sync::Once;

use witc::report::Outcome;

/// What witc says where the validator contradicts the checker.
const BUG: &str = "emit/wrong-artifact";

/// Runs `work`; a panic that witc does not contain by itself ends the process, which is how a fuzzer sees a finding.
///
/// The hook that the fuzzer installs would end it on contained ones too: the parsers of others panic, and witc goes on.
pub fn hold<T>(work: impl FnOnce() -> T) -> T {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        std::panic::set_hook(Box::new(|panic| {
            if std::env::var_os("WITC_FUZZ_LOUD").is_some() {
                eprintln!("{panic}");
            }
        }));
    });
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no message");
        eprintln!("witc panics: {text}");
        abort()
    })
}

/// A run that ends as a bug in witc is a finding.
pub fn expect_no_bug(outcome: &Outcome) {
    if let Some(bug) = outcome.diagnostics.iter().find(|diagnostic| diagnostic.code.as_str() == BUG) {
        eprintln!("{}: {} {:?}", bug.code, bug.message, bug.notes);
        abort();
    }
}
