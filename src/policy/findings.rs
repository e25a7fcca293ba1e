//! Where lints say what they found, and where exceptions silence them.
//!
//! Differs from `diag::Diagnostics`: that knows codes and levels, this knows the components and capabilities of a finding.

use std::collections::BTreeSet;

use super::Subject;
use super::capability::{Capability, Instance};
use super::grant::speaks_of;
use crate::config::{Exception, Labels, Policy};
use crate::diag::{Code, Diagnostic, Run};
use crate::load::Inputs;
use crate::model::{Date, ItemPath};
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
}

impl<'a> Findings<'a> {
    /// Nothing found yet.
    pub(super) fn new(
        subject: &'a mut Subject<'_>,
        policy: &'a Policy,
        today: Date,
        entries: &'a mut Entries,
        run: &'a mut Run,
    ) -> Self {
        let composition = subject.composition;
        Self { inputs: subject.inputs, run, entries, policy, composition, today }
    }

    /// Remembers that an entry of the policy is of use.
    pub(super) fn uses(&mut self, entry: Span) {
        self.entries.used.insert(entry);
    }

    /// Takes a finding in that counts unless another wiring has a use for the entry. An entry of a policy that this one
    /// builds on is for others as well, who may have a use for it.
    pub(super) fn has_no_use_for(&mut self, entry: Span, finding: impl Into<Diagnostic>) {
        if entry.source == self.policy.source {
            self.entries.idle.push((entry, finding.into()));
        }
    }

    /// Where a piece of an instance is, in the WIT printed for its component.
    pub(super) fn place(&mut self, instance: &Instance, path: &ItemPath) -> Span {
        self.inputs.components[instance.component].span(&mut self.run.sources, path)
    }

    /// Whether an exception silences the rule for these capabilities of this instance, all of them. Asked only where there
    /// is something to silence: an exception that silences is of use.
    pub(super) fn accepts(&mut self, rule: Code, instance: &Instance, capabilities: &[&Capability]) -> bool {
        let mut is_accepted = false;
        for exception in self.policy.exceptions.iter().filter(|exception| exception.rule.value == rule) {
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
                is_accepted = true;
            }
        }
        is_accepted
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

    /// Takes a finding in.
    pub(super) fn report(&mut self, finding: impl Into<Diagnostic>) {
        self.run.diagnostics.report(finding);
    }

    /// Takes in a finding about a piece of an instance.
    pub(super) fn report_at<T: Into<Diagnostic>>(
        &mut self,
        instance: &Instance,
        path: &ItemPath,
        finding: impl FnOnce(Span) -> T,
    ) {
        let span = self.place(instance, path);
        self.report(finding(span));
    }
}

fn has_ended(exception: &Exception, today: Date) -> bool {
    exception.expires.as_ref().is_some_and(|last| last.value < today)
}
