//! What a run judges by, each read once: policies, and the profiles of hosts.
//!
//! Differs from `gates.rs`, which judges by it. Who read a file anew might judge by another text than the one whose digest is
//! in the record, and would tell what is wrong with it again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::gates::{policy_path, today};
use crate::check::report_mistakes;
use crate::config::{Composition, Policy, Request, read_named_policy};
use crate::diag::Run;
use crate::host::{self, Asked, HostProfile};
use crate::policy::Occasion;
use crate::source::{Files, Origin, SourceId, Span};

/// The policies and the hosts of a run.
pub(super) struct Rules<'r> {
    pub(super) request: &'r Request,
    pub(super) files: &'r dyn Files,
    /// By path; `None` is one that cannot be read.
    policies: BTreeMap<PathBuf, Option<Arc<Policy>>>,
    /// The profiles that are files, by path; `None` is one that cannot be read.
    profiles: BTreeMap<PathBuf, Option<HostProfile>>,
    /// The files of both with which something is wrong. It is told once, and counts against each composition that has them.
    wrong: BTreeSet<PathBuf>,
}

impl<'r> Rules<'r> {
    pub(super) fn new(request: &'r Request, files: &'r dyn Files) -> Self {
        Self { request, files, policies: BTreeMap::new(), profiles: BTreeMap::new(), wrong: BTreeSet::new() }
    }

    /// The policy of a file, which a manifest names at `place` or the request; `None` if it cannot be read, which is reported.
    pub(super) fn policy(&mut self, path: &Path, place: Option<Span>, run: &mut Run) -> Option<Arc<Policy>> {
        if let Some(policy) = self.policies.get(path) {
            return policy.clone();
        }
        let errors = run.diagnostics.error_count();
        let policy = run
            .within(None, |run| read_named_policy(path, place, self.request, self.files, run))
            .map(Arc::new);
        self.note_wrong(path, errors, run);
        self.policies.insert(path.to_owned(), policy.clone());
        policy
    }

    /// Whether nothing is wrong with the policy and the host that a composition is judged by, or with those of the request
    /// alone.
    pub(super) fn are_in_order(&self, composition: Option<&Composition>, run: &Run) -> bool {
        let policy = match composition {
            Some(composition) => policy_path(composition, self.request),
            None => self.request.policy.clone(),
        };
        let of_manifest = || {
            let id = composition?.host.as_ref()?;
            Some(folder_of(id.span.source, run).join(id.as_str()))
        };
        let host = self.request.host.as_ref().map(PathBuf::from).or_else(of_manifest);
        policy.into_iter().chain(host).all(|path| !self.wrong.contains(&path))
    }

    /// Remembers a file that was read, if something is wrong with it.
    fn note_wrong(&mut self, path: &Path, errors: usize, run: &Run) {
        if run.diagnostics.error_count() > errors {
            self.wrong.insert(path.to_owned());
        }
    }

    /// The policy that a composition is judged by; `None` if there is none, or something is wrong with it.
    pub(super) fn policy_of(&mut self, composition: &Composition, run: &mut Run) -> Option<Arc<Policy>> {
        let path = policy_path(composition, self.request)?;
        self.policy(&path, composition.place_of_policy(&path), run)
    }

    /// The hosts that the request names.
    pub(super) fn asked(&mut self, run: &mut Run) -> Option<Asked> {
        self.hosts(self.request.host.as_deref()?, None, run)
    }

    /// The one host that the request names.
    pub(super) fn profile(&mut self, run: &mut Run) -> Option<HostProfile> {
        self.profile_called(self.request.host.as_deref()?, None, run)
    }

    /// The hosts that a composition is for, unless the request names others; a file is looked for beside the manifest.
    pub(super) fn asked_for(&mut self, composition: &Composition, run: &mut Run) -> Option<Asked> {
        if self.request.host.is_some() {
            return self.asked(run);
        }
        let id = composition.host.as_ref()?;
        self.hosts(id.as_str(), Some(id.span), run)
    }

    /// When and for which hosts a policy is judged. A file that is the profile of a host is read beside the file that names it.
    pub(super) fn occasion(&mut self, policy: &Policy, asked: Option<&Asked>, run: &mut Run) -> Occasion {
        let mut named = BTreeMap::new();
        for rules in &policy.hosts {
            let Some(id) = &rules.profile else { continue };
            let profile = match is_file(id.as_str()) {
                true => self.profile_called(id.as_str(), Some(id.span), run),
                false => host::profile(id.as_str(), Some(id.span), Path::new(""), self.files, run),
            };
            named.extend(profile.map(|profile| (rules.name.value.clone(), profile)));
        }
        let asked = asked.filter(|asked| !asked.is_survey).and_then(|asked| asked.profiles.first().cloned());
        Occasion { today: today(self.request), named, asked, accepted: self.request.accepted.clone() }
    }

