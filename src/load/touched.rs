//! Inputs to which somebody wrote while they were looked at where they lie: nothing that was found in them counts.

use std::io;

use super::diagnostics::{At, Fault};
use crate::diag::Run;

/// Whether nobody wrote to an input since it was loaded; asked when all that is to be made of the inputs is made, and before
/// anybody sees it. An input that is another one now is reported, and no longer watched.
pub fn are_untouched(run: &mut Run) -> bool {
    let changed = run.sources.changed();
    run.sources.watch_no_longer();
    if !changed.is_empty() {
        run.diagnostics.acquit();
    }
    for source in &changed {
        let fault = Fault::Unreadable(io::Error::other("something changed it while it was read"));
        let name = run.sources.get(*source).name.clone();
        run.diagnostics.report(At { source: *source, name, fault });
    }
    changed.is_empty()
}
