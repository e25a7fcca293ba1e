//! `policy/laundered-capability`: a component lets others have what the host gave to it, and not to them.
//!
//! Differs from `ungranted_effective.rs`: there code of the component stands between, here it hands on the thing itself, or
//! uses it for exports that are not for that.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::check::{InstanceId, Origin, Port, Provider};
use crate::config::{Labels, Pattern, Spanned};
use crate::diag::code;
use crate::model::{CapabilityName, InterfaceName, ItemPath, ResourceId, Side};
use crate::policy::capability::{Capability, Import, Instance};
use crate::policy::context::Context;
use crate::policy::diagnostics::{Laundered, LaunderedHow, Powers};
use crate::policy::findings::Findings;
use crate::policy::grant::{parts, speaks_of};
use crate::policy::passed_on::PassedOn;
use crate::policy::reach::Verdict;
use crate::policy::taxonomy::Severity;

/// Each export that is an import of its own, each that gives handles of the host away, and each that uses a grant which
/// is only for others: what is of medium severity or more.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    let users = users(context);
    for instance in &context.instances {
        let imports: HashMap<&str, &Import> =
            instance.host_imports().map(|import| (import.extern_name.as_str(), import)).collect();
        for passed in &context.passed_on[instance.id.0] {
            let Some(import) = imports.get(passed.import.as_str()) else { continue };
            let port = Port { instance: instance.id, name: passed.export.clone() };
            let users = users.get(&port).map(Vec::as_slice).unwrap_or_default();
            alias(context, instance, (passed, import), users, findings);
        }
        only_for(context, instance, findings);
    }
    handles(context, findings);
}

/// An export that is an alias of an import, for users without a grant; without users, unless it is declared.
fn alias(
    context: &Context<'_>,
    instance: &Instance,
    (passed, import): (&PassedOn, &Import),
    users: &[&Instance],
    findings: &mut Findings<'_>,
) {
    let mut grave = passed.of(import);
    grave.retain(|it| it.needs_grant && it.rating.severity >= Severity::Medium);
    if grave.is_empty() {
        return;
    }
    let open: Vec<&Instance> = users
        .iter()
        .copied()
        .filter(|user| !grave.iter().all(|it| context.covers(user.id, &instance.name, it)))
        .collect();
    let is_fine =
        if users.is_empty() { is_declared(context, instance, &passed.export) } else { open.is_empty() };
    if is_fine || findings.accepts(code::LAUNDERED_CAPABILITY, instance, &grave) {
        return;
    }
    let powers = Powers::of(&grave);
    let missing = [powers.import.clone()];
    let via = |user: &&Instance| findings.via(user, context.sections[user.id.0], &instance.name, &missing);
    let via = open.first().map(via);
    findings.report_at(instance, &ItemPath::item(Side::Export, &passed.export), |span| Laundered {
        component: instance.name.clone(),
        export: passed.export.clone(),
        powers,
        how: LaunderedHow::Alias,
        users: open.iter().map(|user| user.name.clone()).collect(),
        via,
        span,
        rule: None,
    });
}

/// By export: those who use it, each once.
fn users<'c>(context: &'c Context<'_>) -> HashMap<&'c Port, Vec<&'c Instance>> {
    let mut users: HashMap<&Port, Vec<&Instance>> = HashMap::new();
    for edge in &context.wiring.edges {
        let Provider::Export(port) = &edge.provider else { continue };
        let known = users.entry(port).or_default();
        // The edges of one instance stand together.
        if known.last().is_none_or(|last| last.id != edge.import.instance) {
            known.push(context.instance(edge.import.instance));
        }
    }
    users
}

/// Whether the rules say that the instance may provide this export in place of the host.
fn is_declared(context: &Context<'_>, instance: &Instance, export: &str) -> bool {
    let name = export_name(export, None);
    let rules = context.sections[instance.id.0].rules();
    rules.is_some_and(|rules| {
        parts(rules).all(|rules| {
            rules.interpose.iter().any(|it| speaks_of(context.policy, &it.value, &name, "", Labels::All))
        })
    })
}

/// The name of a function that is exported, as entries of a policy speak of it.
fn export_name(export: &str, function: Option<&str>) -> CapabilityName {
    let interface = InterfaceName::parse(export);
    let label = interface.is_none().then(|| export.to_owned());
    CapabilityName { label, interface, function: function.map(str::to_owned) }
}

