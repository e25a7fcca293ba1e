//! Calls the stages in order, and decides where to stop; the only file that does.
//!
//! Differs from `cli`, which asks for a run: here it is done.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::check::{
    self, HostFit, Swap, Wiring, by_itself, fit_against, graph_of, opened, report_invalid, side_by_side,
    swap, whole_needs, wire,
};
use crate::config::{
    CapabilityLock, ComponentInput, ComposeRequest, Composition, LOCK_NAME, OutputPath, PartReplacement,
    Request, Selector, compositions, part_replacements, policy_for, read_lock, read_policy, replaces_parts,
};
use crate::diag::{Code, CodeRow, Diagnostic, Level, Run, code, edited, find};
use crate::emit::{emit, write};
use crate::host::{self, ALL_HOSTS, Asked};
use crate::link::{plan, record, renewed};
use crate::load::{Inputs, digest, linked_text, load, made_of, read_back, wit_text};
use crate::model::{Artifact, Date, Part};
use crate::policy::{self, judge};
use crate::report::{Answer, ArtifactRow, Looked, NeedsRow, Outcome, wac_script};
use crate::source::{Files, Origin, Overlay};

/// Checks inputs each for itself, and compositions as a whole.
pub fn check(request: &Request, files: &dyn Files) -> Outcome {
    let (mut run, mut outcome) = start(request);
    let mut fits = Vec::new();
    let compositions = Request { inputs: Vec::new(), ..request.clone() };
    for composition in wanted(&compositions, &ComposeRequest::default(), files, &mut run) {
        outcome.looked_at.push(Looked { noun: "composition", name: composition.name.value.clone() });
        if let (Some((mut inputs, wiring)), true) = wired(&composition, request, files, &mut run) {
            plan(&mut inputs, &wiring, true, &mut run);
            let name = composition.name.value.clone();
            let needs = whole_needs(&inputs, &wiring);
            outcome.needs.push(NeedsRow { artifact: name.clone(), needs });
            let asked = host_of(&composition, request, files, &mut run);
            fits.extend(on_hosts(&name, asked.as_ref(), &mut inputs, &wiring, files, &mut run));
        }
    }
    let mut inputs = load(request, files, &mut run);
    // From here on each input is right in itself.
    if let Some(target) = &request.against {
        let errors = run.diagnostics.error_count();
        let mut targets = load(&targets(target, request, files), files, &mut run);
        if run.diagnostics.error_count() == errors {
            fit_against(&mut inputs, target, &mut targets, &mut run);
        }
    }
    outcome.looked_at.extend(looked_at(&inputs));
    let asked = asked_host(request, files, &mut run);
    for at in 0..inputs.components.len() {
        let (name, alone) = (inputs.components[at].name.clone(), by_itself(&inputs, at));
        outcome.needs.push(NeedsRow { artifact: name.clone(), needs: whole_needs(&inputs, &alone) });
        fits.extend(on_hosts(&name, asked.as_ref(), &mut inputs, &alone, files, &mut run));
    }
    outcome.answer = (!fits.is_empty()).then_some(Answer::Fits(fits));
    finish(run, outcome)
}

/// Where the target may be that inputs are checked against: in the file of that name, or else in the WIT beside them.
fn targets(target: &str, request: &Request, files: &dyn Files) -> Request {
    let is_path = files.kind(Path::new(target)).is_ok();
    let paths = if is_path { vec![PathBuf::from(target)] } else { request.wit.clone() };
    let inputs = paths.into_iter().map(ComponentInput::bare).collect();
    Request { inputs, allow_wit: true, ..request.clone() }
}

/// Links each composition, and writes what it becomes.
pub fn compose(request: &Request, flags: &ComposeRequest, files: &dyn Files) -> Outcome {
    let (mut run, mut outcome) = start(request);
    if replaces_parts(request, flags) {
        outcome.artifacts.extend(replaced(request, flags, files, &mut run));
        return finish(run, outcome);
    }
    for composition in wanted(request, flags, files, &mut run) {
        outcome.artifacts.extend(linked(&composition, request, flags, files, &mut run));
    }
    finish(run, outcome)
}

