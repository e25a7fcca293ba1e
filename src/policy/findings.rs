//! Where lints say what they found, and where exceptions silence them.
//!
//! Differs from `diag::Diagnostics`: that knows codes and levels, this knows the components and capabilities of a finding.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::Subject;
use super::capability::{Capability, Import, Instance};
use super::context::Context;
use super::grant::{Section, speaks_of};
use super::index::EntryIndex;
use super::paste;
use super::reach::{Reach, sentence};
use super::removal::removal;
use super::route::routes;
use super::via::Via;
use crate::check::{InstanceId, Wiring};
use crate::config::{Exception, Grant, Labels, Policy};
use crate::diag::{About, Accepted, Code, Diagnostic, Edit, Named, Run, WayStep, Waypoint, list, quoted};
use crate::load::{Inputs, read_back};
use crate::model::{Date, ItemPath, Side, short_function_name};
use crate::source::Span;

/// Which entries of a policy are of use, and what there is to say about those that are not. What one wiring has no use
/// for, another one may need: an entry is dead only if all that were judged say so.
#[derive(Default)]
pub(super) struct Entries {
    used: BTreeSet<Span>,
    idle: Vec<(Span, Diagnostic)>,
}

impl Entries {
    /// Reports the entries that nothing had a use for.
    pub(super) fn report_dead(self, run: &mut Run) {
        for (entry, finding) in self.idle {
            if !self.used.contains(&entry) {
                run.diagnostics.report(finding);
            }
        }
    }
}

/// The findings of one wiring.
pub(super) struct Findings<'a> {
    inputs: &'a mut Inputs,
    run: &'a mut Run,
    entries: &'a mut Entries,
    policy: &'a Policy,
    composition: Option<&'a str>,
    today: Date,
    /// By instance: the names of the instances that lead from the root to it.
    ways: BTreeMap<InstanceId, Vec<String>>,
    /// What the code can reach; `None` where nobody asked.
    reach: Option<&'a Reach>,
    wiring: &'a Wiring,
    exceptions_by_capability: EntryIndex,
}

impl<'a> Findings<'a> {
    /// Nothing found yet.
    pub(super) fn new(
        subject: &'a mut Subject<'_>,
        policy: &'a Policy,
        context: &'a Context<'_>,
        entries: &'a mut Entries,
        run: &'a mut Run,
    ) -> Self {
        let (composition, wiring) = (subject.composition, context.wiring);
        let (today, reach) = (context.occasion.today, context.reach.as_ref());
        let name = |id: &InstanceId| subject.wiring.instance(*id).name.clone();
        let ways = routes(subject.wiring).into_iter();
        let ways = ways.map(|(id, route)| (id, route.iter().map(name).collect())).collect();
        let exceptions_by_capability = EntryIndex::of_exceptions(policy);
        Self {
            inputs: subject.inputs,
            run,
            entries,
            policy,
            composition,
            today,
            ways,
            reach,
            wiring,
            exceptions_by_capability,
        }
    }

    /// Remembers that an entry of the policy is of use.
    pub(super) fn uses(&mut self, entry: Span) {
        self.entries.used.insert(entry);
    }

    /// Takes a finding in that counts unless another wiring has a use for the entry. An entry of a policy that this one
    /// builds on is for others as well, who may have a use for it.
    ///
    /// `whole` is what to take out of the text so that the entry is gone.
    pub(super) fn has_no_use_for(
        &mut self,
        entry: Span,
        whole: Span,
        instance: Option<&Instance>,
        finding: impl Into<Diagnostic>,
    ) {
        if entry.source == self.policy.source {
            let mut finding = finding.into();
            finding.fix = vec![self.taken_out(whole)];
            finding.about = instance.map(|instance| self.about(instance, None)).unwrap_or_default();
            self.entries.idle.push((entry, finding));
        }
    }

