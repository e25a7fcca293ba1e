//! Flags that would change nothing: whoever gives one expects something of it, so that it is a mistake.
//!
//! Differs from `wanted.rs`, where flags that mean too much are refused: these mean nothing.

use super::{CommandLine, Request};
use crate::diag::{Diagnostic, Label, Run, code};
use crate::source::Span;

/// A flag that has no effect on what it is given with.
#[derive(Clone, Copy, Debug)]
pub struct WithoutEffect<'f> {
    /// The flag, as it is written: `--world`.
    pub flag: &'static str,
    /// Its value.
    pub value: &'f str,
    /// What it would do, and why it does not.
    pub why: &'static str,
    /// What to do instead.
    pub help: &'f str,
}

impl WithoutEffect<'_> {
    /// Reports the flag, in the command line of `request`. Codes: `config/flag-without-effect`.
    pub fn report(self, request: &Request, run: &mut Run) {
        let mut line = CommandLine::new(request.command(), &mut run.sources);
        let start = line.argument(self.flag);
        let end = line.argument(self.value);
        line.finish(&mut run.sources);
        run.diagnostics.report(
            Diagnostic::new(code::FLAG_WITHOUT_EFFECT, format!("`{}` has no effect here", self.flag))
                .label(Label::primary(Span { end: end.end, ..start }, self.why))
                .help(self.help),
        );
    }
}