/// One composition from its inputs to the artifact that was written; `None` if something is wrong, which is reported.
fn linked(
    composition: &Composition,
    request: &Request,
    flags: &ComposeRequest,
    files: &dyn Files,
    run: &mut Run,
) -> Option<ArtifactRow> {
    let errors = run.diagnostics.error_count();
    let (Some((mut inputs, wiring)), true) = wired(composition, request, files, run) else { return None };
    // From here on the composition is accepted: every import has a provider that fits, every resource one origin.
    if !granted(composition, request, &mut inputs, &wiring, files, run) {
        return None;
    }
    // From here on the policy, if there is one, allows what the composition imports.
    let asked = host_of(composition, request, files, run);
    on_hosts(composition.name.as_str(), asked.as_ref(), &mut inputs, &wiring, files, run);
    if run.diagnostics.error_count() > errors {
        return None;
    }
    // From here on the host, if one is named, has what the composition imports.
    if request.locked {
        let errors = run.diagnostics.error_count();
        let name = Some(composition.name.as_str());
        let subject = policy::Subject { inputs: &mut inputs, wiring: &wiring, composition: name };
        hold_to_lock(&mut [subject], false, request, files, run);
        if run.diagnostics.error_count() > errors {
            return None;
        }
    }
    // From here on it can do what the capability lock says, if that was asked for.
    let mut plan = plan(&mut inputs, &wiring, !flags.no_share, run)?;
    if !flags.no_record {
        plan.record = Some(record(&inputs, &wiring, policy_digest(composition, request, files)));
    }
    // From here on all steps are in order, and only their encoding is open.
    let mut artifact = emit(&mut inputs, &plan, run)?;
    // From here on the artifact is whole, validates, and offers and needs what was planned.
    if flags.script {
        let script = wac_script(&inputs, &wiring, composition.name.as_str(), &run.sources);
        artifact.parts = vec![Part::Written(script.into_bytes())];
    }
    let path = match &flags.output {
        Some(OutputPath::StandardOutput) => None,
        Some(OutputPath::Path(path)) => Some(path.clone()),
        None if flags.script => None,
        None => composition.output.as_ref().map(|path| path.value.clone()),
    };
    let written = write(&artifact, path.as_deref(), flags.wat, files, run)?;
    Some(ArtifactRow::new(composition.name.as_str(), &artifact, &wiring, path, written))
}

/// A linked component with other files in the place of some of its parts, all other bytes as they were.
fn replaced(
    request: &Request,
    flags: &ComposeRequest,
    files: &dyn Files,
    run: &mut Run,
) -> Option<ArtifactRow> {
    let parts = part_replacements(flags, run)?;
    let new = parts.iter().map(|part| part.file.clone());
    let wanted = Request {
        inputs: request.inputs.iter().cloned().chain(new).collect(),
        allow_wit: false,
        ..request.clone()
    };
    let mut inputs = load(&wanted, files, run).components;
    if inputs.len() != wanted.inputs.len() {
        return None; // what is missing is reported
    }
    let mut news = inputs.split_off(1);
    let mut whole = inputs.pop()?;
    let record = read_back(&whole).graph.record;
    for (part, new) in parts.iter().zip(&mut news) {
        let is_together = |other: &&PartReplacement| other.file.path == part.file.path;
        let together: Vec<&str> = parts.iter().filter(is_together).map(|part| part.name.as_str()).collect();
        let read = read_back(&whole);
        let place = Swap { whole: &whole, read: &read, name: &part.name, together: &together };
        let component = swap(place, new, run)?;
        let bytes = read.with_part(component, &new.bytes)?;
        match made_of(&whole, bytes, false) {
            Ok(changed) => whole = changed,
            Err(_) => {
                report_invalid(place, new, run);
                return None;
            }
        }
    }
    // From here on the whole is valid with its new parts, and offers what it offered.
    if let Some(record) = record {
        let read = read_back(&whole);
        let policy = policy_digest_of(request.policy.as_deref(), files);
        let bytes = read.with_record(&renewed(record, &read.graph, policy));
        whole = made_of(&whole, bytes, false).ok()?;
    }
    let graph = read_back(&whole).graph;
    let surface = whole.surface.clone();
    let mut side = Inputs { components: vec![whole], wit: Vec::new() };
    if !permitted(request, &mut side, files, run) {
        return None;
    }
    let bytes = side.components[0].bytes.clone();
    let parts = vec![Part::Copied { range: 0..bytes.len(), bytes }];
    let size = parts.iter().map(|part| part.as_slice().len() as u64).sum();
    let artifact = Artifact { parts, size, surface, saved: 0 };
    let path = match &flags.output {
        Some(OutputPath::Path(path)) => Some(path.clone()),
        Some(OutputPath::StandardOutput) | None => None,
    };
    let written = write(&artifact, path.as_deref(), flags.wat, files, run)?;
    Some(ArtifactRow::of_graph(&graph, &artifact.surface, path, written))
}

