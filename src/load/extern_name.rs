//! Which names an import or an export of a component can have.
//!
//! Differs from `model/name.rs`, which takes apart the names of binaries, and they are known to be right.

use wasmparser::WasmFeatures;
use wasmparser::names::{ComponentName, ComponentNameKind};

use crate::model::{InterfaceName, Sort, Track};

/// Whether a component can have an import or an export of this sort and name that somebody chose: words with hyphens between
/// them; an instance may also be called like an interface, with all of its version or none.
pub fn is_extern_name(name: &str, sort: Sort) -> bool {
    let Ok(parsed) = ComponentName::new_with_features(name, 0, WasmFeatures::all()) else { return false };
    match parsed.kind() {
        ComponentNameKind::Plain(_) => !name.starts_with('['),
        ComponentNameKind::Interface(_) => {
            let interface = InterfaceName::parse(name);
            let is_whole = |name: InterfaceName| name.version.is_some() || name.track == Track::Unversioned;
            sort == Sort::Instance && interface.is_some_and(is_whole)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, sort: Sort, expected: bool) {
        assert_eq!(is_extern_name(name, sort), expected, "{name}");
    }

    #[test]
    fn names_that_somebody_may_choose() {
        for sort in [Sort::Instance, Sort::Function, Sort::Type] {
            check("log", sort, true);
            check("log-2-FILE", sort, true);
            for wrong in [
                "",
                "bad name",
                "é",
                "a-",
                "[method]a.b",
                "log: a:b/c",
                "integrity=<sha256-a>",
                "a:b/c@1",
                "a:b/c@0.2",
            ] {
                check(wrong, sort, false);
            }
        }
        check("a:b/c", Sort::Instance, true);
        check("a:b/c@1.2.0-rc.1", Sort::Instance, true);
        check("a:b/c", Sort::Function, false);
    }
}
