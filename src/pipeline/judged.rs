//! Asks what inputs can do, and what of that they may.
//!
//! Differs from `gates.rs`: there a composition that is being linked is let through or not, here the question is all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::gates::{hold_to_lock, on_hosts, policy_path};
use super::rules::Rules;
use super::{finish, looked_at, start, wanted, wired};
use crate::check::{Wiring, by_itself, opened, side_by_side};
use crate::config::{ComposeRequest, Composition, Request, compositions, policy_for, read_lock};
use crate::diag::{Code, Diagnostic, Run, code, edited};
use crate::host::Asked;
use crate::load::{Declared, Inputs, declared, load};
use crate::policy::{self, judge};
use crate::report::{Answer, Looked, Outcome};
use crate::source::{Files, Origin, Overlay};

/// Judges compositions, and other inputs side by side, against a policy.
pub fn lint(request: &Request, files: &dyn Files) -> Outcome {
    lint_for(request, &[], files)
}

/// The same, for who wants findings of some codes, or of all without any; others may be among them. The capability lock is
/// read only where it matters.
pub fn lint_for(request: &Request, wanted: &[Code], files: &dyn Files) -> Outcome {
    judged(request, wanted, files).0
}

/// The same, with the policies that were judged by.
fn judged(request: &Request, wanted: &[Code], files: &dyn Files) -> (Outcome, BTreeSet<PathBuf>) {
    let mut policies = BTreeSet::new();
    let (mut run, mut outcome) = start(request);
    let mut found = subjects(request, files, &mut run);
    let is_whole = request.composition.is_none() && run.diagnostics.error_count() == 0;
    found.iter_mut().for_each(|subject| subject.find_worlds(request, files, &mut run));
    let mut judged: Vec<_> = found.iter_mut().map(Subject::as_judged).collect();
    let is_whole = is_whole && !request.manifests.is_empty();
    let lock = (wanted.is_empty() || wanted.contains(&code::CAPABILITY_DRIFT))
        .then(|| hold_to_lock(&mut judged, is_whole, request, files, &mut run))
        .flatten();
    let mut rules = Rules::new(request, files);
    let mut by_policy: BTreeMap<Option<PathBuf>, Vec<(Subject, Option<Asked>)>> = BTreeMap::new();
    for mut subject in found {
        match &subject.composition {
            Some(it) => outcome.looked_at.push(Looked { noun: "composition", name: it.name.value.clone() }),
            None => outcome.looked_at.extend(looked_at(&subject.inputs)),
        }
        let asked = subject.hold(&mut rules, &mut run);
        let beside = subject.composition.as_ref().and_then(|composition| composition.policy.as_ref());
        let path = request.policy.clone().or_else(|| beside.map(|path| path.value.clone()));
        by_policy.entry(path).or_default().push((subject, asked));
    }
    let are_all = !is_policy_shared(request, files);
    for (path, mut subjects) in by_policy {
        let place = path.as_ref().and_then(|path| {
            subjects.iter().find_map(|(subject, _)| subject.composition.as_ref()?.place_of_policy(path))
        });
        if let Some(policy) = policy_for(path.as_deref(), place, request, files, &mut run) {
            let judged = subjects.iter_mut().map(|(subject, asked)| {
                let occasion = rules.occasion(&policy, asked.as_ref(), &mut run);
                (subject.as_judged(), occasion)
            });
            let mut judged: Vec<_> = judged.collect();
            run.within(None, |run| judge(&mut judged, &policy, are_all, run));
            if let Origin::File(path) = &run.sources.get(policy.source).origin {
                policies.insert(path.clone());
            }
            let scopes =
                judged.iter().flat_map(|(subject, occasion)| policy::scopes(subject, &policy, occasion));
            outcome.scopes.extend(scopes);
        }
    }
    if let Some(lock) = lock {
        policy::mark_known(&lock, &mut run);
    }
    (finish(run, outcome), policies)
}

/// Whether the composition that was asked for has its policy together with another one of the manifest, which may need what it has no
/// use for.
pub fn is_policy_shared(request: &Request, files: &dyn Files) -> bool {
    let Some(chosen) = &request.composition else { return false };
    let all = Request { inputs: Vec::new(), composition: None, ..request.clone() };
    let Some(all) = compositions(&all, &ComposeRequest::default(), files, &mut Run::default()) else {
        return true; // something is wrong with another one
    };
    let (asked, others): (Vec<_>, Vec<_>) = all.iter().partition(|it| it.name.value == *chosen);
    let policy = |it: &Composition| policy_path(it, request);
    asked.iter().any(|it| others.iter().any(|other| policy(other) == policy(it)))
}