/// Whether the policy that was asked for allows a component that is no composition of a manifest.
fn permitted(request: &Request, inputs: &mut Inputs, files: &dyn Files, run: &mut Run) -> bool {
    let errors = run.diagnostics.error_count();
    if let Some(policy) = request.policy.as_ref().and_then(|path| read_policy(path, files, run)) {
        let wiring = side_by_side(inputs);
        let subject = policy::Subject { inputs, wiring: &wiring, composition: None };
        policy::permit(subject, &policy, today(request), run);
    }
    run.diagnostics.error_count() == errors
}

/// The policy that was asked for, if any.
fn policy_path(composition: &Composition, request: &Request) -> Option<PathBuf> {
    request.policy.clone().or_else(|| composition.policy.as_ref().map(|path| path.value.clone()))
}

fn policy_digest(composition: &Composition, request: &Request, files: &dyn Files) -> Option<String> {
    policy_digest_of(policy_path(composition, request).as_deref(), files)
}

fn policy_digest_of(path: Option<&Path>, files: &dyn Files) -> Option<String> {
    files.read(path?).ok().map(|text| digest(&text))
}

/// The hosts that a request names.
fn asked_host(request: &Request, files: &dyn Files, run: &mut Run) -> Option<Asked> {
    host::asked(request.host.as_deref()?, None, Path::new(""), files, run)
}

/// The hosts that a composition is for, unless the request names others; a file is looked for beside the manifest.
fn host_of(composition: &Composition, request: &Request, files: &dyn Files, run: &mut Run) -> Option<Asked> {
    if request.host.is_some() {
        return asked_host(request, files, run);
    }
    let id = composition.host.as_ref()?;
    let folder = match &run.sources.get(id.span.source).origin {
        Origin::File(manifest) => manifest.parent().map(Path::to_path_buf).unwrap_or_default(),
        Origin::StandardInput | Origin::CommandLine | Origin::BuiltIn | Origin::Printed { .. } => {
            PathBuf::new()
        }
    };
    host::asked(id.as_str(), Some(id.span), &folder, files, run)
}

/// Holds what a wiring makes against the hosts that were asked for; where all were, nothing is reported.
fn on_hosts(
    name: &str,
    asked: Option<&Asked>,
    inputs: &mut Inputs,
    wiring: &Wiring,
    files: &dyn Files,
    run: &mut Run,
) -> Vec<HostFit> {
    let Some(Asked { profiles, is_survey }) = asked else { return Vec::new() };
    if *is_survey {
        let needs = whole_needs(inputs, wiring);
        let on_host = |profile| check::on_host(name, inputs, wiring, &needs, profile, files);
        return profiles.iter().map(on_host).collect();
    }
    profiles.iter().map(|profile| check::hold(name, inputs, wiring, profile, files, run)).collect()
}

/// Whether the policy that was asked for, if any, allows a composition.
fn granted(
    composition: &Composition,
    request: &Request,
    inputs: &mut Inputs,
    wiring: &Wiring,
    files: &dyn Files,
    run: &mut Run,
) -> bool {
    let errors = run.diagnostics.error_count();
    if let Some(path) = policy_path(composition, request)
        && let Some(policy) = read_policy(&path, files, run)
    {
        let composition = Some(composition.name.as_str());
        policy::permit(policy::Subject { inputs, wiring, composition }, &policy, today(request), run);
    }
    run.diagnostics.error_count() == errors
}

