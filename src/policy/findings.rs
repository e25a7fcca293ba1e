//! Where lints say what they found, and where exceptions silence them.
//!
//! Differs from `diag::Diagnostics`: that knows codes and levels, this knows the components and capabilities of a finding.

use super::capability::{Capability, Instance};
use super::grant::speaks_of;
use crate::config::{Exception, Labels, Policy};
use crate::diag::{Code, Diagnostic, Run};
use crate::load::Inputs;
use crate::model::{Date, ItemPath};
use crate::source::Span;

/// The findings of one wiring.
pub(super) struct Findings<'a> {
    inputs: &'a mut Inputs,
    run: &'a mut Run,
    policy: &'a Policy,
    composition: Option<&'a str>,
    today: Date,
    /// By exception: whether it silenced something.
    used: Vec<bool>,
}

/// An exception that is of no use.
pub(super) enum Stale {
    /// Its last day is over.
    Ended,
    /// It silenced nothing.
    Unused,
}

impl<'a> Findings<'a> {
    /// Nothing found yet.
    pub(super) fn new(
        inputs: &'a mut Inputs,
        run: &'a mut Run,
        policy: &'a Policy,
        composition: Option<&'a str>,
        today: Date,
    ) -> Self {
        let used = vec![false; policy.exceptions.len()];
        Self { inputs, run, policy, composition, today, used }
    }

    /// Where a piece of an instance is, in the WIT printed for its component.
    pub(super) fn place(&mut self, instance: &Instance, path: &ItemPath) -> Span {
        self.inputs.components[instance.component].span(&mut self.run.sources, path)
    }

    /// Whether an exception silences the rule for these capabilities of this instance, all of them; marks it as used.
    pub(super) fn accepts(&mut self, rule: Code, instance: &Instance, capabilities: &[&Capability]) -> bool {
        let mut is_accepted = false;
        for (exception, used) in self.policy.exceptions.iter().zip(&mut self.used) {
            let is_about = exception.rule.value == rule
                && exception.component.as_ref().is_none_or(|name| name.value == instance.name)
                && exception.composition.as_ref().is_none_or(|name| Some(name.as_str()) == self.composition);
            let covers = |capability: &&Capability| {
                let (name, class) = (&capability.name, capability.rating.class);
                exception.caps.iter().any(|cap| speaks_of(self.policy, &cap.value, name, class, Labels::All))
            };
            let covers_all =
                exception.caps.is_empty() || (!capabilities.is_empty() && capabilities.iter().all(covers));
            if is_about && covers_all && !has_ended(exception, self.today) {
                (*used, is_accepted) = (true, true);
            }
        }
        is_accepted
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

    /// The exceptions about this run that are of no use. Right only after all other lints.
    pub(super) fn stale(&self, instances: &[Instance]) -> Vec<(&'a Exception, Stale)> {
        let is_here = |exception: &&Exception| {
            let name = exception.component.as_ref();
            name.is_none_or(|name| instances.iter().any(|instance| instance.name == name.value))
                && exception.composition.as_ref().is_none_or(|name| Some(name.as_str()) == self.composition)
        };
        let stale = |(exception, used): (&'a Exception, &bool)| {
            let reason = match used {
                _ if has_ended(exception, self.today) => Stale::Ended,
                true => return None,
                false => Stale::Unused,
            };
            Some((exception, reason))
        };
        let here = self.policy.exceptions.iter().zip(&self.used).filter(|(exception, _)| is_here(exception));
        here.filter_map(stale).collect()
    }
}

fn has_ended(exception: &Exception, today: Date) -> bool {
    exception.expires.as_ref().is_some_and(|last| last.value < today)
}
