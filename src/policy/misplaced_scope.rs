//! `policy/misplaced-scope`: a limit of a grant is of a kind that says nothing about what the grant allows.
//!
//! Differs from `unknown_scope.rs`: there nothing has the kind. Such a limit is held against nothing, and is no list of what
//! another grant allows.

use super::capability::{Import, Instance};
use super::context::Context;
use super::diagnostics::MisplacedScope;
use super::enforcement::{Limit, every_limit, is_word_for, of_types};
use super::findings::Findings;
use super::taxonomy::{UNCLASSIFIED, UNKNOWN};

/// The kinds of limit that are known, with the classes of the taxonomy and the single interfaces that they are about.
const KINDS: &[(&str, &[&str])] = &[
    ("hosts", &["net-root", "net-out", "name-lookup", "socket", "database", "messaging", HTTP_OF_FASTLY]),
    ("networks", &["net-root", "net-out", "net-in", "name-lookup", "socket", "database", "messaging"]),
    ("network", &["net-root", "net-out", "net-in", "name-lookup", "socket", "database", "messaging"]),
    ("names", &["net-root", "name-lookup", "socket"]),
    ("paths", &["fs-root", "fs"]),
    ("env-keys", &["wasi:cli/environment"]),
    ("config-keys", &["secret-read", "secret-store"]),
    ("config-stores", &["fastly:compute/config-store", "fastly:compute/dictionary"]),
    ("secret-stores", &["secret-store"]),
    ("stores", &["kv-root", "kv", "blob-root", "blob", "database", "secret-store"]),
    ("models", &["nn"]),
];

/// Its functions are of many classes.
const HTTP_OF_FASTLY: &str = "fastly:compute/http-req";

/// Each of them, once.
pub(super) fn report(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut reported = Vec::new();
    for limit in every_limit(context) {
        let (instance, grant, scope) = limit;
        let kind = scope.kind.as_str();
        if !is_misplaced(context, limit) || reported.contains(&scope.kind.span) {
            continue;
        }
        reported.push(scope.kind.span);
        let mut places: Vec<String> = of(context, instance)
            .flat_map(Instance::host_imports)
            .filter(|import| powers(import).any(|power| is_about(kind, power)))
            .map(|import| import.name.to_string())
            .collect();
        places.sort();
        places.dedup();
        let (entry, span) = (grant.cap.value.to_string(), scope.kind.span);
        findings.report(MisplacedScope { kind: kind.to_owned(), entry, places, span });
    }
}

/// Whether a limit is of a known kind, and nothing that its grant allows is what this kind is about.
pub(super) fn is_misplaced(context: &Context<'_>, (instance, grant, scope): Limit<'_>) -> bool {
    let kind = scope.kind.as_str();
    let mut spoken_of = of(context, instance).flat_map(|instance| {
        let granted = context.granted(instance, grant).into_iter();
        let types = of_types(context, instance, grant).flat_map(powers);
        granted.map(|it| (it.name.interface.as_ref().map(|it| it.path()), it.rating.class)).chain(types)
    });
    // What nobody knows may be limited in any way.
    !spoken_of.any(|power| is_about(kind, power.clone()) || power.1 == UNCLASSIFIED)
        && KINDS.iter().any(|(known, _)| is_word_for(kind, known))
}

/// The interface, if it is one, and the class of something that can be granted.
type Power = (Option<String>, &'static str);

fn is_about(kind: &str, (interface, class): Power) -> bool {
    let about = KINDS.iter().filter(|(known, _)| is_word_for(kind, known)).flat_map(|(_, about)| *about);
    about.into_iter().any(|it| *it == class || Some(*it) == interface.as_deref())
}

/// What an import lets a component do; of one for types alone: what its interface is for.
fn powers(import: &Import) -> impl Iterator<Item = Power> + '_ {
    let class = import.entry.map_or(UNKNOWN.class, |entry| entry.rate("", false).class);
    let of_types = import.capabilities.is_empty().then_some(class);
    let classes = import.capabilities.iter().map(|it| it.rating.class).chain(of_types);
    classes.map(|class| (import.name.interface.as_ref().map(|it| it.path()), class))
}

/// The instance that a limit is for; of one of the whole: all.
fn of<'i>(context: &'i Context<'_>, instance: Option<&'i Instance>) -> impl Iterator<Item = &'i Instance> {
    let all = if instance.is_none() { context.instances.as_slice() } else { &[] };
    instance.into_iter().chain(all)
}