/// The inputs of a composition and their wiring, and whether that may be linked: nothing is wrong with it.
fn wired(
    composition: &Composition,
    request: &Request,
    files: &dyn Files,
    run: &mut Run,
) -> (Option<(Inputs, Wiring)>, bool) {
    let errors = run.diagnostics.error_count();
    let wit = composition.wit.iter().map(|path| path.value.clone());
    let request = Request {
        inputs: composition.inputs.clone(),
        wit: wit.chain(request.wit.iter().cloned()).collect(),
        allow_wit: false,
        ..request.clone()
    };
    let mut inputs = load(&request, files, run);
    // From here on every input that is there is valid, and its surface is known.
    let wiring = wire(&mut inputs, composition, run);
    (wiring.map(|wiring| (inputs, wiring)), run.diagnostics.error_count() == errors)
}

fn wanted(request: &Request, flags: &ComposeRequest, files: &dyn Files, run: &mut Run) -> Vec<Composition> {
    compositions(request, flags, files, run).unwrap_or_default()
}

/// Judges compositions, and other inputs side by side, against a policy.
pub fn lint(request: &Request, files: &dyn Files) -> Outcome {
    let (mut run, mut outcome) = start(request);
    let mut found = subjects(request, files, &mut run);
    let is_whole = request.composition.is_none() && run.diagnostics.error_count() == 0;
    let mut judged: Vec<_> = found.iter_mut().map(Subject::as_judged).collect();
    let lock = hold_to_lock(&mut judged, is_whole && !request.manifests.is_empty(), request, files, &mut run);
    let mut by_policy: BTreeMap<Option<PathBuf>, Vec<Subject>> = BTreeMap::new();
    for mut subject in found {
        match &subject.composition {
            Some(it) => outcome.looked_at.push(Looked { noun: "composition", name: it.name.value.clone() }),
            None => outcome.looked_at.extend(looked_at(&subject.inputs)),
        }
        subject.hold(request, files, &mut run);
        let beside = subject.composition.as_ref().and_then(|composition| composition.policy.as_ref());
        let path = request.policy.clone().or_else(|| beside.map(|path| path.value.clone()));
        by_policy.entry(path).or_default().push(subject);
    }
    for (path, mut subjects) in by_policy {
        if let Some(policy) = policy_for(path.as_deref(), request, files, &mut run) {
            let mut judged: Vec<_> = subjects.iter_mut().map(Subject::as_judged).collect();
            judge(&mut judged, &policy, today(request), &mut run);
        }
    }
    if let Some(lock) = lock {
        policy::mark_known(&lock, &mut run);
    }
    finish(run, outcome)
}

/// How often a policy is mended and judged again: an edit may show another one, or have to wait for it.
const PASSES: usize = 8;

/// Judges as [`lint`], and mends the policy as long as there is something to mend that needs no decision: findings of the
/// codes `wanted`, or of all without any. Nothing is written.
pub fn mend(request: &Request, wanted: &[Code], files: &dyn Files) -> Mended {
    let mut overlay = Overlay::new(files);
    let mut mended = BTreeSet::new();
    let mut outcome = lint(request, &overlay);
    for _ in 0..PASSES {
        let is_judged =
            outcome.diagnostics.iter().all(|found| find(found.code.as_str()).is_none_or(CodeRow::is_lint));
        let is_wanted = |found: &&Diagnostic| wanted.is_empty() || wanted.contains(&found.code);
        let fixable = || outcome.diagnostics.iter().filter(is_wanted).filter(|found| !found.fix.is_empty());
        if !is_judged || fixable().next().is_none() {
            break;
        }
        mended.extend(fixable().map(|found| (found.code, found.message.clone())));
        for (source, text) in edited(&outcome.sources, fixable().flat_map(|found| found.fix.clone())) {
            if let Origin::File(path) = &outcome.sources.get(source).origin {
                overlay.change(path.clone(), text.into_bytes());
            }
        }
        outcome = lint(request, &overlay);
    }
    Mended {
        outcome,
        files: overlay.into_changed(),
        messages: mended.into_iter().map(|(_, message)| message).collect(),
    }
}

/// What came of mending.
#[derive(Debug)]
pub struct Mended {
    /// What is found in the mended policy.
    pub outcome: Outcome,
    /// The files that change, with their new content.
    pub files: BTreeMap<PathBuf, Vec<u8>>,
    /// What was mended, as it was found.
    pub messages: Vec<String>,
}

