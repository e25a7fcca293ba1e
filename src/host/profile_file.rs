//! Reads the file of one host into a [`HostProfile`], and tells all mistakes in it.
//!
//! Differs from `profile.rs`, which is the form that this reads into.

use std::path::Path;

use semver::Version;

use super::profile::{
    CalledFunctions, EnforcedScope, Exports, FORMS, Fact, FeatureRule, HostProfile, Limits, MatchRule, Power,
    Provided, Running,
};
use crate::config::{Section, Spanned, Value, open, read};
use crate::diag::{Run, closest};
use crate::model::{FEATURES, Feature, InterfaceName};
use crate::source::{Files, SourceId};

/// The folder, or the file, of WIT that may lie beside the file of a host.
const WIT: &str = "wit";

/// Reads the file of a host. What is called `wit` beside it is taken as the WIT of what the host provides.
pub(super) fn read_file(path: &Path, files: &dyn Files, run: &mut Run) -> Option<HostProfile> {
    let source = open(path, files, run)?;
    let mut profile = read_profile(source, run)?;
    let wit = path.parent().unwrap_or(Path::new("")).join(WIT);
    profile.wit = files.kind(&wit).is_ok().then_some(wit);
    Some(profile)
}

/// Reads the profile whose text is `source`; `None` if there is a mistake in it.
pub(super) fn read_profile(source: SourceId, run: &mut Run) -> Option<HostProfile> {
    read(&run.sources, source, &mut run.diagnostics, profile)?
}

fn profile(file: &mut Section<'_>) -> Option<HostProfile> {
    let id = required(file, "id");
    let name = required(file, "name");
    let also = texts(file.strings("also"));
    let version = required(file, "version");
    let date = file.require("date").and_then(|value| value.date());
    let running = [
        ("native", Running::Native),
        ("transpiled", Running::Transpiled),
        ("flat", Running::Flat),
        ("no", Running::No),
    ];
    let components = file.require("components").and_then(|value| value.one_of(&running));
    let rule = file.value("match").and_then(|value| match_rule(&value)).unwrap_or(MatchRule::Track);
    let notes = texts(file.strings("notes"));
    let graph = file.string("graph").map(|graph| graph.value);
    let form = file.value("form").and_then(|form| form.one_of(FORMS));
    let no_form = file.string("no-form").map(|why| why.value);
    let sources = file.list("source").iter().filter_map(fact).collect();
    let exports = file.section("exports").map(exports).unwrap_or_default();
    let provides = file.list("provides").iter().filter_map(|value| provided(value, rule)).collect();
    let scopes = file.named("scopes").into_iter().filter_map(scope).collect();
    let features = file.section("features");
    let features = features.map(|section| section.into_named().into_iter().filter_map(feature).collect());
    let limits = file.section("limits").map(limits).unwrap_or_default();
    Some(HostProfile {
        id: id?,
        name: name?,
        also,
        version: version?,
        date: date?.value,
        components: components?.value,
        notes,
        sources,
        exports,
        provides,
        scopes,
        features,
        limits,
        graph,
        wit: None,
        form: form.map(|form| form.value),
        no_form,
    })
}

fn required(section: &mut Section<'_>, key: &'static str) -> Option<String> {
    let value = section.require(key)?;
    let text = value.string()?.value;
    if text.trim().is_empty() {
        value.wrong("a text", None);
    }
    Some(text)
}

fn texts(texts: Vec<Spanned<String>>) -> Vec<String> {
    texts.into_iter().map(|text| text.value).collect()
}

fn match_rule(value: &Value<'_>) -> Option<MatchRule> {
    let rules = [("track", MatchRule::Track), ("exact", MatchRule::Exact)];
    value.one_of(&rules).map(|rule| rule.value)
}

fn fact(value: &Value<'_>) -> Option<Fact> {
    let mut section = value.section()?;
    let about = required(&mut section, "about");
    let from = required(&mut section, "from");
    let is_verified = section.require("verified").and_then(|value| value.boolean());
    Some(Fact { about: about?, from: from?, is_verified: is_verified?.value })
}

