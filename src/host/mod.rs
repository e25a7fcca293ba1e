//! Host profiles: what a host supplies, in which versions, with which power.
//!
//! Rows are dated data with sources (`data/*.toml`, one file a host), never code; a user adds others as files. Nothing here
//! looks at an artifact: `check` holds artifacts against profiles.

mod diagnostics;
mod profile;
mod profile_file;

use std::path::Path;
use std::sync::OnceLock;

use semver::Version;

pub use profile::{
    CalledFunctions, EnforcedScope, Exports, FORMS, Fact, FeatureRule, Form, HostProfile, Limits, MatchRule,
    Power, Provided, Running, Supply,
};

use crate::config::ALL_HOSTS;
use crate::diag::Run;
use crate::model::InterfaceName;
use crate::source::{Files, Origin, Span};
use diagnostics::UnknownProfile;

/// Name and text of each data file, sorted; made by build.rs.
const DATA: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/hosts.rs"));

/// The profiles that witc carries, sorted by id.
pub fn profiles() -> &'static [HostProfile] {
    static ALL: OnceLock<Vec<HostProfile>> = OnceLock::new();
    ALL.get_or_init(|| {
        let read = |(name, text): &(&str, &str)| {
            let mut run = Run::default();
            let source = run.sources.add(*name, Origin::BuiltIn, *text);
            profile_file::read_profile(source, &mut run)
        };
        let mut profiles: Vec<HostProfile> = DATA.iter().filter_map(read).collect();
        profiles.sort_by(|a, b| a.id.cmp(&b.id));
        profiles
    })
}

/// The profile of an id, or of a file where the text ends in `.toml`. `span` is where it is asked for, and a file is
/// looked for in `folder`.
///
/// Codes: `host/unknown-profile`; for a file those of `config/` that any file of witc can cause, and
/// `host/unknown-feature`.
pub fn profile(
    id: &str,
    span: Option<Span>,
    folder: &Path,
    files: &dyn Files,
    run: &mut Run,
) -> Option<HostProfile> {
    if Path::new(id).extension().is_some_and(|extension| extension == "toml") {
        return profile_file::read_file(&folder.join(id), files, run);
    }
    let found = profiles().iter().find(|profile| profile.id == id);
    if found.is_none() {
        run.diagnostics.report(unknown(id, span));
    }
    found.cloned()
}

fn unknown(id: &str, span: Option<Span>) -> UnknownProfile {
    let known = profiles().iter().map(|profile| profile.id.clone()).collect();
    let is_called = |profile: &&HostProfile| profile.also.iter().any(|word| word.eq_ignore_ascii_case(id));
    let called = profiles().iter().filter(is_called).map(|profile| profile.id.clone()).collect();
    UnknownProfile { id: id.to_owned(), known, called, span }
}

/// The hosts that something is to be held against.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Their profiles.
    pub profiles: Vec<HostProfile>,
    /// Whether all were asked for: then it is a question, and no host has to take the artifact.
    pub is_survey: bool,
}

/// The hosts that a text asks for: [`ALL_HOSTS`], or one as in [`profile`].
pub fn asked(id: &str, span: Option<Span>, folder: &Path, files: &dyn Files, run: &mut Run) -> Option<Asked> {
    if id == ALL_HOSTS {
        return Some(Asked { profiles: profiles().to_vec(), is_survey: true });
    }
    let profile = profile(id, span, folder, files, run)?;
    Some(Asked { profiles: vec![profile], is_survey: false })
}

/// The ids of the hosts that have a package in this very version.
pub fn with_version(package: &str, version: &Version) -> Vec<&'static str> {
    let has_it = |profile: &&HostProfile| {
        profile.provides.iter().any(|row| row.package == package && row.versions.contains(version))
    };
    profiles().iter().filter(has_it).map(|profile| profile.id.as_str()).collect()
}

/// Whether some host is known to provide interfaces of this namespace.
pub fn provides_somewhere(interface: &InterfaceName) -> bool {
    let namespace = format!("{}:", interface.namespace());
    profiles().iter().flat_map(|profile| &profile.provides).any(|row| row.package.starts_with(&namespace))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_file_is_a_profile_of_its_own() {
        for (name, text) in DATA {
            let mut run = Run::default();
            let source = run.sources.add(*name, Origin::BuiltIn, *text);
            let profile = profile_file::read_profile(source, &mut run);
            let found: Vec<_> = run.diagnostics.iter().map(|found| &found.message).collect();
            let profile = profile.unwrap_or_else(|| panic!("{name}: {found:?}"));
            assert_eq!(*name, format!("{}.toml", profile.id));
            assert!(!profile.sources.is_empty(), "{name} says not where its facts are from");
        }
        let ids: BTreeSet<&str> = profiles().iter().map(|profile| profile.id.as_str()).collect();
        assert_eq!(ids.len(), DATA.len());
        assert!(!ids.contains(ALL_HOSTS));
    }

    #[track_caller]
    fn check(host: &str, interface: &str, expected: Option<&str>) {
        let profile = profiles().iter().find(|profile| profile.id == host).expect("a host");
        let name = InterfaceName::parse(interface).expect("an interface");
        let supply = profile.supply(&name).map(|supply| supply.name.to_string());
        assert_eq!(supply.as_deref(), expected, "{interface} on {host}");
    }

    #[test]
    fn versions_match_by_the_rule_of_the_host() {
        check("wasmtime-run", "wasi:cli/environment@0.2.12", Some("wasi:cli/environment@0.2.12"));
        check("wasmtime-run", "wasi:cli/environment@0.2.0", Some("wasi:cli/environment@0.2.12"));
        check("wasmtime-run", "wasi:cli/environment@0.2.99", Some("wasi:cli/environment@0.2.12"));
        check("wasmtime-run", "wasi:cli/environment@0.2", Some("wasi:cli/environment@0.2.12"));
        check("wasmtime-run", "wasi:cli/environment@0.3.1", Some("wasi:cli/environment@0.3.0"));
        check("wasmtime-run", "wasi:cli/environment@0.3.0-rc-2026-03-15", None);
        check("wasmtime-run", "wasi:keyvalue/store@0.2.0-draft", Some("wasi:keyvalue/store@0.2.0-draft"));
        check("wasmtime-run", "wasi:keyvalue/store@0.2.0-draft2", None);
        check("wasmtime-run", "wasi:cli/environment", None);
        check("wasmtime-run", "company:shop/stock", None);
        check("wasmcloud", "wasmcloud:messaging/consumer@0.2.1", Some("wasmcloud:messaging/consumer@0.2.0"));
        check("wasmcloud", "wasi:clocks/timezone@0.2.0", None);
        check("wasmcloud", "wasmcloud:messaging/consumer@0.2.0", Some("wasmcloud:messaging/consumer@0.2.0"));
        check("spin", "fermyon:spin/llm@2.0.0", Some("fermyon:spin/llm@2.0.0"));
    }

    #[test]
    fn namespaces_of_hosts_are_known() {
        let is_known = |text| provides_somewhere(&InterfaceName::parse(text).expect("an interface"));
        assert!(
            ["wasi:io/poll", "fastly:compute/acl", "spin:redis/redis", "golem:api/host"].map(is_known)
                == [true; 4]
        );
        assert!(!is_known("company:shop/stock"));
    }
}
