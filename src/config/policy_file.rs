//! Reads a `witc-policy.toml` into a [`Policy`], and tells all mistakes in it.
//!
//! Differs from `policy.rs`, which is the form that this reads into, and from `document.rs`, which knows only TOML.

use std::path::Path;

use super::document::{Section, Value, read};
use super::levels::{lints_at, read_levels};
use super::pattern::is_kebab;
use super::policy::{
    ComponentRules, CompositionRules, Exception, Extends, Forbid, Grant, Group, HostRules, POLICY_NAME,
    PackageMatch, Policy, ResourceLimits, Scope, TAXONOMY_VERSION, duration,
};
use super::policy_diagnostics::{BadCapability, NoPolicy, TwiceNamedFunctions};
use super::{Pattern, Request, Selector, Spanned, policy_names, read_named_policy, read_policy};
use crate::diag::{Code, Diagnostics, Run};
use crate::source::{Files, SourceId, Span};

/// Reads the policy that a request is to be judged by: the one named, else `witc-policy.toml` beside the manifest or in
/// the current folder. Reports `config/no-policy` if there is none. `place` is where a manifest names it.
pub fn policy_for(
    named: Option<&Path>,
    place: Option<Span>,
    request: &Request,
    files: &dyn Files,
    run: &mut Run,
) -> Option<Policy> {
    let default = request.beside_manifest(POLICY_NAME);
    match named {
        Some(path) => read_named_policy(path, place, request, files, run),
        None if files.kind(&default).is_ok() => read_policy(&default, files, run),
        None => {
            let init = request.init_command();
            run.diagnostics.report(NoPolicy { path: default, init });
            None
        }
    }
}

impl Policy {
    /// Reads the policy whose text is `source`, without those that it builds on; every mistake in it is reported, and
    /// `None` comes of any.
    pub fn read(source: SourceId, run: &mut Run) -> Option<Self> {
        Self::read_upon(&[], source, run)
    }

    /// The same for a policy that may use the groups and hosts of others.
    pub(super) fn read_upon(bases: &[&Self], source: SourceId, run: &mut Run) -> Option<Self> {
        read(&run.sources, source, &mut run.diagnostics, |file| {
            let policy = Self {
                source,
                digest: String::new(),
                extends: header(file).iter().filter_map(extends).collect(),
                levels: read_levels(file),
                groups: file.named("groups").into_iter().map(group).collect(),
                hosts: file.named("host").into_iter().filter_map(host).collect(),
                compositions: file.named("composition").into_iter().filter_map(composition).collect(),
                components: file.named("component").into_iter().filter_map(component).collect(),
                exceptions: file.list("exception").iter().filter_map(exception).collect(),
            };
            policy_names::check(&policy, bases, file);
            policy
        })
    }
}

/// `[policy]`; what it says beyond the policies to build on can only be right or wrong.
fn header<'d>(file: &mut Section<'d>) -> Vec<Value<'d>> {
    let Some(mut header) = file.require("policy").and_then(|value| value.section()) else {
        return Vec::new();
    };
    if let Some(value) = header.require("version")
        && value.integer().is_some_and(|version| version.value != 1)
    {
        value.wrong("1, the only version of this format", None);
    }
    if let Some(value) = header.require("taxonomy") {
        let _ = value.one_of(&[(TAXONOMY_VERSION, ())]);
    }
    if let Some(value) = header.value("default") {
        let _ = value.one_of(&[("deny", ())]);
    }
    header.list("extends")
}

/// The policies that the text of a policy builds on, whatever else is right or wrong in it.
pub(super) fn bases_of(source: SourceId, run: &Run) -> Vec<Extends> {
    let mut found = Vec::new();
    // What is wrong is told when the whole is read.
    let _ = read(&run.sources, source, &mut Diagnostics::default(), |file| {
        found = header(file).iter().filter_map(extends).collect();
    });
    found
}

fn extends(value: &Value<'_>) -> Option<Extends> {
    let mut section = value.section()?;
    let path = section.require("path").and_then(|path| path.string());
    let digest = section.value("sha256");
    let sha256 = digest.as_ref().and_then(Value::string);
    if let (Some(value), Some(text)) = (&digest, &sha256)
        && (text.value.len() != 64 || !text.value.bytes().all(|byte| byte.is_ascii_hexdigit()))
    {
        value.wrong("the 64 hexadecimal digits of a SHA-256", None);
    }
    let may_loosen = section.boolean("override").filter(|loosen| loosen.value).map(|loosen| loosen.span);
    let reason = if may_loosen.is_some() {
        section.require("reason").and_then(|reason| reason.string())
    } else {
        section.string("reason")
    };
    Some(Extends { path: path?, sha256, digest: String::new(), may_loosen, reason })
}

