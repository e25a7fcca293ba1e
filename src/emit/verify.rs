//! Reads an artifact back before anyone else does: it must validate, and offer and need what the plan says.
//!
//! A failure here is a bug in witc, never the user's.

use super::diagnostics::{OverLimit, WrongArtifact};
use crate::diag::Run;
use crate::link::LinkPlan;
use crate::load::Refusal;
use crate::model::{Feature, Item, Items, Surface};

/// What was found in an artifact when it was read back.
type Found = (Surface, Vec<Feature>);

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
    let planned = plan.exports.iter().map(|export| (&export.name, &export.external_id, &export.implements));
    let exports = surface.exports.iter().map(|(name, item)| (name, &item.external_id, &item.implements));
    let reason = difference(&plan.imports.imports, &surface.imports)
        .or_else(|| (!planned.eq(exports)).then(|| "its exports are not those of the plan".to_owned()));
    match reason {
        Some(reason) => {
            run.diagnostics.report(WrongArtifact { reason });
            None
        }
        None => Some((surface, features)),
    }
}

fn difference(planned: &Items, found: &Items) -> Option<String> {
    if !planned.keys().eq(found.keys()) {
        return Some("its imports are not those of the plan".to_owned());
    }
    let attributes =
        |item: &Item| (item.implements.clone(), item.version_suffix.clone(), item.external_id.clone());
    let differs = |(name, item): &(&String, &Item)| attributes(item) != attributes(&found[*name]);
    planned.iter().find(differs).map(|(name, _)| format!("its import `{name}` lost an attribute"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::code;
    use crate::link::{ItemSource, PlannedExport};
    use crate::load::inspect;
    use crate::model::Sort;

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
        check(&LinkPlan { exports: vec![export], ..LinkPlan::default() }, &empty, false);
    }
}
