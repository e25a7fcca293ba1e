//! Finds the capability or the export that an entry of a policy may have meant, where it names none that is known.
//!
//! Differs from `grant.rs`, which says what entries speak of.

use std::collections::BTreeSet;

use super::capability::Instance;
use super::taxonomy::taxonomy;
use crate::config::{Pattern, Selector, Target};
use crate::diag::closest;
use crate::model::CapabilityName;

/// The interfaces that the taxonomy or a component knows, without versions.
pub(super) struct Known(BTreeSet<String>);

/// The entry as it was probably meant; `None` where it is known, or like nothing that is.
pub(super) fn meant(known: &Known, selector: &Selector) -> Option<String> {
    let Selector::Capability(pattern) = selector else { return None };
    let Target::Package { package, interface, track } = &pattern.target else { return None };
    let known = &known.0;
    let packages = || -> BTreeSet<&str> {
        known.iter().filter_map(|path| path.split_once('/')).map(|it| it.0).collect()
    };
    let target = |package: &str, interface: Option<&str>| Target::Package {
        package: package.to_owned(),
        interface: interface.map(str::to_owned),
        track: track.clone(),
    };
    let target = match interface {
        Some(interface) => {
            let path = format!("{package}/{interface}");
            if known.contains(&path) {
                return None;
            }
            let (package, interface) = closest(&path, known.iter().map(String::as_str))?.split_once('/')?;
            target(package, Some(interface))
        }
        None if packages().contains(package.as_str()) => return None,
        None => target(closest(package, packages())?, None),
    };
    Some(Pattern { target, ..pattern.clone() }.to_string())
}

/// The entry of `only-for` as it was probably meant, given what is exported.
pub(super) fn meant_export(
    entry: &Pattern,
    exported: impl IntoIterator<Item = CapabilityName>,
) -> Option<String> {
    let in_its_form = |name: CapabilityName| {
        let mut export = Pattern::exactly(&name);
        if let Target::Package { track, .. } = &mut export.target
            && !matches!(entry.target, Target::Package { track: Some(_), .. })
        {
            *track = None;
        }
        let function = export.function.filter(|_| entry.function.is_some());
        Pattern { function, ..export }.to_string()
    };
    let exported: BTreeSet<String> = exported.into_iter().map(in_its_form).collect();
    closest(&entry.to_string(), exported.iter().map(String::as_str)).map(str::to_owned)
}

impl Known {
    pub(super) fn of(instances: &[Instance]) -> Self {
        let imports = instances.iter().flat_map(|it| &it.imports).filter_map(|it| it.name.interface.as_ref());
        let exports = instances.iter().flat_map(|it| &it.exports).map(|(_, interface)| interface);
        let seen = imports.chain(exports).map(|interface| interface.path());
        Self(seen.chain(taxonomy().interfaces().map(str::to_owned)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Run;
    use crate::source::Origin;

    /// Reads an entry as policies do.
    fn selector(text: &str) -> Selector {
        let text = format!("[policy]\nversion = 1\ntaxonomy = '2026.11'\n[groups]\nx = ['{text}']");
        let mut run = Run::default();
        let source = run.sources.add("p", Origin::StandardInput, text);
        let policy = crate::config::Policy::read(source, &mut run).expect("a right policy");
        policy.groups[0].members[0].value.clone()
    }

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(meant(&Known::of(&[]), &selector(text)).as_deref(), expected);
    }

    #[test]
    fn slips_are_seen_and_names_of_others_are_left_alone() {
        check("wasi:htpp/types@0.2", Some("wasi:http/types@0.2"));
        check("wasi:cli/enviroment@0.2#get-environment", Some("wasi:cli/environment@0.2#get-environment"));
        check("wasi:socket@*", Some("wasi:sockets"));
        check("wasi:sockets@0.2", None);
        check("wasi:cli/environment@0.3", None);
        check("acme:payments/charge", None);
        check("log", None);
    }
}