/// How often a policy is mended and judged again: an edit may show another one, or have to wait for it.
const PASSES: usize = 8;

/// Judges as [`lint`], and mends the policy as long as there is something to mend that needs no decision: findings of the
/// codes `wanted`, or of all without any. Nothing is written.
pub fn mend(request: &Request, wanted: &[Code], files: &dyn Files) -> Mended {
    let mut overlay = Overlay::new(files);
    let mut mended: BTreeMap<PathBuf, BTreeSet<(Code, String)>> = BTreeMap::new();
    let (mut outcome, policies) = judged(request, wanted, &overlay);
    for _ in 0..PASSES {
        let is_judged = outcome.diagnostics.iter().all(Diagnostic::is_judgement);
        let is_wanted = |found: &&Diagnostic| wanted.is_empty() || wanted.contains(&found.code);
        let fixable = || outcome.diagnostics.iter().filter(is_wanted).filter(|found| !found.fix.is_empty());
        if !is_judged || fixable().next().is_none() {
            break;
        }
        for found in fixable() {
            if let Some(Origin::File(path)) =
                found.fix.first().map(|edit| &outcome.sources.get(edit.span.source).origin)
            {
                mended.entry(path.clone()).or_default().insert((found.code, found.message.clone()));
            }
        }
        for (source, text) in edited(&outcome.sources, fixable().flat_map(|found| found.fix.clone())) {
            if let Origin::File(path) = &outcome.sources.get(source).origin {
                overlay.change(path.clone(), text.into_bytes());
            }
        }
        outcome = lint_for(request, wanted, &overlay);
    }
    let mut file = |(path, content): (PathBuf, Vec<u8>)| {
        let messages = mended.remove(&path).unwrap_or_default();
        let messages = messages.into_iter().map(|(_, message)| message).collect();
        MendedFile { path, content, messages }
    };
    let changed = overlay.into_changed();
    let left = policies.into_iter().filter(|path| !changed.contains_key(path));
    let left: Vec<_> = left.filter_map(|path| Some((files.read(&path).ok()?, path))).collect();
    let changed = changed.into_iter().map(&mut file).collect();
    let unchanged = left.into_iter().map(|(content, path)| file((path, content))).collect();
    Mended { outcome, files: changed, unchanged }
}

/// What came of mending.
#[derive(Debug)]
pub struct Mended {
    /// What is found in the mended policy.
    pub outcome: Outcome,
    /// The files that change, sorted by path.
    pub files: Vec<MendedFile>,
    /// The policies in which there is nothing to mend.
    pub unchanged: Vec<MendedFile>,
}

/// A file that was mended.
#[derive(Debug)]
pub struct MendedFile {
    /// Where it is.
    pub path: PathBuf,
    /// What it is to hold.
    pub content: Vec<u8>,
    /// What was mended in it, as it was found.
    pub messages: Vec<String>,
}

/// Makes the capability lock of the inputs of `request`. What the lock at `before` says of others stays.
pub fn snapshot(request: &Request, before: Option<&Path>, files: &dyn Files) -> Outcome {
    let (mut run, mut outcome) = start(request);
    let mut subjects = subjects(request, files, &mut run);
    let subjects: Vec<_> = subjects.iter_mut().map(Subject::as_judged).collect();
    let is_whole = request.composition.is_none() && !request.manifests.is_empty();
    let mut lock = policy::lock(&subjects);
    if let Some((before, _)) = before.and_then(|path| read_lock(path, files, &mut run)) {
        lock.keep(before, is_whole);
    }
    outcome.answer = (!subjects.is_empty()).then(|| Answer::Policy(lock.to_string()));
    finish(run, outcome)
}

/// Says what the input of `request`, or each of its compositions, can do.
pub fn capabilities(request: &Request, files: &dyn Files) -> Outcome {
    let (mut run, mut outcome) = start(request);
    let asked = subjects(request, files, &mut run);
    let answers = asked.iter().map(|it| it.with_parts(|of, outer| policy::capabilities(of, outer, &it.name)));
    outcome.answer = (!asked.is_empty()).then(|| Answer::Capabilities(answers.collect()));
    finish(run, outcome)
}

/// Says which way leads from the exports of the input of `request`, or of each of its compositions, to a capability, in any spelling: `wasi:filesystem`,
/// `wasi:cli/environment@0.2#get-environment`, `@net-out`, `descriptor.open-at`.
pub fn why(request: &Request, wanted: &str, files: &dyn Files) -> Outcome {
    let (mut run, mut outcome) = start(request);
    let asked = subjects(request, files, &mut run);
    let answer = |it: &Subject| it.with_parts(|of, outer| policy::why(of, outer, &it.name, wanted));
    let answers: Vec<_> = asked.iter().map(answer).collect();
    let paths = request.inputs.iter().map(|input| input.path.to_string());
    let manifests = request.manifests.iter().map(|path| path.display().to_string());
    let paths: Vec<String> = paths.chain(manifests).collect();
    let is_understood = !policy::report_slip(&answers, &paths.join(" "), &mut run);
    outcome.answer = (is_understood && !answers.is_empty()).then_some(Answer::Why(answers));
    finish(run, outcome)
}