/// Holds what can be done against the capability lock, where there is one or one is asked for. `is_whole` says that these
/// are all compositions of the manifest.
fn hold_to_lock(
    subjects: &mut [policy::Subject<'_>],
    is_whole: bool,
    request: &Request,
    files: &dyn Files,
    run: &mut Run,
) -> Option<CapabilityLock> {
    if request.locked {
        run.diagnostics.levels.set(code::CAPABILITY_DRIFT, Level::Deny);
    }
    let path = request.beside_manifest(LOCK_NAME);
    if files.kind(&path).is_ok() {
        let (lock, place) = read_lock(&path, files, run)?;
        policy::drift(&lock, place, subjects, is_whole, run);
        return Some(lock);
    }
    if request.locked {
        policy::without_lock(&path, run);
    }
    None
}

/// Makes the capability lock of the inputs of `request`.
pub fn snapshot(request: &Request, files: &dyn Files) -> Outcome {
    let (mut run, mut outcome) = start(request);
    let mut subjects = subjects(request, files, &mut run);
    let subjects: Vec<_> = subjects.iter_mut().map(Subject::as_judged).collect();
    outcome.answer = (!subjects.is_empty()).then(|| Answer::Policy(policy::lock(&subjects).to_string()));
    finish(run, outcome)
}

/// Says what the input of `request` can do.
pub fn capabilities(request: &Request, files: &dyn Files) -> Outcome {
    let (mut run, mut outcome) = start(request);
    if let Some(subject) = subjects(request, files, &mut run).into_iter().next() {
        let name = subject.name.clone();
        let (inputs, wiring) = subject.parts();
        outcome.answer = Some(Answer::Capabilities(policy::capabilities(&inputs, &wiring, &name)));
    }
    finish(run, outcome)
}

/// Shows how the compositions of `request` are put together: those of a manifest, and all components as one; a single
/// component is read back.
pub fn graph(request: &Request, flags: &ComposeRequest, files: &dyn Files) -> Outcome {
    let (mut run, mut outcome) = start(request);
    let mut graphs = Vec::new();
    let single = request.manifests.is_empty() && request.inputs.len() == 1;
    if single {
        let inputs = load(&Request { allow_wit: false, ..request.clone() }, files, &mut run);
        graphs.extend(inputs.components.iter().map(|component| read_back(component).graph));
    } else {
        for composition in wanted(request, flags, files, &mut run) {
            // What does not fit is reported, and shown all the same: a picture helps to mend it.
            if let (Some((inputs, wiring)), _) = wired(&composition, request, files, &mut run) {
                graphs.push(graph_of(&inputs, &wiring, composition.name.as_str()));
            }
        }
    }
    outcome.answer = (!graphs.is_empty()).then_some(Answer::Graphs(graphs));
    finish(run, outcome)
}

/// Says which way leads from the exports of the input of `request` to a capability.
pub fn why(request: &Request, wanted: &Selector, files: &dyn Files) -> Outcome {
    let (mut run, mut outcome) = start(request);
    if let Some(subject) = subjects(request, files, &mut run).into_iter().next() {
        let name = subject.name.clone();
        let (inputs, wiring) = subject.parts();
        outcome.answer = Some(Answer::Why(policy::why(&inputs, &wiring, &name, wanted)));
    }
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
}

impl Subject {
    /// A composition is what its parts are: each of them is asked what it can do.
    fn parts(self) -> (Inputs, Wiring) {
        opened(&self.inputs, &self.wiring).unwrap_or((self.inputs, self.wiring))
    }

    /// Holds the composition, or each of the components, against the host that was asked for.
    fn hold(&mut self, request: &Request, files: &dyn Files, run: &mut Run) {
        if let Some(composition) = &self.composition {
            let asked = host_of(composition, request, files, run);
            on_hosts(&self.name, asked.as_ref(), &mut self.inputs, &self.wiring, files, run);
            return;
        }
        let asked = asked_host(request, files, run);
        for at in 0..self.inputs.components.len() {
            let (name, alone) = (self.inputs.components[at].name.clone(), by_itself(&self.inputs, at));
            on_hosts(&name, asked.as_ref(), &mut self.inputs, &alone, files, run);
        }
    }

    fn as_judged(&mut self) -> policy::Subject<'_> {
        let composition = self.composition.as_ref().map(|_| self.name.as_str());
        policy::Subject { inputs: &mut self.inputs, wiring: &self.wiring, composition }
    }
}