fn group((name, value): (Spanned<String>, Value<'_>)) -> Group {
    Group { name, members: selectors(&value.list()) }
}

fn host((name, value): (Spanned<String>, Value<'_>)) -> Option<HostRules> {
    let mut section = value.section()?;
    let (profile, scopes) = (section.string("profile"), section.strings("scopes"));
    let limits = section.section("limits").map(limits).unwrap_or_default();
    Some(HostRules { name, profile, scopes, limits })
}

fn limits(mut section: Section<'_>) -> ResourceLimits {
    let memory = section.value("memory").and_then(|value| value.integer());
    let fuel = section.value("fuel").and_then(|value| value.integer());
    let value = section.value("timeout");
    let timeout = value.as_ref().and_then(Value::string);
    if let (Some(value), Some(text)) = (&value, &timeout)
        && duration(&text.value).is_none()
    {
        value.wrong("a time, such as `5s` or `100ms`", None);
    }
    ResourceLimits { memory, fuel, timeout }
}

fn composition((name, value): (Spanned<String>, Value<'_>)) -> Option<CompositionRules> {
    let mut section = value.section()?;
    let hosts = section.strings("hosts");
    let allow = section.value("allow").map(|value| value.list().iter().filter_map(grant).collect());
    let forbid = section.list("forbid").iter().filter_map(forbid).collect();
    Some(CompositionRules { name, hosts, allow, forbid, limits: Vec::new() })
}

fn forbid(value: &Value<'_>) -> Option<Forbid> {
    if !value.is_table() {
        return Some(Forbid { cap: selector(value)?, reason: None });
    }
    let mut section = value.section()?;
    let (cap, reason) = (section.require("cap"), section.string("reason"));
    Some(Forbid { cap: selector(&cap?)?, reason })
}

fn component((name, value): (Spanned<String>, Value<'_>)) -> Option<ComponentRules> {
    let mut section = value.section()?;
    let package = section.value("match").and_then(|value| package_match(&value));
    let mut grants: Vec<_> = section.list("allow").iter().filter_map(grant).collect();
    grants.extend(section.list("grant").iter().filter_map(grant));
    let runtime = section.value("runtime").map(|value| one_or_many(&value)).unwrap_or_default();
    let via =
        section.named("via").into_iter().map(|(peer, value)| (peer, selectors(&value.list()))).collect();
    let only_for = section.value("only-for").map(|value| {
        let exports = value.list().iter().filter_map(export).collect();
        Spanned::new(exports, value.span)
    });
    let interpose = selectors(&section.list("interpose"));
    Some(ComponentRules { name, package, grants, runtime, via, only_for, interpose, limits: Vec::new() })
}

/// A text, or a list of texts.
fn one_or_many(value: &Value<'_>) -> Vec<Spanned<String>> {
    if value.is_list() {
        value.list().iter().filter_map(Value::string).collect()
    } else {
        value.string().into_iter().collect()
    }
}

/// An export of the component: named as an import is.
fn export(value: &Value<'_>) -> Option<Spanned<Pattern>> {
    let found = selector(value)?;
    match found.value {
        Selector::Capability(pattern) => Some(Spanned::new(pattern, found.span)),
        Selector::Group(_) => {
            let reason = "an export of the component, such as `logger#log` or `acme:logger/log@1#write`";
            let text = value.string().map(|text| text.value).unwrap_or_default();
            value.mistake(BadCapability { text, reason: reason.to_owned(), span: found.span });
            None
        }
    }
}

fn package_match(value: &Value<'_>) -> Option<Spanned<PackageMatch>> {
    let text = value.string()?;
    let (package, version) = match text.value.split_once('@') {
        Some((package, version)) => (package, Some(semver::VersionReq::parse(version))),
        None => (text.value.as_str(), None),
    };
    let is_package = package.split(':').count() >= 2 && package.split(':').all(is_kebab);
    match version.transpose() {
        Ok(version) if is_package => {
            Some(Spanned::new(PackageMatch { package: package.to_owned(), version }, text.span))
        }
        Ok(_) | Err(_) => {
            value.wrong("a package with the versions that will do, such as `acme:payments@^2`", None);
            None
        }
    }
}

/// An entry of an `allow`: a capability, or a table that says more about it.
fn grant(value: &Value<'_>) -> Option<Grant> {
    if !value.is_table() {
        let cap = selector(value)?;
        refuse_star(value, &cap);
        return Some(Grant {
            span: value.span,
            cap,
            functions: None,
            wildcard: false,
            scope: Vec::new(),
            reason: None,
            owner: None,
            expires: None,
        });
    }
    let mut section = value.section()?;
    let cap_value = section.require("cap");
    let functions_value = section.value("functions");
    let functions =
        functions_value.as_ref().map(|value| value.list().iter().filter_map(Value::string).collect());
    let wildcard = section.boolean("wildcard").is_some_and(|wildcard| wildcard.value);
    let scope = section
        .named("scope")
        .into_iter()
        .map(|(kind, value)| Scope { kind, values: value.list().iter().filter_map(Value::string).collect() })
        .collect();
    let (reason, owner) = (section.string("reason"), section.string("owner"));
    let expires = section.value("expires").and_then(|value| value.date());
    let cap_value = cap_value?;
    let cap = selector(&cap_value)?;
    if !wildcard {
        refuse_star(&cap_value, &cap);
    }
    if let Some(value) = functions_value {
        refuse_functions(&value, &cap);
    }
    Some(Grant { span: value.span, cap, functions, wildcard, scope, reason, owner, expires })
}

/// A `*` grants more than anyone has looked at, so that it must be asked for twice.
fn refuse_star(value: &Value<'_>, cap: &Spanned<Selector>) {
    let text = value.string().map(|text| text.value).unwrap_or_default();
    if text.contains('*') {
        let reason = format!("a capability without `*`, or `{{ cap = \"{text}\", wildcard = true }}`");
        value.mistake(BadCapability { text, reason, span: cap.span });
    }
}

/// `functions` beside something that has functions of its own, or is not one interface.
fn refuse_functions(value: &Value<'_>, cap: &Spanned<Selector>) {
    let why = match &cap.value {
        Selector::Group(_) => "a group has many interfaces",
        Selector::Capability(pattern) if pattern.function.is_some() => "`cap` already names a function",
        Selector::Capability(_) => return,
    };
    value.mistake(TwiceNamedFunctions { cap_span: cap.span, span: value.span, why });
}

fn exception(value: &Value<'_>) -> Option<Exception> {
    let mut section = value.section()?;
    let rule = section.require("rule").and_then(|value| rule(&value));
    let component = section.string("component");
    let composition = section.string("composition");
    if component.is_none() && composition.is_none() {
        let _ = section.require("component");
    }
    let caps = selectors(&section.list("caps"));
    let reason = section.require("reason").and_then(|value| {
        let reason = value.string()?;
        let is_given = !reason.value.trim().is_empty();
        if !is_given {
            value.wrong("why it is accepted", None);
        }
        is_given.then_some(reason)
    });
    let owner = section.string("owner");
    let expires = section.value("expires").and_then(|value| value.date());
    let span = section.span;
    Some(Exception { span, rule: rule?, component, composition, caps, reason: reason?, owner, expires })
}

/// The rule that an exception is about: one lint, never a group of them.
fn rule(value: &Value<'_>) -> Option<Spanned<Code>> {
    let name = value.string()?;
    match lints_at(&name, value).as_slice() {
        [code] => Some(Spanned::new(*code, name.span)),
        [] => None,
        [_, ..] => {
            value.wrong("one rule, not a group of them", None);
            None
        }
    }
}

fn selectors(values: &[Value<'_>]) -> Vec<Spanned<Selector>> {
    values.iter().filter_map(selector).collect()
}

fn selector(value: &Value<'_>) -> Option<Spanned<Selector>> {
    let text = value.string()?;
    match Selector::parse(&text.value) {
        Ok(selector) => Some(Spanned::new(selector, text.span)),
        Err(reason) => {
            value.mistake(BadCapability { text: text.value, reason, span: text.span });
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Level;
    use crate::source::Origin;

    fn parse(text: &str) -> (Option<Policy>, Vec<String>) {
        let mut run = Run::default();
        let source = run.sources.add("witc-policy.toml", Origin::StandardInput, text);
        let policy = Policy::read(source, &mut run);
        let found = run.diagnostics.into_sorted().into_iter().map(|found| {
            let place = found.place().expect("each has a place");
            format!("{} {:?}: {}", found.code, run.sources.text(place), found.message)
        });
        (policy, found.collect())
    }

    const HEADER: &str = "[policy]\nversion = 1\ntaxonomy = \"2026.11\"\n";

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(parse(&format!("{HEADER}{text}")).1, expected);
    }

    #[test]
    fn the_whole_format_is_read() {
        let text = include_str!("../../wit-fixtures/policy/whole-format/witc-policy.toml");
        let (policy, found) = parse(text);
        assert_eq!(found, Vec::<String>::new());
        let policy = policy.expect("a right policy");
        assert_eq!((policy.extends.len(), policy.groups.len(), policy.hosts.len()), (1, 1, 1));
        assert_eq!((policy.components.len(), policy.exceptions.len()), (3, 1));
        let payments = &policy.components[0];
        assert_eq!((payments.grants.len(), payments.via.len()), (2, 1));
        let grant = &payments.grants[1];
        assert_eq!(grant.expires.as_ref().map(|day| day.value.to_string()).as_deref(), Some("2027-06-30"));
        assert_eq!(grant.functions.as_ref().map(Vec::len), Some(1));
    }

    #[test]
    fn single_lints_have_the_last_word_over_their_group() {
        let (policy, _) = parse(&format!("{HEADER}[levels]\nexpired-grant = 'deny'\nhygiene = 'note'"));
        let levels = policy.expect("a right policy").levels;
        let last = levels.last().expect("there are levels");
        assert_eq!((last.0.value.as_str(), last.1), ("policy/expired-grant", Level::Deny));
    }

    #[test]
    fn the_header_is_needed() {
        assert_eq!(parse("").1, ["config/missing-key \"\": the file has no `policy`"]);
        assert_eq!(
            parse("[policy]\nversion = 2\ntaxonomy = '2026.10'\ndefault = 'allow'").1,
            [
                "config/wrong-value \"2\": `policy.version` cannot be `2`",
                "config/wrong-value \"'2026.10'\": `policy.taxonomy` cannot be `2026.10`",
                "config/wrong-value \"'allow'\": `policy.default` cannot be `allow`",
            ]
        );
    }

    #[test]
    fn all_mistakes_are_told_at_once() {
        check(
            "[levels]\nunused-grants = 'warn'\nwide-grant = 'error'\n[groups]\nfs = []\na = ['@b']\nb = ['@a', '@c']\n\
             [composition.x]\nhosts = ['prod']\nforbid = ['wasi:http/types@0.2.3', '*']\n\
             [component.y]\nmatch = 'acme'\nallow = ['*', { cap = '@fs', functions = ['f'] }]\n\
             [[exception]]\nrule = 'hygiene'\nexpires = '2026-12-31'",
            &[
                "config/unknown-code \"unused-grants\": there is no code `unused-grants`",
                "config/wrong-value \"'error'\": `levels.wide-grant` cannot be `error`",
                "config/taken-group \"fs\": the group `@fs` is built in and cannot be defined again",
                "config/circular-group \"a\": the group `@a` is a member of itself",
                "config/circular-group \"b\": the group `@b` is a member of itself",
                "config/unknown-group \"'@c'\": unknown group `@c`",
                "config/unknown-host \"'prod'\": this policy says nothing about the host `prod`",
                "config/bad-capability \"'wasi:http/types@0.2.3'\": `wasi:http/types@0.2.3` cannot be used as a capability here",
                "config/wrong-value \"'acme'\": `component.y.match` cannot be `acme`",
                "config/bad-capability \"'*'\": `*` cannot be used as a capability here",
                "config/conflicting-keys \"['f']\": `functions` cannot stand beside this `cap`: a group has many interfaces",
                "config/missing-key \"[[exception]]\": `exception` has no `component`",
                "config/missing-key \"[[exception]]\": `exception` has no `reason`",
                "config/wrong-value \"'hygiene'\": `exception.rule` cannot be `hygiene`",
                "config/wrong-type \"'2026-12-31'\": `exception.expires` must be a date without quotes, such as 2027-06-30, not a string",
            ],
        );
    }

    #[test]
    fn the_reference_and_the_schema_know_every_key() {
        const SCHEMA: &str = include_str!("../../docs/schema/witc-policy.toml.json");
        const REFERENCE: &str = include_str!("../../docs/policy.md");
        let text = "x = 1\n[policy]\nversion = 1\ntaxonomy = '2026.11'\nextends = [{ path = 'a', x = 1 }]\nx = 1\n\
            [host.a]\nx = 1\n[composition.a]\nx = 1\nforbid = [{ cap = 'log', x = 1 }]\n\
            [component.a]\nx = 1\nallow = [{ cap = 'log', x = 1 }]\n\
            [[exception]]\nrule = 'wide-grant'\ncomponent = 'a'\nreason = 'b'\nx = 1";
        let mut run = Run::default();
        let source = run.sources.add("witc-policy.toml", Origin::StandardInput, text);
        assert!(Policy::read(source, &mut run).is_none());
        let found = run.diagnostics.into_sorted();
        assert_eq!(found.len(), 9);
        let example = REFERENCE.split("```toml\n").nth(1).and_then(|block| block.split("```").next());
        assert_eq!(parse(example.expect("an example")).1, Vec::<String>::new());
        for note in found.iter().flat_map(|found| &found.notes) {
            for key in note.split('`').skip(1).step_by(2) {
                assert!(SCHEMA.contains(&format!("\"{key}\": {{")), "the schema lacks `{key}`");
                assert!(REFERENCE.contains(key), "the reference lacks `{key}`");
            }
        }
    }
}
