//! Capabilities and least privilege over a wiring: judges, and changes nothing.
//!
//! The gate is an allow-list on what each instance imports from the host, and the default is to deny. A component cannot
//! call what it does not import, so that the gate is sound without a look at the code.

mod capability;
mod context;
mod diagnostics;
mod drift;
mod effective;
mod enforcement;
mod exercise;
mod findings;
mod grant;
mod handle;
mod index;
mod init;
mod lints;
mod lock;
mod misplaced_scope;
mod occasion;
mod passed_on;
mod paste;
mod powers;
mod question;
mod reach;
mod removal;
mod route;
mod runtime;
mod slip;
mod table;
mod taxonomy;
mod unknown_scope;
mod via;
mod whole;
mod why;

pub use drift::{drift, mark_known};
pub use enforcement::{Enforced, HeldScope, ScopeRow, held_scopes, scopes};
pub use init::first_policy;
pub use lock::lock;
pub use occasion::Occasion;
pub use powers::{PowerChange, power_changes};
pub use question::understood;
pub use reach::{SupportKind, WitnessStep};
pub use table::capabilities;
pub use whole::{Whole, WholeRow};
pub use why::{Inside, Why, WhyAnswer, report_slip, why};

use crate::check::Wiring;
use crate::config::Policy;
use crate::diag::{Level, Run};
use crate::load::{Declared, Inputs};
use context::Context;
use findings::{Entries, Findings};

/// What an artifact can do, by instance.
#[derive(Clone, Debug, Default)]
pub struct Capabilities {
    /// The artifact.
    pub name: String,
    /// The version of the taxonomy that the severities come from.
    pub taxonomy: String,
    /// One entry an instance; a component that is not composed has one.
    pub instances: Vec<InstanceCapabilities>,
    /// What all of them together can do; `None` where there is only one.
    pub whole: Option<Whole>,
}

/// What one instance can do.
#[derive(Clone, Debug, Default)]
pub struct InstanceCapabilities {
    /// Its name.
    pub name: String,
    /// One row an import that the host is to provide, the gravest first.
    pub rows: Vec<CapabilityRow>,
    /// What the rows mean together: pairs that are dangerous in one component. Each a clause without a full stop.
    pub warnings: Vec<String>,
    /// What run-time support is behind rows, each once.
    pub support: Vec<SupportRow>,
    /// Why nobody can say what its code reaches; `None` where it could be followed. A clause without a full stop.
    pub obstacle: Option<String>,
}

/// Code that a toolchain put into a component, and that is likely all that reaches some imports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SupportRow {
    /// What it is: `panic messages`.
    pub cause: String,
    /// How we know, a clause without a full stop.
    pub evidence: String,
    /// How to be rid of it, a clause without a full stop.
    pub fix: String,
    /// What is known about the program's own use of it.
    pub kind: SupportKind,
}

/// What one imported interface allows.
#[derive(Clone, Debug, Default)]
pub struct CapabilityRow {
    /// The interface on its track, with its label if it has one: `wasi:http/outgoing-handler@0.2`.
    pub interface: String,
    /// What it means in a few words for a reviewer: `sends HTTP requests to any host`.
    pub power: String,
    /// The class of the taxonomy: `net-out`; `unclassified` where it knows nothing.
    pub class: String,
    /// `none`, `low`, `medium`, `high` or `critical`.
    pub severity: String,
    /// The functions that are imported.
    pub functions: Vec<String>,
    /// How it is reached, in a few words for people.
    pub reached: String,
    /// How it is reached: the word of the function that is reached the most.
    pub verdict: String,
    /// How each function is reached.
    pub uses: Vec<UseRow>,
}

/// How one imported function is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UseRow {
    /// Its name without brackets; that of the import where that is no interface.
    pub function: String,
    /// `none`, `low`, `medium`, `high` or `critical`.
    pub severity: String,
    /// `reachable`, `run-time support` (likely), `unanalyzable`, `never exercisable` (proven) or `unreachable` (proven).
    pub verdict: String,
    /// Of run-time support: which.
    pub cause: Option<String>,
    /// Whether the component gives it to core code, or exports it as it is.
    pub is_lowered: bool,
    /// Whether the component can ever hold the handles that it needs.
    pub is_exercisable: bool,
    /// Whether anything that can run leads to it: what cannot be decided counts as called.
    pub is_reachable: bool,
    /// Whether direct calls alone lead to it: a lower bound, and never a verdict.
    pub is_direct: bool,
    /// Whether the exports of the whole lead to it.
    pub is_needed: bool,
}