    /// The composition that is judged, if it is one.
    pub(super) fn composition(&self) -> Option<&'a str> {
        self.composition
    }

    /// The same for an entry that seems to be written wrongly, and is not to be taken out.
    pub(super) fn has_another_meaning(&mut self, entry: Span, finding: impl Into<Diagnostic>) {
        if entry.source == self.policy.source {
            let help = "write what you mean, or take it out yourself: `witc lint --fix` and `witc policy prune` leave it";
            self.entries.idle.push((entry, finding.into().help(help)));
        }
    }

    /// The edit that takes an entry out of the policy.
    fn taken_out(&self, entry: Span) -> Edit {
        let text = &self.run.sources.get(entry.source).text;
        let range = removal(text, entry.start..entry.end);
        Edit { span: Span::new(entry.source, range.start, range.end), text: String::new() }
    }

    /// Where a piece of an instance is, in the WIT printed for its component.
    pub(super) fn place(&mut self, instance: &Instance, path: &ItemPath) -> Span {
        self.inputs.components[instance.component].span(&mut self.run.sources, path)
    }

    /// Whether an exception silences the rule for these capabilities of this instance, all of them. Asked only where there
    /// is something to silence: an exception that silences is of use.
    pub(super) fn accepts(&mut self, rule: Code, instance: &Instance, capabilities: &[&Capability]) -> bool {
        let mut is_accepted = false;
        let first = capabilities.first().map(|capability| &capability.name);
        let about = self.exceptions_by_capability.about(first);
        let about = about.into_iter().map(|at| &self.policy.exceptions[at]);
        for exception in about.filter(|exception| exception.rule.value == rule) {
            let is_about = exception.component.as_ref().is_none_or(|name| name.value == instance.name)
                && exception.composition.as_ref().is_none_or(|name| Some(name.as_str()) == self.composition);
            let covers = |capability: &&Capability| {
                let (name, class) = (&capability.name, capability.rating.class);
                exception.caps.iter().any(|cap| speaks_of(self.policy, &cap.value, name, class, Labels::All))
            };
            let covers_all =
                exception.caps.is_empty() || (!capabilities.is_empty() && capabilities.iter().all(covers));
            if is_about && covers_all && !has_ended(exception, self.today) {
                self.entries.used.insert(exception.rule.span);
                self.accept(exception, instance, capabilities);
                is_accepted = true;
            }
        }
        is_accepted
    }

    /// Remembers what an exception silences.
    fn accept(&mut self, exception: &Exception, instance: &Instance, capabilities: &[&Capability]) {
        let mut names: Vec<String> = capabilities.iter().map(|it| quoted(&it.name.to_string())).collect();
        names.dedup();
        let what = if names.is_empty() { String::new() } else { format!(": {}", list(&names)) };
        let accepted = Accepted {
            code: exception.rule.value,
            message: format!("{} is accepted to break this rule{what}", quoted(&instance.name)),
            span: exception.rule.span,
            reason: exception.reason.value.clone(),
            about: self.about(instance, capabilities.first().map(|capability| &capability.path)),
        };
        if !self.run.diagnostics.accepted.contains(&accepted) {
            self.run.diagnostics.accepted.push(accepted);
        }
    }

    /// What a finding about an instance, or a piece of it, is about.
    fn about(&self, instance: &Instance, path: Option<&ItemPath>) -> About {
        let mut names = Vec::new();
        let mut name = |kind, name: &str| names.push(Named { kind, name: name.to_owned() });
        if let Some(composition) = self.composition {
            name("composition", composition);
        }
        name("component", &instance.name);
        let import = path.filter(|path| path.side == Side::Import).and_then(|path| {
            instance.imports.iter().find(|import| Some(import.extern_name.as_str()) == path.extern_name())
        });
        if let Some(import) = import {
            name("interface", &import.name.to_string());
            let of_path = |capability: &&Capability| Some(&capability.path) == path;
            let function = import.capabilities.iter().find(of_path);
            if let Some(function) = function.and_then(|capability| capability.name.function.as_deref()) {
                name("function", short_function_name(function));
            }
        }
        let host = import.filter(|import| import.is_from_host());
        let mut way: Vec<WayStep> = Vec::new();
        let step = |kind, instance: &str, name: &str| WayStep {
            instance: instance.to_owned(),
            kind,
            name: name.to_owned(),
            module: String::new(),
        };
        if let Some(import) = host {
            let names = self.ways.get(&instance.id).map(Vec::as_slice).unwrap_or_default();
            way.extend(names.windows(2).map(|pair| step("uses", &pair[0], &pair[1])));
            way.push(step("imports", &instance.name, &import.name.to_string()));
        }
        if let Some(import) = host {
            way.extend(self.through_code(instance, import, path));
        }
        let waypoint = |step: WayStep| Waypoint { text: sentence(&step), step, span: None };
        let way = way.into_iter().map(waypoint).collect();
        About { names, way, ..About::default() }
    }

    /// The way through the code to one function of an import, or to the gravest one that is reached.
    fn through_code(&self, instance: &Instance, import: &Import, path: Option<&ItemPath>) -> Vec<WayStep> {
        let Some(reach) = self.reach else { return Vec::new() };
        let mut capabilities: Vec<&Capability> = import.capabilities.iter().collect();
        let is_it = |capability: &&Capability| Some(&capability.path) == path;
        match capabilities.iter().copied().find(is_it) {
            Some(one) => capabilities = vec![one],
            None => capabilities.sort_by_key(|capability| Reverse(capability.rating.severity)),
        }
        let witness = |capability| reach.witness(instance, capability, self.wiring);
        let way = capabilities.into_iter().map(witness).find(|way| !way.is_empty());
        way.unwrap_or_default()
    }

    /// The exceptions about this wiring, each with whether its last day is over.
    pub(super) fn exceptions(&self, instances: &[Instance]) -> Vec<(&'a Exception, bool)> {
        let is_here = |exception: &&Exception| {
            let name = exception.component.as_ref();
            name.is_none_or(|name| instances.iter().any(|instance| instance.name == name.value))
                && exception.composition.as_ref().is_none_or(|name| Some(name.as_str()) == self.composition)
        };
        let here = self.policy.exceptions.iter().filter(is_here);
        here.map(|exception| (exception, has_ended(exception, self.today))).collect()
    }

    /// The parts of a linked component for which the policy has rules.
    pub(super) fn parts_with_rules(&self, instance: &Instance) -> Vec<String> {
        let graph = read_back(&self.inputs.components[instance.component]).graph;
        let parts = graph.root().map(|whole| whole.instances.as_slice()).unwrap_or_default();
        let has_rules =
            |part: &&String| self.policy.components.iter().any(|rules| rules.name.value == **part);
        parts.iter().map(|part| &part.name).filter(has_rules).cloned().collect()
    }

    /// What a component is to say about a peer so that it may have done what is missing.
    pub(super) fn via(&self, user: &Instance, section: Section<'_>, peer: &str, missing: &[String]) -> Via {
        Via::with(missing, (user.name.as_str(), peer), section.rules(), &self.run.sources)
    }

    /// Takes a finding in.
    pub(super) fn report(&mut self, finding: impl Into<Diagnostic>) {
        self.run.diagnostics.report(finding);
    }

    /// Takes in a finding about an instance.
    pub(super) fn report_for(&mut self, instance: &Instance, finding: impl Into<Diagnostic>) {
        let about = self.about(instance, None);
        self.report(Diagnostic { about, ..finding.into() });
    }

    /// Takes in a finding about a grant that is mended by a list of functions.
    pub(super) fn report_narrowed(
        &mut self,
        instance: &Instance,
        grant: &Grant,
        functions: &str,
        finding: impl Into<Diagnostic>,
    ) {
        let is_table = self.run.sources.text(grant.span).starts_with("[[");
        let after = Span { start: grant.cap.span.end, ..grant.cap.span };
        let cap = paste::string(&grant.cap.value.to_string());
        let (span, text) = if grant.span == grant.cap.span {
            (grant.span, format!("{{ cap = {cap}, functions = {functions} }}"))
        } else if is_table {
            (after, format!("\nfunctions = {functions}"))
        } else {
            (after, format!(", functions = {functions}"))
        };
        let fix =
            if grant.span.source == self.policy.source { vec![Edit { span, text }] } else { Vec::new() };
        let about = self.about(instance, None);
        self.report(Diagnostic { about, fix, ..finding.into() });
    }

    /// Takes in a finding about a piece of an instance.
    pub(super) fn report_at<T: Into<Diagnostic>>(
        &mut self,
        instance: &Instance,
        path: &ItemPath,
        finding: impl FnOnce(Span) -> T,
    ) {
        let span = self.place(instance, path);
        let mut about = self.about(instance, Some(path));
        // Code has no lines to show; what is known of it stands in words, at the import.
        about.way.iter_mut().for_each(|waypoint| waypoint.span = Some(span));
        self.report(Diagnostic { about, ..finding(span).into() });
    }
}

fn has_ended(exception: &Exception, today: Date) -> bool {
    exception.expires.as_ref().is_some_and(|last| last.value < today)
}
