//! Contains panics of the crates that parse WIT and decode components, so that a bad input never ends the run.
//!
//! Differs from `validate.rs`: that expects errors from a crate that keeps its word, this expects a crate to break it.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::{Mutex, Once, PoisonError};

/// What a contained panic said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Panic {
    /// Its message, in one line.
    pub(super) message: String,
    /// The file and line in the crate that panicked, such as `resolve.rs:293`.
    pub(super) place: String,
}

thread_local! {
    /// The place of the panic that is under way, while this thread contains panics.
    static CONTAINED: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `work`; where it panics, nothing is printed and the panic is the error.
///
/// Whatever `work` was changing may be half done afterwards: drop it.
pub(super) fn contain<T>(work: impl FnOnce() -> T) -> Result<T, Panic> {
    install_hook();
    let outer = CONTAINED.replace(Some(String::new()));
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    let place = CONTAINED.replace(outer).unwrap_or_default();
    result.map_err(|payload| Panic { message: message(payload.as_ref()), place })
}

/// Runs `work` on a stack that is deep enough for a parser that recurses once for each few bytes of a text of `size` bytes.
///
/// Only what is used of a stack takes memory.
pub(super) fn with_deep_stack<T: Send>(size: usize, work: impl FnOnce() -> T + Send) -> T {
    const LEAST: usize = 16 << 20;
    const FOR_EACH_BYTE: usize = 128;
    let depth = LEAST.saturating_add(size.saturating_mul(FOR_EACH_BYTE));
    let work = Mutex::new(Some(work));
    let run = || {
        let work = work.lock().unwrap_or_else(PoisonError::into_inner).take();
        work.expect("it is run once: on its own thread, or here")()
    };
    std::thread::scope(|scope| match std::thread::Builder::new().stack_size(depth).spawn_scoped(scope, run) {
        Ok(thread) => thread.join().unwrap_or_else(|payload| panic::resume_unwind(payload)),
        // Without room for another thread, the stack that there is must do.
        Err(_) => run(),
    })
}

/// The hook of the whole process stays in charge of every panic that is not contained.
fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            let contained = CONTAINED.with_borrow_mut(|place| match place {
                Some(place) => {
                    *place = place_of(panic);
                    true
                }
                None => false,
            });
            if !contained {
                previous(panic);
            }
        }));
    });
}

/// The file is cut to its name: the folders before it are those of whoever built witc.
fn place_of(panic: &PanicHookInfo<'_>) -> String {
    panic.location().map_or_else(String::new, |location| {
        let file = location.file().rsplit(['/', '\\']).next().unwrap_or_default();
        format!("{file}:{}", location.line())
    })
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no message");
    text.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error() {
        let panic = contain(|| panic!("first\n second")).unwrap_err();
        assert_eq!(panic.message, "first second");
        assert!(panic.place.starts_with("contain.rs:"), "{}", panic.place);
        assert_eq!(contain(|| 3), Ok(3));
    }

    #[test]
    fn containment_nests() {
        let outer = contain(|| {
            let inner = contain(|| panic!("inner")).map_err(|panic| panic.message);
            assert_eq!(inner, Err("inner".to_owned()));
            panic!("outer")
        });
        assert_eq!(outer.map_err(|panic| panic.message), Err("outer".to_owned()));
    }

    #[test]
    fn a_deep_stack_is_deep() {
        fn depth(left: u32) -> u32 {
            if left == 0 { 0 } else { 1 + std::hint::black_box(depth(std::hint::black_box(left - 1))) }
        }
        assert_eq!(with_deep_stack(1 << 20, || depth(500_000)), 500_000);
    }

    #[test]
    fn wit_parser_does_panic() {
        // A gate that is written twice on a `use` of another package: `Result::unwrap` on an error.
        let text =
            "package a:b; interface i { @since(version = 1.0.0) @since(version = 1.0.0) use c:d/e.{t}; }";
        let result = contain(|| wit_parser::UnresolvedPackageGroup::parse("a.wit", text).is_ok());
        assert!(result.is_err());
    }
}