/// What is judged: a composition, or components side by side.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The components.
    pub inputs: &'a mut Inputs,
    /// Who provides what to whom.
    pub wiring: &'a Wiring,
    /// The name of the composition in the policy, if it is one.
    pub composition: Option<&'a str>,
    /// The worlds that the components say they are built for, where anyone asked.
    pub declared: Option<&'a Declared>,
}

/// Judges what a policy is for, each on its occasion: what the components may not do, and, where they `are_all` that it is for, which
/// of its entries are dead.
///
/// The levels that the policy sets count where the run has not chosen any. Codes: all of `policy/`.
pub fn judge(subjects: &mut [(Subject<'_>, Occasion)], policy: &Policy, are_all: bool, run: &mut Run) {
    let mut entries = Entries::default();
    for (subject, occasion) in subjects {
        judge_one(subject, policy, occasion, Wanted::All, &mut entries, run);
    }
    if are_all {
        entries.report_dead(run);
    }
}

/// Says that there is no lock at `path`, where one is asked for; `command` writes it.
pub fn without_lock(path: &std::path::Path, command: &str, run: &mut Run) {
    let (path, command) = (path.display().to_string(), command.to_owned());
    run.diagnostics.report(diagnostics::MissingLock { path, command });
}

/// Judges one of several things that a policy is for. Entries that it has no use for are not reported: another one may.
///
/// Otherwise the same as [`judge`], but that code is read only where a rule that looks at it can refuse: because its level
/// is deny, or because the policy says what only some exports may do.
pub fn permit(mut subject: Subject<'_>, policy: &Policy, occasion: &Occasion, run: &mut Run) {
    judge_one(&mut subject, policy, occasion, Wanted::Refusals, &mut Entries::default(), run);
}

/// The same as [`scopes`]; those that nobody enforces are reported as [`judge`] does, and nothing else is.
pub fn enforced(
    subject: &mut Subject<'_>,
    policy: &Policy,
    occasion: &Occasion,
    run: &mut Run,
) -> Vec<ScopeRow> {
    let rows = scopes(subject, policy, occasion);
    set_levels(policy, run);
    let (context, mut entries) = (Context::new(subject, policy, occasion, false), Entries::default());
    lints::declared(&context, &mut Findings::new(subject, policy, &context, &mut entries, run));
    rows
}

/// The levels that the policy sets count where the run has not chosen any.
fn set_levels(policy: &Policy, run: &mut Run) {
    for (code, level) in policy.levels.iter().rev() {
        run.diagnostics.levels.set_unless_chosen(code.value, *level);
    }
}

/// What one asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// All that is found.
    All,
    /// What refuses.
    Refusals,
}

fn judge_one(
    subject: &mut Subject<'_>,
    policy: &Policy,
    occasion: &Occasion,
    wanted: Wanted,
    entries: &mut Entries,
    run: &mut Run,
) {
    set_levels(policy, run);
    let levels = &run.diagnostics.levels;
    let says_for_whom =
        || policy.components.iter().flat_map(grant::parts).any(|rules| rules.only_for.is_some());
    let with_code = match wanted {
        Wanted::All => {
            lints::ABOUT_CODE.iter().any(|code| levels.of(*code) > Level::Allow) || says_for_whom()
        }
        Wanted::Refusals => {
            lints::ABOUT_CODE.iter().any(|code| levels.of(*code) == Level::Deny) || says_for_whom()
        }
    };
    let context = Context::new(subject, policy, occasion, with_code);
    let mut findings = Findings::new(subject, policy, &context, entries, run);
    for judge in lints::LINTS {
        judge(&context, &mut findings);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    use super::*;
    use crate::check::side_by_side;
    use crate::config::{ComponentInput, InputPath, Request};
    use crate::load::load;
    use crate::model::Date;
    use crate::source::{MemoryFiles, Origin};

    /// Loads components, each given by its name and its text.
    pub(super) fn loaded(components: &[(&str, &str)], run: &mut Run) -> Inputs {
        let mut files = MemoryFiles::default();
        let mut request = Request::default();
        for (name, text) in components {
            files = files.with(format!("{name}.wat"), *text);
            let path = InputPath::Path(PathBuf::from(format!("{name}.wat")));
            request.inputs.push(ComponentInput { name: Some((*name).to_owned()), path, wit: None });
        }
        let inputs = load(&request, &files, run);
        let found: Vec<_> = run.diagnostics.iter().map(|it| format!("{it:?}")).collect();
        assert_eq!(inputs.components.len(), components.len(), "{found:?}");
        inputs
    }

    /// Imports a clock, the environment and files; the last through handles.
    pub(super) const SHOP: &str = r#"(component
        (import "wasi:clocks/monotonic-clock@0.2.3" (instance
            (export "now" (func (result u64)))
            (export "resolution" (func (result u64)))))
        (import "wasi:cli/environment@0.2.3" (instance
            (export "get-environment" (func (result (list (tuple string string)))))
            (export "get-arguments" (func (result (list string))))))
        (import "wasi:filesystem/types@0.2.3" (instance $types
            (export "descriptor" (type $descriptor (sub resource)))
            (export "[method]descriptor.sync" (func (param "self" (borrow $descriptor))))
            (export "[method]descriptor.open-at"
                (func (param "self" (borrow $descriptor)) (param "path" string) (result (own $descriptor))))))
        (alias export $types "descriptor" (type $descriptor))
        (import "wasi:filesystem/preopens@0.2.3" (instance
            (export "descriptor" (type $own (eq $descriptor)))
            (export "get-directories" (func (result (list (tuple (own $own) string)))))))
        (import "log" (func (param "text" string)))
    )"#;

    /// The findings about `SHOP` under the rules given as the text after the header.
    fn judged(rules: &str) -> Vec<(&'static str, String)> {
        let mut run = Run::default();
        let mut inputs = loaded(&[("shop", SHOP)], &mut run);
        let wiring = side_by_side(&inputs);
        let text = format!("[policy]\nversion = 1\ntaxonomy = '2026.11'\n{rules}");
        let source = run.sources.add("witc-policy.toml", Origin::StandardInput, text);
        let policy = Policy::read(source, &mut run);
        let today = Date::parse("2026-11-22").expect("a day");
        // None of these components has code.
        for code in super::lints::ABOUT_CODE {
            run.diagnostics.levels.set(*code, Level::Allow);
        }
        if let Some(policy) = policy {
            let subject = Subject { inputs: &mut inputs, wiring: &wiring, composition: None, declared: None };
            judge(&mut [(subject, Occasion::on(today))], &policy, true, &mut run);
        }
        let found = run.diagnostics.into_sorted().into_iter();
        found.map(|found| (found.code.as_str(), found.message)).collect()
    }

    #[track_caller]
    fn check(rules: &str, expected: &[(&str, &str)]) {
        let found = judged(rules);
        let found: Vec<_> = found.iter().map(|(code, message)| (*code, message.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn nothing_is_allowed_where_nothing_is_said() {
        let message = |what| format!("`shop` imports {what}, which the policy does not allow");
        let interfaces = [
            "`wasi:clocks/monotonic-clock@0.2`",
            "`wasi:cli/environment@0.2`",
            "`wasi:filesystem/types@0.2`",
            "`wasi:filesystem/preopens@0.2`",
            "`log`",
        ];
        let messages: Vec<_> = interfaces.into_iter().map(message).collect();
        let expected: Vec<_> =
            messages.iter().map(|message| ("policy/ungranted-import", message.as_str())).collect();
        check("", &expected);
    }

    #[test]
    fn functions_are_allowed_one_by_one() {
        check(
            "[component.shop]\nallow = ['wasi:clocks@*', '@fs', 'log', 'wasi:cli/environment@0.2#get-arguments']\n",
            &[("config/bad-capability", "`wasi:clocks@*` cannot be used as a capability here")],
        );
        check(
            "[component.shop]\nallow = ['wasi:clocks/monotonic-clock@0.2', 'log',\n\
             'wasi:cli/environment@0.2#get-arguments',\n\
             { cap = '@fs', reason = 'keeps its stock list there' }]\n",
            &[
                ("policy/unclassified-capability", "`shop` may use `log`, and what that does is not known"),
                ("policy/wildcard-grant", "the grant `@fs` of `shop` allows more than anyone has looked at"),
                (
                    "policy/ungranted-import",
                    "`shop` imports `get-environment` of `wasi:cli/environment@0.2`, which the policy does not allow",
                ),
            ],
        );
    }

    /// Entries that a policy may or may not have.
    const ENTRIES: &[&str] = &[
        "'wasi:clocks/monotonic-clock@0.2'",
        "'wasi:clocks/monotonic-clock@0.2#now'",
        "{ cap = 'wasi:cli/environment@0.2', functions = ['get-arguments'] }",
        "{ cap = 'wasi:cli/environment@0.2', reason = 'x', expires = 2026-01-01 }",
        "'wasi:cli/environment@0.3'",
        "'@env'",
        "'@own'",
        "{ cap = 'wasi:filesystem/types@0.2', functions = ['descriptor.sync'] }",
        "'wasi:filesystem'",
        "{ cap = '*', wildcard = true }",
        "'log'",
        "'log: wasi:logging/logging@0.1'",
    ];

    fn rules(entries: &[&str]) -> String {
        format!(
            "[groups]\nown = ['wasi:filesystem/preopens@0.2', '@clock']\n[component.shop]\nallow = [{}]\n",
            entries.join(", ")
        )
    }

    /// The imports of which something is not granted.
    fn ungranted(entries: &[&str]) -> BTreeSet<String> {
        let found = judged(&rules(entries)).into_iter();
        let ungranted = found.filter(|(code, _)| *code == "policy/ungranted-import");
        let import = |message: String| message.rsplit('`').nth(1).map(str::to_owned).unwrap_or_default();
        ungranted.map(|(_, message)| import(message)).collect()
    }

    /// Sets of entries, from a generator with a fixed seed.
    fn sets() -> impl Iterator<Item = Vec<&'static str>> {
        let mut state = 2026_u64;
        std::iter::repeat_with(move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let bits = state >> 40;
            ENTRIES
                .iter()
                .enumerate()
                .filter(|(at, _)| bits >> at & 1 == 1)
                .map(|(_, entry)| *entry)
                .collect()
        })
    }

    #[test]
    fn a_grant_more_is_never_a_finding_more_of_what_is_not_granted() {
        for entries in sets().take(25) {
            let before = ungranted(&entries);
            for more in ENTRIES {
                let after = ungranted(&[entries.as_slice(), &[*more]].concat());
                assert!(after.is_subset(&before), "{entries:?} and {more}: {before:?}, {after:?}");
            }
        }
    }

    #[test]
    fn the_order_of_grants_means_nothing() {
        for entries in sets().take(25) {
            let reversed: Vec<_> = entries.iter().rev().copied().collect();
            let sorted = |entries: &[&str]| {
                let mut found = judged(&rules(entries));
                found.sort();
                found
            };
            assert_eq!(sorted(&entries), sorted(&reversed));
        }
    }

    #[test]
    fn the_lock_is_the_same_in_any_order() {
        let clock = "(component (import \"wasi:clocks/monotonic-clock@0.2.3\" (instance (export \"now\" (func (result u64))))))";
        let mut components = vec![("shop", SHOP), ("a clock", clock), ("nothing", "(component)")];
        let mut locks = BTreeSet::new();
        for turn in 0..6 {
            components.swap(turn % 2, turn % 2 + 1);
            let mut inputs = loaded(&components, &mut Run::default());
            let wiring = side_by_side(&inputs);
            let subject = Subject { inputs: &mut inputs, wiring: &wiring, composition: None, declared: None };
            locks.insert(lock(&[subject]).to_string());
        }
        assert_eq!(locks.len(), 1, "{locks:?}");
    }

    #[test]
    fn a_first_policy_passes() {
        let mut run = Run::default();
        let mut inputs = loaded(&[("shop", SHOP), ("my shop\"\u{202e}", "(component)")], &mut run);
        let wiring = side_by_side(&inputs);
        let text = first_policy(&[(&inputs, &wiring)]);
        assert!(!text.contains('\u{202e}') && !text.contains('*'), "{text}");
        let source = run.sources.add("witc-policy.toml", Origin::StandardInput, text);
        let policy = Policy::read(source, &mut run).expect("a right policy");
        for code in super::lints::ABOUT_CODE {
            run.diagnostics.levels.set(*code, Level::Allow);
        }
        let subject = Subject { inputs: &mut inputs, wiring: &wiring, composition: None, declared: None };
        judge(&mut [(subject, Occasion::on(Date::EPOCH))], &policy, true, &mut run);
        let found: Vec<_> = run.diagnostics.iter().map(|found| found.code.as_str()).collect();
        assert_eq!(found, ["policy/unclassified-capability"]);
    }
}
