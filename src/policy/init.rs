//! Writes a first policy under which `lint` finds nothing that is about the policy itself.
//!
//! Differs from `paste.rs`, which has the single lines.

use std::fmt::Write;

use indexmap::IndexMap;

use super::capability::{Capability, Import, Instance, instances};
use super::diagnostics::Powers;
use super::effective::effective;
use super::passed_on::{PassedOn, passed_on};
use super::reach::{Reach, Support, SupportKind, Verdict};
use super::route::routes;
use super::taxonomy::{Severity, taxonomy};
use super::{paste, runtime};
use crate::check::{Provider, Wiring};
use crate::diag::escape;
use crate::load::Inputs;
use crate::model::InterfaceName;

/// The reason that stands in a new policy until somebody writes a better one.
const PLACEHOLDER: &str = "not reviewed yet: imported when this policy was made";

/// The same for what only run-time support uses.
const OF_SUPPORT: &str = "not reviewed yet: likely only run-time support uses it";

/// The same for what comes with an engine, or with every program of a toolchain.
const OF_UNSEEN: &str = "not reviewed yet: comes with its run-time support, used or not";

/// How many steps of a way a comment shows before it leaves some out.
const STEPS: usize = 5;

/// What is to be said about the components of one name.
#[derive(Default)]
struct Draft {
    /// Lines of `allow`.
    allow: Vec<String>,
    interpose: Vec<String>,
    /// By peer: what is used through it.
    via: IndexMap<String, Vec<String>>,
    /// Comments about imports that need no grant.
    idle: Vec<String>,
    /// Grants of their own, each with its comment.
    grants: Vec<String>,
    /// The engines that run what is the component proper.
    engines: Vec<String>,
    /// By run-time support: how we know, the way out, and what only it uses.
    support: IndexMap<String, OfSupport>,
}

/// What likely only one kind of run-time support uses.
#[derive(Default)]
struct OfSupport {
    kind: SupportKind,
    evidence: String,
    fix: String,
    allow: Vec<String>,
    grants: Vec<String>,
}

/// The facts of one wiring.
struct Facts<'a> {
    wiring: &'a Wiring,
    instances: &'a [Instance],
    reach: Option<Reach>,
    /// By instance: the exports that are imports of its own.
    passed_on: Vec<Vec<PassedOn>>,
}

/// The text of a policy that allows what the instances of wirings import today, and no more: no wildcards, tracks instead
/// of versions, functions by name for all that matters. Instances with one name share their rules.
pub fn first_policy(wirings: &[(&Inputs, &Wiring)]) -> String {
    let version = paste::string(&taxonomy().version);
    let mut text = format!(
        "# What each component may use of the host. So far each import is allowed as it was found: read each entry, say\n\
         # why it is needed, and take out what is not.\n\n\
         [policy]\nversion = 1\ntaxonomy = {version}\ndefault = \"deny\"\n"
    );
    let mut drafts: IndexMap<String, Draft> = IndexMap::new();
    for (inputs, wiring) in wirings {
        let instances = instances(inputs, wiring);
        let has_power = instances.iter().any(|instance| instance.capabilities().next().is_some());
        let reach = has_power.then(|| Reach::of(inputs, wiring));
        let of_instance = |instance: &Instance| passed_on(&inputs.components[instance.component], instance);
        let passed_on = instances.iter().map(of_instance).collect();
        let facts = Facts { wiring, instances: &instances, reach, passed_on };
        for instance in &instances {
            drafts.entry(instance.name.clone()).or_default().add(instance, &facts);
        }
    }
    drafts.iter().for_each(|(name, draft)| draft.write(name, &mut text));
    text
}

impl Draft {
    fn add(&mut self, instance: &Instance, facts: &Facts<'_>) {
        for import in instance.host_imports() {
            self.add_import(instance, import, facts);
        }
        if let Some(engine) = facts.reach.as_ref().and_then(|reach| reach.engine(instance)) {
            push(&mut self.engines, engine.to_owned());
        }
        for pattern in facts.interposed(instance) {
            push(&mut self.interpose, pattern);
        }
        for (peer, pattern) in facts.via(instance) {
            push(self.via.entry(peer).or_default(), pattern);
        }
    }

