//! Holds that a policy only tightens those that it builds on, but where it says that it may loosen them.
//!
//! Differs from `policy_base.rs`, which reads the policies and puts them together.

use super::policy::{Extends, Group, Policy};
use super::policy_base_diagnostics::{LoosenedPolicy, UnusedOverride};
use super::{Selector, Spanned};
use crate::diag::{Code, Level, Run, code};
use crate::source::Span;

/// The rules that are the gate: a policy that says what may be imported means them, whether it sets their levels or not.
const GATE: [Code; 3] = [code::UNGRANTED_IMPORT, code::FORBIDDEN_IMPORT, code::EXPIRED_GRANT];

/// Holds that nothing loosens the base at a place: neither the policy that builds on it, nor a base beside it.
pub(super) fn hold(at: usize, own: &Policy, bases: &[Extends], read: &[Policy], run: &mut Run) {
    let (extends, base) = (&bases[at], &read[at]);
    let mut has_loosened = Join { own, beside: None, extends, base, has_loosened: false, run }.check();
    for (other, policy) in read.iter().enumerate().filter(|(other, _)| *other != at) {
        let beside = Some(Beside { extends: &bases[other], is_later: other > at });
        has_loosened |= Join { own: policy, beside, extends, base, has_loosened: false, run }.check();
    }
    let Some(span) = extends.may_loosen else { return };
    let overrides = own
        .compositions
        .iter()
        .any(|own| base.compositions.iter().any(|it| it.name.value == own.name.value))
        || own.components.iter().any(|own| base.components.iter().any(|it| it.name.value == own.name.value));
    if !has_loosened && !overrides {
        run.diagnostics.report(UnusedOverride { base: extends.path.value.clone(), span });
    }
}

/// A policy, and a base that it must not loosen: looks for what would, and is not held by limits.
struct Join<'a> {
    own: &'a Policy,
    /// Where `own` is no policy that builds on the base, but another base of that.
    beside: Option<Beside<'a>>,
    extends: &'a Extends,
    base: &'a Policy,
    has_loosened: bool,
    run: &'a mut Run,
}

/// Another base.
struct Beside<'a> {
    extends: &'a Extends,
    /// Whether it stands after the one that must not be loosened: what cannot differ is looked at once.
    is_later: bool,
}

impl Join<'_> {
    /// Whether something loosens the base, which is an error unless it may.
    fn check(mut self) -> bool {
        self.levels();
        if self.beside.as_ref().is_none_or(|beside| beside.is_later) {
            self.groups();
            self.hosts();
            self.hosts_of_compositions();
        }
        self.exceptions();
        self.has_loosened
    }

    fn loosens(&mut self, what: String, span: Span, base_span: Span) {
        self.has_loosened = true;
        if self.extends.may_loosen.is_none() {
            let base = self.extends.path.value.clone();
            let by = self.beside.as_ref().map(|beside| beside.extends.path.value.clone());
            self.run.diagnostics.report(LoosenedPolicy { what, by, base, span, base_span });
        }
    }

    /// Where the other policy, or one that it builds on, says what nobody may use, or what may be used at all.
    fn ceiling(&self) -> Option<Span> {
        let mut rules = self.base.compositions.iter().flat_map(|it| std::iter::once(it).chain(&it.limits));
        rules.find(|it| it.allow.is_some() || !it.forbid.is_empty()).map(|it| it.name.span)
    }

    /// Where it says what a component may use, or any.
    fn rules_for(&self, component: Option<&str>) -> Option<Span> {
        let mut rules = self.base.components.iter();
        rules.find(|it| component.is_none_or(|name| it.name.value == name)).map(|it| it.name.span)
    }

    fn levels(&mut self) {
        let of = |levels: &[(Spanned<Code>, Level)], code: Code| {
            levels.iter().rev().find(|(set, _)| set.value == code).map(|(set, level)| (set.span, *level))
        };
        for (set, _) in &self.own.levels {
            let Some((span, own)) = of(&self.own.levels, set.value) else { continue };
            let said = of(&self.base.levels, set.value);
            if self.beside.is_some() && said.is_some() {
                continue; // of two bases the stricter one counts
            }
            let base = said.or_else(|| {
                let is_gate = GATE.contains(&set.value);
                let word = || self.ceiling().or_else(|| self.rules_for(None));
                Some((is_gate.then(word).flatten()?, Level::Deny))
            });
            if let Some((base_span, _)) = base.filter(|(_, base)| own < *base) {
                let name = set.value.as_str().trim_start_matches("policy/");
                self.loosens(format!("the level of `{name}`"), span, base_span);
            }
        }
    }

    fn groups(&mut self) {
        let members = |group: &Group| {
            let mut members: Vec<Selector> =
                group.members.iter().map(|member| member.value.clone()).collect();
            members.sort();
            members.dedup();
            members
        };
        for group in &self.own.groups {
            let same = self.base.groups.iter().find(|base| base.name.value == group.name.value);
            if let Some(base) = same.filter(|base| members(base) != members(group)) {
                let what =
                    format!("what {} stands for", crate::diag::quoted(&format!("@{}", group.name.value)));
                self.loosens(what, group.name.span, base.name.span);
            }
        }
    }

    fn hosts(&mut self) {
        for host in &self.own.hosts {
            let same = self.base.hosts.iter().find(|base| base.name.value == host.name.value);
            let Some(base) = same else { continue };
            let profile =
                |rules: &super::HostRules| rules.profile.as_ref().map(|profile| profile.value.clone());
            let has_more =
                host.scopes.iter().any(|scope| !base.scopes.iter().any(|it| it.value == scope.value));
            let is_looser = host.limits.are_looser_than(&base.limits);
            if has_more || is_looser || profile(host) != profile(base) {
                let what = format!("what the host {} is", crate::diag::quoted(&host.name.value));
                self.loosens(what, host.name.span, base.name.span);
            }
        }
    }

    /// A composition that is for a host which the other policy does not name for it: what is asked of those would not hold.
    fn hosts_of_compositions(&mut self) {
        for own in &self.own.compositions {
            let mut same = self.base.compositions.iter().filter(|base| base.name.value == own.name.value);
            let Some(base) = same.find(|base| !base.hosts.is_empty()) else { continue };
            let is_new = |host: &&Spanned<String>| !base.hosts.iter().any(|it| it.value == host.value);
            if let Some(host) = own.hosts.iter().find(is_new) {
                let what = format!("the hosts of {}", crate::diag::quoted(&own.name.value));
                self.loosens(what, host.span, base.hosts[0].span);
            }
        }
    }

    /// An exception from a rule on which the other policy has a word of its own.
    fn exceptions(&mut self) {
        let is_shared = |span: Span| self.base.exceptions.iter().any(|it| it.span == span);
        let own: Vec<_> = self.own.exceptions.iter().filter(|exception| !is_shared(exception.span)).collect();
        for exception in own {
            let rule = exception.rule.value;
            let level = self.base.levels.iter().rev().find(|(set, _)| set.value == rule);
            let component = exception.component.as_ref().map(|component| component.value.as_str());
            let word = match level {
                Some((set, _)) => Some(set.span),
                None if rule == code::FORBIDDEN_IMPORT => self.ceiling(),
                None if GATE.contains(&rule) => self.rules_for(component),
                None => None,
            };
            if let Some(base_span) = word {
                self.loosens(
                    format!("`{}` by an exception", rule.as_str().trim_start_matches("policy/")),
                    exception.rule.span,
                    base_span,
                );
            }
        }
    }
}
