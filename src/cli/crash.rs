//! The last line of defence: a panic becomes a short message that asks for a report, and its own exit code.
//!
//! Differs from `load/contain.rs`, which expects panics of the parsers on a bad input and goes on.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::ffi::OsString;
use std::io::Write;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, Once, PoisonError};

use super::bug_report;
use crate::diag::{BUG, escape};
use crate::source::Disk;

/// What the last panic said.
static LAST: Mutex<String> = Mutex::new(String::new());

/// How many runs are guarded right now.
static GUARDED: AtomicUsize = AtomicUsize::new(0);

/// Runs `work`; where it panics, says what is needed to report that.
pub(super) fn guard(arguments: &[OsString], work: impl FnOnce() -> u8) -> u8 {
    install_hook();
    GUARDED.fetch_add(1, Ordering::SeqCst);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    GUARDED.fetch_sub(1, Ordering::SeqCst);
    result.unwrap_or_else(|_| {
        let last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        let shown: Vec<String> = arguments.iter().map(|it| escape(&it.to_string_lossy())).collect();
        let message = format!(
            "error: this is a bug in witc, not in its input\n\
             \x20 please report it with these lines, and the inputs if you may share them:\n\n\
             \x20 witc {} on {} {}\n\x20 {}\n\x20 {}\n",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::ARCH,
            std::env::consts::OS,
            shown.join(" "),
            last.replace('\n', "\n  "),
        );
        let told = report(arguments, &last, &[]).map(|path| {
            format!("\n  what is needed to report it is in {}\n", escape(&path.to_string_lossy()))
        });
        let message = message + &told.unwrap_or_default();
        let _ = std::io::stderr().write_all(message.as_bytes()); // nobody left to tell
        BUG
    })
}

/// Installed once and for good: a hook that went back to its place would take those away that were put upon it.
fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if GUARDED.load(Ordering::SeqCst) > 0 {
                *LAST.lock().unwrap_or_else(PoisonError::into_inner) = describe(panic);
            } else {
                previous(panic);
            }
        }));
    });
}

/// Writes a report of a bug here, or where temporary files go.
pub(super) fn report(arguments: &[OsString], what: &str, read: &[PathBuf]) -> Option<PathBuf> {
    let save = |path: &Path, content: &[u8]| Disk.write_new(path, content);
    let write = |folder: &Path| bug_report::write(folder, arguments, what, read, &Disk, save);
    write(Path::new("")).or_else(|| write(&std::env::temp_dir()))
}

/// The message and the place; the way there only where `RUST_BACKTRACE` asks for it.
fn describe(panic: &PanicHookInfo<'_>) -> String {
    let payload = panic.payload();
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no message");
    let place = panic.location().map_or("an unknown place".to_owned(), |place| place.to_string());
    let text: Vec<String> = text.lines().map(escape).collect();
    let mut told = format!("panic at {place}: {}", text.join(" / "));
    let way = Backtrace::capture();
    if way.status() == BacktraceStatus::Captured {
        told.push_str(&format!("\n{way}"));
    }
    told
}
