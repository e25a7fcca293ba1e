//! Reads an artifact back before anyone else does: it must validate, and offer and need what the plan says.
//!
//! A failure here is a bug in witc, never the user's.

use super::diagnostics::{OverLimit, WrongArtifact};
use crate::diag::Run;
use crate::link::{LinkPlan, PlannedExport};
use crate::load::Refusal;
use crate::model::{Feature, Item, Items, Sort, Surface};

/// What was found in an artifact when it was read back.
type Found = (Surface, Vec<Feature>);

/// Reports that witc made an artifact that is wrong; it is not to be written.
pub fn report_wrong(reason: impl Into<String>, run: &mut Run) {
    run.diagnostics.report(WrongArtifact { reason: reason.into() });
}

/// What was found in the artifact; `None`, with a report, if it is not as planned.
pub(super) fn verify(plan: &LinkPlan, found: Result<Found, Refusal>, run: &mut Run) -> Option<Found> {
    let (surface, features) = match found {
        Ok(found) => found,
        Err(Refusal::OverLimit(reason)) => {
            run.diagnostics.report(OverLimit { reason });
            return None;
        }
        Err(Refusal::Invalid(reason)) => {
            run.diagnostics.report(WrongArtifact { reason });
            return None;
        }
    };
    let reason = difference(&plan.imports.imports, &surface.imports)
        .or_else(|| different_exports(&plan.exports, &surface.exports));
    match reason {
        Some(reason) => {
            run.diagnostics.report(WrongArtifact { reason });
            None
        }
        None => Some((surface, features)),
    }
}

/// The attributes of a name.
type Attributes<'a> = (Option<&'a str>, Option<&'a str>, Option<&'a str>);

fn attributes(item: &Item) -> Attributes<'_> {
    (item.implements.as_deref(), item.version_suffix.as_deref(), item.external_id.as_deref())
}

fn difference(planned: &Items, found: &Items) -> Option<String> {
    if !planned.keys().eq(found.keys()) {
        return Some("its imports are not those of the plan".to_owned());
    }
    planned.iter().zip(found.values()).find_map(|((name, planned), found)| {
        let sorts = (planned.kind.sort(), found.kind.sort());
        item_differs("import", name, sorts, (attributes(planned), attributes(found)))
    })
}

fn different_exports(planned: &[PlannedExport], found: &Items) -> Option<String> {
    if !planned.iter().map(|export| &export.name).eq(found.keys()) {
        return Some("its exports are not those of the plan".to_owned());
    }
    planned.iter().zip(found.values()).find_map(|(export, found)| {
        let planned =
            (export.implements.as_deref(), export.version_suffix.as_deref(), export.external_id.as_deref());
        item_differs("export", &export.name, (export.sort, found.kind.sort()), (planned, attributes(found)))
    })
}

fn item_differs(
    noun: &str,
    name: &str,
    (planned, found): (Sort, Sort),
    (before, after): (Attributes<'_>, Attributes<'_>),
) -> Option<String> {
    if planned != found {
        let (planned, found) = (planned.noun(), found.noun());
        return Some(format!(
            "its {noun} `{name}` is of sort {found}, and was planned to be of sort {planned}"
        ));
    }
    (before != after).then(|| format!("an attribute of its {noun} `{name}` is not that of the plan"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::code;
    use crate::link::ItemSource;
    use crate::load::inspect;

    #[track_caller]
    fn check(plan: &LinkPlan, bytes: &[u8], expected: bool) {
        let mut run = Run::default();
        assert_eq!(verify(plan, inspect(&[bytes]), &mut run).is_some(), expected);
        let codes: Vec<_> = run.diagnostics.iter().map(|it| it.code).collect();
        assert_eq!(codes, if expected { Vec::new() } else { vec![code::WRONG_ARTIFACT] });
    }

    #[test]
    fn an_artifact_must_be_as_planned() {
        let empty = [0, b'a', b's', b'm', 0x0d, 0, 1, 0];
        check(&LinkPlan::default(), &empty, true);
        check(&LinkPlan::default(), b"not a component", false);
        let export = PlannedExport {
            name: "run".to_owned(),
            implements: None,
            version_suffix: None,
            external_id: None,
            sort: Sort::Function,
            from: ItemSource::Import("run".to_owned()),
        };
        check(&LinkPlan { exports: vec![export.clone()], ..LinkPlan::default() }, &empty, false);
        // One export, of the type of an unsigned byte.
        let ty = [7, 2, 1, 0x7d, 11, 9, 1, 0, 3, b'r', b'u', b'n', 3, 0, 0];
        let with_type = [&empty[..], &ty].concat();
        for (sort, suffix, expected) in
            [(Sort::Type, None, true), (Sort::Function, None, false), (Sort::Type, Some(".1"), false)]
        {
            let version_suffix = suffix.map(str::to_owned);
            let export = PlannedExport { sort, version_suffix, ..export.clone() };
            check(&LinkPlan { exports: vec![export], ..LinkPlan::default() }, &with_type, expected);
        }
    }
}