fn subjects(request: &Request, files: &dyn Files, run: &mut Run) -> Vec<Subject> {
    let mut subjects = Vec::new();
    let compositions = Request { inputs: Vec::new(), ..request.clone() };
    for composition in wanted(&compositions, &ComposeRequest::default(), files, run) {
        let name = composition.name.value.clone();
        if let (Some((inputs, wiring)), true) = wired(&composition, request, files, run) {
            subjects.push(Subject { name, composition: Some(composition), inputs, wiring });
        }
    }
    let inputs = load(&Request { allow_wit: false, ..request.clone() }, files, run);
    if !inputs.components.is_empty() {
        let names: Vec<&str> = inputs.components.iter().map(|component| component.name.as_str()).collect();
        let (name, wiring) = (names.join(", "), side_by_side(&inputs));
        subjects.push(Subject { name, composition: None, inputs, wiring });
    }
    subjects
}

/// The day to judge by: the one that was asked for, or that of the clock.
fn today(request: &Request) -> Date {
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let first = || Date::from_unix_seconds(0).expect("1970 began on a day");
    request.today.unwrap_or_else(|| Date::from_unix_seconds(now()).unwrap_or_else(first))
}

/// Shows what is known about hosts: the one that `request` names, or all.
pub fn hosts(request: &Request, files: &dyn Files) -> Outcome {
    let (mut run, mut outcome) = start(request);
    let found = match request.host.as_deref() {
        None | Some(ALL_HOSTS) => Some(host::profiles().to_vec()),
        Some(id) => host::profile(id, None, Path::new(""), files, &mut run).map(|profile| vec![profile]),
    };
    outcome.answer = found.map(Answer::Hosts);
    finish(run, outcome)
}

/// Shows the WIT of the input of `request`.
pub fn wit(request: &Request, files: &dyn Files) -> Outcome {
    let (mut run, mut outcome) = start(request);
    let mut texts = Vec::new();
    let compositions = Request { inputs: Vec::new(), ..request.clone() };
    for composition in wanted(&compositions, &ComposeRequest::default(), files, &mut run) {
        texts.extend(wit_of(&composition, request, files, &mut run));
    }
    let inputs = load(request, files, &mut run);
    texts.extend(inputs.components.iter().map(|component| wit_text(component, &mut run)));
    outcome.answer = (!texts.is_empty()).then(|| Answer::Wit(texts.join("\n")));
    finish(run, outcome)
}

/// The WIT of what a composition would become: it is linked, and written nowhere.
fn wit_of(composition: &Composition, request: &Request, files: &dyn Files, run: &mut Run) -> Option<String> {
    let (Some((mut inputs, wiring)), true) = wired(composition, request, files, run) else { return None };
    let plan = plan(&mut inputs, &wiring, true, run)?;
    let artifact = emit(&mut inputs, &plan, run)?;
    Some(linked_text(artifact, composition.name.as_str(), run))
}

fn start(request: &Request) -> (Run, Outcome) {
    let mut run = Run::default();
    run.diagnostics.levels = request.levels.clone();
    (run, Outcome::default())
}

fn looked_at(inputs: &Inputs) -> Vec<Looked> {
    let mut looked_at = Vec::new();
    for package in &inputs.wit {
        let worlds = package.worlds.iter();
        looked_at.extend(worlds.map(|world| Looked { noun: "world", name: world.name.clone() }));
        if package.worlds.is_empty() {
            looked_at.push(Looked { noun: "package", name: package.name.clone() });
        }
    }
    let components = inputs.components.iter();
    looked_at.extend(components.map(|it| Looked { noun: "component", name: it.name.clone() }));
    looked_at
}

fn finish(run: Run, outcome: Outcome) -> Outcome {
    let mut diagnostics = run.diagnostics;
    let accepted = std::mem::take(&mut diagnostics.accepted);
    Outcome { sources: run.sources, diagnostics: diagnostics.into_sorted(), accepted, ..outcome }
}