    fn hosts(&mut self, id: &str, span: Option<Span>, run: &mut Run) -> Option<Asked> {
        if !is_file(id) {
            return host::asked(id, span, Path::new(""), self.files, run);
        }
        let profile = self.profile_called(id, span, run)?;
        Some(Asked { profiles: vec![profile], is_survey: false })
    }

    /// A profile by its id, or by its file, which is looked for beside the file that names it.
    fn profile_called(&mut self, id: &str, span: Option<Span>, run: &mut Run) -> Option<HostProfile> {
        let folder = span.map(|span| folder_of(span.source, run)).unwrap_or_default();
        if !is_file(id) {
            return host::profile(id, span, &folder, self.files, run);
        }
        let path = folder.join(id);
        if let Some(profile) = self.profiles.get(&path) {
            return profile.clone();
        }
        let errors = run.diagnostics.error_count();
        let profile = run.within(None, |run| {
            let profile = host::profile(id, span, &folder, self.files, run);
            profile.inspect(|profile| report_mistakes(profile, self.files, run))
        });
        self.note_wrong(&path, errors, run);
        self.profiles.insert(path, profile.clone());
        profile
    }
}

fn is_file(id: &str) -> bool {
    Path::new(id).extension().is_some_and(|extension| extension == "toml")
}

/// The folder of the file of a source.
fn folder_of(source: SourceId, run: &Run) -> PathBuf {
    match &run.sources.get(source).origin {
        Origin::File(path) => path.parent().map(Path::to_path_buf).unwrap_or_default(),
        Origin::StandardInput | Origin::CommandLine | Origin::BuiltIn | Origin::Printed { .. } => {
            PathBuf::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ComponentInput, ComposeRequest, OutputPath};
    use crate::pipeline::{check, compose, lint};
    use crate::report::Outcome;
    use crate::source::MemoryFiles;

    const HOST: &str = "id = 'ours'\nname = 'Ours'\nversion = '1'\ndate = 2026-11-01\ncomponents = 'native'\n[exports]\nfunctions = 'anywhere'\n";
    const POLICY: &str = "[policy]\nversion = 1\ntaxonomy = '2026.11'\n";

    fn files() -> MemoryFiles {
        let base = "extends = [{ path = 'base.toml', override = true, reason = 'x' }]\n";
        let component = |rest: &str| {
            format!(
                r#"(component
                    (core module $m (func (export "f"))) (core instance $i (instantiate $m))
                    (func (export "f") (canon lift (core func $i "f"))) {rest})"#
            )
        };
        MemoryFiles::default()
            .with("policy.toml", format!("{POLICY}{base}"))
            .with("base.toml", POLICY)
            .with("host.toml", HOST)
            .with("a.wat", component(""))
            .with("b.wat", component("(core module)"))
    }

    /// What is reported, each file that is judged by having been read once.
    #[track_caller]
    fn check_once(inputs: &[&str], ask: impl FnOnce(&Request, &MemoryFiles) -> Outcome) {
        let files = files();
        let inputs = inputs.iter().map(ComponentInput::bare).collect();
        let (policy, host) = (Some("policy.toml".into()), Some("host.toml".to_owned()));
        let request = Request { inputs, policy, host, validate_bodies: true, ..Request::default() };
        let outcome = ask(&request, &files);
        let found: Vec<&str> = outcome.diagnostics.iter().map(|found| found.code.as_str()).collect();
        assert_eq!(found, ["config/unused-override"], "{:?}", outcome.diagnostics);
        assert_eq!(["policy.toml", "base.toml", "host.toml"].map(|path| files.times_read(path)), [1, 1, 1]);
    }

    #[test]
    fn what_a_run_judges_by_is_read_once() {
        let output = Some(OutputPath::Path("out.wasm".into()));
        let flags = ComposeRequest { output, ..ComposeRequest::default() };
        check_once(&["a.wat"], |request, files| compose(request, &flags, files));
        check_once(&["a.wat", "b.wat"], |request, files| check(request, files));
        check_once(&["a.wat", "b.wat"], |request, files| lint(request, files));
    }
}