fn exports(mut section: Section<'_>) -> Exports {
    let mut one_of: Vec<InterfaceName> = section.list("one-of").iter().filter_map(interface).collect();
    let group = |value: &Value<'_>| value.list().iter().filter_map(interface).collect();
    let exclusive: Vec<Vec<InterfaceName>> = section.list("exclusive").iter().map(group).collect();
    one_of.extend(exclusive.iter().flatten().cloned());
    let called = [("at-root", CalledFunctions::AtRoot), ("anywhere", CalledFunctions::Anywhere)];
    let functions = section.value("functions").and_then(|value| value.one_of(&called));
    let functions = functions.map_or(CalledFunctions::None, |found| found.value);
    let otherwise = section.string("otherwise").map(|text| text.value);
    Exports { one_of, exclusive, functions, otherwise }
}

fn interface(value: &Value<'_>) -> Option<InterfaceName> {
    let text = value.string()?;
    let name = InterfaceName::parse(&text.value);
    if name.is_none() {
        value.wrong("an interface with its track, such as `wasi:cli/run@0.2`", None);
    }
    name
}

fn provided(value: &Value<'_>, rule: MatchRule) -> Option<Provided> {
    let mut section = value.section()?;
    let package = section.require("package").and_then(|value| package(&value));
    let versions = section.list("versions").iter().filter_map(version).collect();
    let interfaces = texts(section.strings("interfaces"));
    let rule = section.value("match").and_then(|value| match_rule(&value)).unwrap_or(rule);
    let flag = section.string("flag").map(|flag| flag.value);
    let grant = section.string("grant").map(|grant| grant.value);
    let never = section.boolean("never").is_some_and(|never| never.value);
    let note = section.string("note").map(|note| note.value);
    let power = match (grant, never) {
        (_, true) => Power::Never,
        (Some(grant), false) => Power::Asked(grant),
        (None, false) => Power::Granted,
    };
    Some(Provided { package: package?, versions, interfaces, rule, flag, power, note })
}

fn package(value: &Value<'_>) -> Option<String> {
    let text = value.string()?.value;
    if InterfaceName::parse(&format!("{text}/interface")).is_none() || text.contains(['@', '/']) {
        value.wrong("a package without a version, such as `wasi:http`", None);
        return None;
    }
    Some(text)
}

fn version(value: &Value<'_>) -> Option<Version> {
    let text = value.string()?;
    let version = Version::parse(&text.value).ok();
    if version.is_none() {
        value.wrong("a version in full, such as `0.2.12`", None);
    }
    version
}

fn scope((kind, value): (Spanned<String>, Value<'_>)) -> Option<EnforcedScope> {
    Some(EnforcedScope { kind: kind.value, by: value.string()?.value })
}

/// `gc = "-W gc"`, or `gc = false` where no flag turns it on.
fn feature((name, value): (Spanned<String>, Value<'_>)) -> Option<FeatureRule> {
    let Some(feature) = Feature::find(&name.value) else {
        let names = FEATURES.iter().map(|(name, _)| *name);
        let meant = closest(&name.value, names).map(str::to_owned);
        let known: Vec<&str> = FEATURES.iter().map(|(name, _)| *name).collect();
        value.mistake(super::diagnostics::UnknownFeature {
            name: name.value,
            meant,
            known: known.join("`, `"),
            span: name.span,
        });
        return None;
    };
    if value.is_text() {
        return Some(FeatureRule { feature, flag: Some(value.string()?.value) });
    }
    if value.boolean()?.value {
        value.wrong_type("the flag that turns the feature on, or `false` where there is none");
        return None;
    }
    Some(FeatureRule { feature, flag: None })
}

fn limits(mut section: Section<'_>) -> Limits {
    let mut bytes = |key| section.value(key).and_then(|value| value.integer()).map(|bytes| bytes.value);
    let (bytes, compressed_bytes) = (bytes("bytes"), bytes("compressed-bytes"));
    let depth = section.value("depth").and_then(|value| value.integer());
    let depth = depth.and_then(|depth| usize::try_from(depth.value).ok());
    Limits { bytes, compressed_bytes, depth }
}