/// Makes a first policy under which the inputs of `request` pass.
pub fn first_policy(request: &Request, files: &dyn Files) -> Outcome {
    let (mut run, mut outcome) = start(request);
    let subjects = subjects(request, files, &mut run);
    let wirings: Vec<(&Inputs, &Wiring)> = subjects.iter().map(|it| (&it.inputs, &it.wiring)).collect();
    let policy = || Answer::Policy(policy::first_policy(&wirings));
    outcome.answer = (!wirings.is_empty()).then(policy);
    finish(run, outcome)
}

/// What is judged as one: a composition, or the inputs that belong to none, side by side.
struct Subject {
    name: String,
    composition: Option<Composition>,
    inputs: Inputs,
    wiring: Wiring,
    /// The worlds that the components say they are built for; of interest to those who judge.
    declared: Declared,
}

/// Components, and who provides what to whom.
type Wired<'a> = (&'a Inputs, &'a Wiring);

impl Subject {
    /// Asks about what is inside of a linked component, and then about that component as well; else about what was given.
    fn with_parts<T>(&self, ask: impl FnOnce(Wired<'_>, Option<Wired<'_>>) -> T) -> T {
        let whole = (&self.inputs, &self.wiring);
        match opened(&self.inputs, &self.wiring) {
            Some((inputs, wiring)) => ask((&inputs, &wiring), Some(whole)),
            None => ask(whole, None),
        }
    }

    /// Holds the composition, or each of the components, against the hosts that were asked for: these.
    fn hold(&mut self, rules: &mut Rules<'_>, run: &mut Run) -> Option<Asked> {
        let files = rules.files;
        if let Some(composition) = &self.composition {
            return run.within(Some(&self.name), |run| {
                let asked = rules.asked_for(composition, run);
                on_hosts(&self.name, asked.as_ref(), &mut self.inputs, &self.wiring, files, run);
                asked
            });
        }
        let asked = rules.asked(run);
        for at in 0..self.inputs.components.len() {
            let (name, alone) = (self.inputs.components[at].name.clone(), by_itself(&self.inputs, at));
            on_hosts(&name, asked.as_ref(), &mut self.inputs, &alone, files, run);
        }
        asked
    }

    /// Finds the worlds that the components are built for, where there is WIT beside them.
    fn find_worlds(&mut self, request: &Request, files: &dyn Files, run: &mut Run) {
        let mut request = request.clone();
        if let Some(composition) = &self.composition {
            request.inputs.clone_from(&composition.inputs);
            request.wit.splice(0..0, composition.wit.iter().map(|path| path.value.clone()));
        }
        let name = self.composition.as_ref().map(|_| self.name.as_str());
        self.declared = run.within(name, |run| declared(&self.inputs, &request, files, run));
    }

    fn as_judged(&mut self) -> policy::Subject<'_> {
        let composition = self.composition.as_ref().map(|_| self.name.as_str());
        let declared = Some(&self.declared);
        policy::Subject { inputs: &mut self.inputs, wiring: &self.wiring, composition, declared }
    }
}

fn subjects(request: &Request, files: &dyn Files, run: &mut Run) -> Vec<Subject> {
    let mut subjects = Vec::new();
    let errors = run.diagnostics.error_count();
    let compositions = Request { inputs: Vec::new(), ..request.clone() };
    for composition in wanted(&compositions, &ComposeRequest::default(), files, run) {
        let name = composition.name.value.clone();
        let wired = run.within(Some(&name), |run| wired(&composition, request, files, run));
        if let (Some((inputs, wiring)), true) = wired {
            let declared = Declared::default();
            subjects.push(Subject { name, composition: Some(composition), inputs, wiring, declared });
        }
    }
    if request.manifests.is_empty() && run.diagnostics.error_count() > errors {
        return subjects; // the inputs are not meant as they are given
    }
    let inputs = load(&Request { allow_wit: false, ..request.clone() }, files, run);
    if !inputs.components.is_empty() {
        let names: Vec<&str> = inputs.components.iter().map(|component| component.name.as_str()).collect();
        let (name, wiring) = (names.join(", "), side_by_side(&inputs));
        let declared = Declared::default();
        subjects.push(Subject { name, composition: None, inputs, wiring, declared });
    }
    subjects
}