    fn add_import(&mut self, instance: &Instance, import: &Import, facts: &Facts<'_>) {
        let granted: Vec<&Capability> = import.capabilities.iter().filter(|it| it.needs_grant).collect();
        let Some(gravest) = granted.iter().map(|it| it.rating.severity).max() else {
            let why =
                if import.capabilities.is_empty() { "only its types" } else { "works on handles alone" };
            let line = format!("# needs no grant, {why}: {}", escape(&import.name.to_string()));
            return push(&mut self.idle, line);
        };
        let powers = Powers::of(&granted);
        let comment = format!("{} ({})", powers.powers, powers.severity);
        let support = facts.support_of(instance, &granted);
        let is_grave = gravest >= Severity::Medium;
        let line = if is_grave {
            let reason = match support.as_ref().map(|support| support.kind) {
                None => PLACEHOLDER,
                Some(SupportKind::Likely) => OF_SUPPORT,
                Some(SupportKind::Engine | SupportKind::EmptyProgram) => OF_UNSEEN,
            };
            let lines = paste::grant(&instance.name, &granted, reason);
            let way = if support.is_some() { None } else { facts.way_to(instance, &granted) };
            let way = way.map_or(String::new(), |way| format!("# one way: {way}\n"));
            format!("\n# {comment}\n{way}{lines}")
        } else {
            format!("    {}, # {comment}", paste::entry(import.entry, &granted))
        };
        let (allow, grants) = match support {
            Some(Support { cause, evidence, fix, kind }) => {
                let of = self.support.entry(cause).or_default();
                (of.kind, of.evidence, of.fix) = (kind, evidence, fix);
                (&mut of.allow, &mut of.grants)
            }
            None => (&mut self.allow, &mut self.grants),
        };
        push(if is_grave { grants } else { allow }, line);
    }

    fn write(&self, name: &str, text: &mut String) {
        let key = paste::key(name);
        let _ = write!(text, "\n[component.{key}]\n");
        let mut allow = self.allow.clone();
        for (cause, of) in self.support.iter().filter(|(_, of)| !of.allow.is_empty()) {
            let cause = escape(cause);
            allow.push(match of.kind {
                SupportKind::Likely => format!("    # likely only for run-time support: {cause}"),
                SupportKind::Engine | SupportKind::EmptyProgram => {
                    format!("    # by the {cause}, used or not")
                }
            });
            allow.extend(of.allow.iter().cloned());
        }
        if allow.is_empty() {
            text.push_str("allow = []\n");
        } else {
            let _ = writeln!(text, "allow = [\n{}\n]", allow.join("\n"));
        }
        if !self.interpose.is_empty() {
            let _ = writeln!(text, "interpose = {}", paste::list(self.interpose.iter().map(String::as_str)));
        }
        for (peer, patterns) in &self.via {
            let patterns = paste::list(patterns.iter().map(String::as_str));
            let _ = writeln!(text, "via.{} = {patterns}", paste::key(peer));
        }
        let causes = self.support.keys().chain(&self.engines);
        let mut runtime: Vec<String> = causes.flat_map(|cause| runtime::words(cause)).collect();
        runtime.sort_unstable();
        runtime.dedup();
        if !runtime.is_empty() {
            let _ = writeln!(text, "runtime = {}", paste::list(runtime.iter().map(String::as_str)));
        }
        for line in self.idle.iter().chain(&self.grants) {
            let _ = writeln!(text, "{line}");
        }
        for (cause, of) in &self.support {
            let what = match (of.allow.is_empty(), of.grants.is_empty()) {
                (_, true) => "what is marked in its `allow`",
                (true, false) => "what follows",
                (false, false) => "what follows, and what is marked in its `allow`",
            };
            let cause = escape(cause);
            let whose = match of.kind {
                SupportKind::Likely => format!("Likely only run-time support of {key} uses {what}: {cause}."),
                SupportKind::Engine | SupportKind::EmptyProgram => {
                    format!("The {cause} in {key} brings in {what}, used or not.")
                }
            };
            let _ = writeln!(
                text,
                "\n# {whose}\n#   how we know: {}\n#   a way out: {}",
                escape(&of.evidence),
                escape(&of.fix)
            );
            of.grants.iter().for_each(|line| {
                let _ = writeln!(text, "{line}");
            });
        }
    }
}