/// Exports that give their users handles of the host, which those could not get with their own grants.
fn handles(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut seen = BTreeSet::new();
    for edge in &context.wiring.edges {
        let Provider::Export(port) = &edge.provider else { continue };
        let (giver, user) = (context.instance(port.instance), context.instance(edge.import.instance));
        let Some(given) = context.given.get(port) else { continue };
        if !seen.insert((port, user.id))
            || context.passed_on[giver.id.0].iter().any(|it| it.export == port.name)
        {
            continue; // an alias is told as such
        }
        for resource in given.iter().filter(|resource| is_of_host(context, giver.id, **resource)) {
            let makers = makers(giver, *resource);
            let is_open =
                !makers.is_empty() && !makers.iter().any(|it| context.covers(user.id, &giver.name, it));
            if !is_open || findings.accepts(code::LAUNDERED_CAPABILITY, giver, &makers) {
                continue;
            }
            let first = makers[0].path.extern_name();
            let of_first: Vec<&Capability> =
                makers.iter().copied().filter(|it| it.path.extern_name() == first).collect();
            let powers = Powers::of(&of_first);
            let missing = [powers.import.clone()];
            let via = Some(findings.via(user, context.sections[user.id.0], &giver.name, &missing));
            findings.report_at(giver, &ItemPath::item(Side::Export, &port.name), |span| Laundered {
                component: giver.name.clone(),
                export: port.name.clone(),
                powers,
                how: LaunderedHow::Handle,
                users: vec![user.name.clone()],
                via,
                span,
                rule: None,
            });
            break; // one handle is enough to tell
        }
    }
}

fn is_of_host(context: &Context<'_>, instance: InstanceId, resource: ResourceId) -> bool {
    let origins = context.wiring.origins.get(instance.0);
    origins
        .and_then(|origins| origins.get(resource.0 as usize))
        .is_some_and(|it| matches!(it, Origin::Host { .. }))
}

/// The grave functions of the host that make a handle, by themselves or step by step; the gravest first.
fn makers(instance: &Instance, resource: ResourceId) -> Vec<&Capability> {
    let mut wanted = BTreeSet::from([resource]);
    let mut makers: Vec<&Capability> = Vec::new();
    loop {
        let is_new = |it: &&Capability| {
            !it.handles.given.is_disjoint(&wanted) && !makers.iter().any(|known| known.path == it.path)
        };
        let Some(maker) = instance.capabilities().find(is_new) else { break };
        wanted.extend(maker.handles.mandatory.iter().copied());
        makers.push(maker);
    }
    makers.retain(|it| it.needs_grant && it.rating.severity >= Severity::Medium);
    makers.sort_by_key(|it| std::cmp::Reverse(it.rating.severity));
    makers
}

/// Exports that use a grant of their component which the policy keeps for others.
fn only_for(context: &Context<'_>, instance: &Instance, findings: &mut Findings<'_>) {
    let Some(reach) = &context.reach else { return };
    for rules in context.sections[instance.id.0].rules().into_iter().flat_map(parts) {
        let Some(entries) = &rules.only_for else { continue };
        let mut others: BTreeMap<&[String], Vec<&Capability>> = BTreeMap::new();
        for capability in instance.capabilities() {
            let is_grave = capability.needs_grant && capability.rating.severity >= Severity::Medium;
            let exports: Vec<&[String]> = match reach.verdict(instance, capability) {
                Verdict::Unexercisable | Verdict::Unreachable => Vec::new(),
                _ if !is_grave => Vec::new(),
                // What is likely only run-time support counts: the names that tell so are the author's own.
                Verdict::Reachable | Verdict::Support(_) => reach.exports_to(instance, capability),
                Verdict::Unanalyzable => reach.exports(instance.id).collect(),
            };
            let is_other = |path: &&[String]| !is_among(&entries.value, path);
            exports
                .into_iter()
                .filter(is_other)
                .for_each(|path| others.entry(path).or_default().push(capability));
        }
        for (path, used) in others {
            let gravest = used.iter().max_by_key(|it| it.rating.severity);
            let (Some(export), Some(gravest)) = (path.first(), gravest) else { continue };
            if findings.accepts(code::LAUNDERED_CAPABILITY, instance, &used) {
                continue;
            }
            let of_import: Vec<&Capability> = used
                .iter()
                .copied()
                .filter(|it| it.path.extern_name() == gravest.path.extern_name())
                .collect();
            findings.report_at(instance, &ItemPath::item(Side::Export, export), |span| Laundered {
                component: instance.name.clone(),
                export: path.join("#"),
                powers: Powers::of(&of_import),
                how: LaunderedHow::OtherExport,
                users: Vec::new(),
                via: None,
                span,
                rule: Some(entries.value.first().map_or(entries.span, |first| first.span)),
            });
        }
    }
}

/// Whether one of the entries of `only-for` means an exported function, given the names that lead to it.
fn is_among(entries: &[Spanned<Pattern>], path: &[String]) -> bool {
    entries.iter().any(|entry| is_meant(&entry.value, path))
}

/// Whether an entry of `only-for` means an exported function, given the names that lead to it.
pub(super) fn is_meant(entry: &Pattern, path: &[String]) -> bool {
    exported(path).is_some_and(|name| entry.matches(&name, Labels::All))
}

/// The name of an exported function, as entries of `only-for` speak of it, given the names that lead to it.
pub(super) fn exported(path: &[String]) -> Option<CapabilityName> {
    let (export, function) = path.split_first()?;
    let function = (!function.is_empty()).then(|| function.join("/"));
    Some(export_name(export, function.as_deref()))
}
