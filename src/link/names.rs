//! Finds imports or exports of the whole whose names engines cannot tell apart.
//!
//! Names are strongly unique (Binary.md, "name uniqueness"): neither case nor the annotation of a function counts.

use std::collections::BTreeMap;

use super::LinkPlan;
use super::diagnostics::NameConflict;
use crate::diag::Run;

/// Reports each pair of names that are too much alike.
pub(super) fn check(plan: &LinkPlan, run: &mut Run) {
    conflicts("import", plan.imports.imports.keys(), run);
    conflicts("export", plan.exports.iter().map(|export| &export.name), run);
}

fn conflicts<'n>(noun: &'static str, names: impl Iterator<Item = &'n String>, run: &mut Run) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for name in names {
        if let Some(other) = seen.insert(folded(name), name) {
            run.diagnostics.report(NameConflict { noun, one: other.to_owned(), other: name.clone() });
        }
    }
}

/// A name as engines compare it. A constructor may be called as its resource.
fn folded(name: &str) -> String {
    let plain = match name.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some(("constructor", _)) | None => name,
        Some((_, rest)) => rest,
    };
    plain.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(one: &str, other: &str, is_conflict: bool) {
        assert_eq!(folded(one) == folded(other), is_conflict, "{one} {other}");
    }

    #[test]
    fn neither_case_nor_annotation_counts() {
        check("log", "LOG", true);
        check("log", "logs", false);
        check("[method]r.a", "[static]r.a", true);
        check("[constructor]r", "r", false);
        check("a:b/c@1.0.0", "a:b/c@1.0.1", false);
    }
}