fn push<T: PartialEq>(list: &mut Vec<T>, element: T) {
    if !list.contains(&element) {
        list.push(element);
    }
}

impl Facts<'_> {
    /// The run-time support that is likely all that uses some functions of an import; `None` if anything else does.
    fn support_of(&self, instance: &Instance, granted: &[&Capability]) -> Option<Support> {
        let reach = self.reach.as_ref()?;
        let mut support = None;
        for capability in granted {
            match reach.verdict(instance, capability) {
                Verdict::Reachable | Verdict::Unanalyzable => return None,
                Verdict::Support(found) => support = Some(found),
                Verdict::Unexercisable | Verdict::Unreachable => {}
            }
        }
        support
    }

    /// The way to the gravest of some functions, on one line.
    fn way_to(&self, instance: &Instance, granted: &[&Capability]) -> Option<String> {
        let gravest = granted.iter().rev().max_by_key(|it| it.rating.severity)?;
        let way = self.reach.as_ref()?.witness(instance, gravest, self.wiring);
        let named = way.iter().filter(|step| step.kind != "table" && step.kind != "reference");
        let mut names: Vec<String> = named.map(|step| escape(&step.name)).collect();
        names.dedup();
        if names.len() > STEPS {
            let left_out = format!("({} more)", names.len() + 1 - STEPS);
            names.splice(2..names.len() + 3 - STEPS, [left_out]);
        }
        (!names.is_empty()).then(|| names.join(" -> "))
    }

    /// The interfaces of hosts that an instance provides to others.
    fn interposed(&self, instance: &Instance) -> Vec<String> {
        let mut found = Vec::new();
        for passed in &self.passed_on[instance.id.0] {
            let interface = InterfaceName::parse(&passed.export);
            found.push(interface.map_or(passed.export.clone(), |interface| interface.on_track()));
        }
        for edge in &self.wiring.edges {
            if !matches!(&edge.provider, Provider::Export(export) if export.instance == instance.id) {
                continue;
            }
            let user = &self.instances[edge.import.instance.0];
            let import = user.imports.iter().find(|import| import.extern_name == edge.import.name);
            if let Some(import) = import.filter(|it| it.entry.is_some() && !it.capabilities.is_empty()) {
                found.extend(import.name.interface.as_ref().map(InterfaceName::on_track));
            }
        }
        found
    }

    /// What an instance uses through its peers and has no grant for itself: each peer with a pattern. Of the root of a
    /// composition, all that is behind each peer.
    fn via(&self, instance: &Instance) -> Vec<(String, String)> {
        let is_covered = |capability: &Capability| {
            let is_it = |own: &Capability| own.name.to_string() == capability.name.to_string();
            instance.capabilities().any(|own| own.needs_grant && is_it(own))
        };
        let mut found = Vec::new();
        for import in &instance.imports {
            let (Some(peer), Some(reach)) = (import.provider, &self.reach) else { continue };
            for (_, open) in effective(self.instances, reach, instance, import, is_covered) {
                found.push((self.instances[peer.0].name.clone(), paste::pattern(open[0])));
            }
        }
        if self.wiring.root == Some(instance.id) {
            found.extend(self.behind_root(instance));
        }
        found
    }

    fn behind_root(&self, root: &Instance) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for (reached, route) in routes(self.wiring) {
            let Some(peer) = route.get(1) else { continue };
            for import in self.instances[reached.0].host_imports() {
                let grave = |it: &&Capability| it.needs_grant && it.rating.severity >= Severity::Medium;
                let first = import.capabilities.iter().find(grave);
                if let Some(first) = first.filter(|_| !root.host_imports().any(|own| own.is_same(import))) {
                    found.push((self.instances[peer.0].name.clone(), paste::pattern(first)));
                }
            }
        }
        found
    }
}
