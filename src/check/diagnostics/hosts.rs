//! Why an artifact does not run on a host, each cause with what mends it.

use super::MOST_LABELS;
use crate::check::on_host::{HostFit, ImportFit, Obstacle, Verdict};
use crate::check::{Mismatch, Port, Wiring};
use crate::diag::{Code, Diagnostic, Label, Run, code, counted, list, quoted, size};
use crate::host::{CalledFunctions, HostProfile, profiles};
use crate::load::Inputs;
use crate::model::{InterfaceName, ItemPath, Side};
use crate::source::Span;

/// An artifact and a host, and what is needed to point at things.
pub(in crate::check) struct HostFindings<'a> {
    pub(in crate::check) fit: &'a HostFit,
    pub(in crate::check) profile: &'a HostProfile,
    pub(in crate::check) inputs: &'a mut Inputs,
    pub(in crate::check) wiring: &'a Wiring,
}

impl HostFindings<'_> {
    /// Reports all that keeps the artifact from running, grouped by cause, and the flags that it needs.
    pub(in crate::check) fn report(mut self, run: &mut Run) {
        for obstacle in &self.fit.obstacles {
            let diagnostic = self.obstacle(obstacle, run);
            run.diagnostics.report(diagnostic);
        }
        self.absent(run);
        self.other_versions(run);
        self.other_types(run);
        self.flags(run);
    }

    fn artifact(&self) -> String {
        quoted(&self.fit.artifact)
    }

    fn host(&self) -> String {
        quoted(&self.fit.host)
    }

    fn span(&mut self, port: &Port, side: Side, run: &mut Run) -> Span {
        let component = self.wiring.instance(port.instance).component;
        self.inputs.components[component].span(&mut run.sources, &ItemPath::item(side, &port.name))
    }

    /// The one component that this is about; of a composition, none of its components is.
    fn whole(&self) -> Option<Span> {
        let [alone] = self.wiring.instances.as_slice() else { return None };
        Some(Span::start_of(self.inputs.components[alone.component].source))
    }

    fn obstacle(&mut self, obstacle: &Obstacle, run: &mut Run) -> Diagnostic {
        let (artifact, host) = (self.artifact(), self.host());
        let (code, message, help) = match obstacle {
            Obstacle::NoExport => return self.no_export(),
            Obstacle::SeveralExports(ports) => return self.several_exports(ports, run),
            Obstacle::ExportTypes { port, mismatches } => return self.export_types(port, mismatches, run),
            Obstacle::NoComponents => (
                code::HOST_LIMIT,
                format!("{host} runs no components, and {artifact} is one"),
                "run it elsewhere, or turn it into core modules and glue with `jco transpile`".to_owned(),
            ),
            Obstacle::NotFlat { imports, components } => (
                code::HOST_LIMIT,
                format!("{host} loads only components that import nothing and have none within them: {artifact} {}", flat(*imports, *components)),
                "run it elsewhere, or as one core module for WASI preview 1".to_owned(),
            ),
            Obstacle::BeyondNumbers(ports) => return self.beyond_numbers(ports, run),
            Obstacle::Feature(feature) => (
                code::HOST_LIMIT,
                format!("{artifact} needs `{}` ({}), which {host} does not have", feature.name(), feature.meaning()),
                "build it without, if its toolchain can".to_owned(),
            ),
            Obstacle::Size { bytes, most, is_compressed } => (
                code::HOST_LIMIT,
                format!(
                    "{artifact} has {}{}, and {host} takes {} at most",
                    size(*bytes),
                    if *is_compressed { " after compression" } else { "" },
                    size(*most)
                ),
                "make it smaller: strip it, optimise it for size, or leave a run-time such as that of JavaScript out".to_owned(),
            ),
            Obstacle::Depth { depth, most } => (
                code::HOST_LIMIT,
                format!("components lie {depth} deep in {artifact}, and {host} takes {most} at most"),
                "deploy the components as a graph, where the host takes one".to_owned(),
            ),
        };
        let diagnostic = Diagnostic::new(code, message);
        let diagnostic = match self.whole() {
            Some(span) => diagnostic.label(Label::primary(span, "this is what would run there")),
            None => diagnostic,
        };
        self.said_by(diagnostic).help(help)
    }

    fn beyond_numbers(&mut self, ports: &[Port], run: &mut Run) -> Diagnostic {
        let names: Vec<String> = ports.iter().map(|port| quoted(&port.name)).collect();
        let message = format!(
            "{} takes functions of numbers only, and {} exports more than that: {}",
            self.host(),
            self.artifact(),
            list(&names)
        );
        let diagnostic = Diagnostic::new(code::HOST_LIMIT, message);
        let diagnostic = match ports.first() {
            Some(port) => {
                let span = self.span(port, Side::Export, run);
                diagnostic.label(Label::primary(span, "no function of numbers of 32 or 64 bits"))
            }
            None => diagnostic,
        };
        self.said_by(diagnostic).help("run it elsewhere, or as one core module for WASI preview 1")
    }

    fn no_export(&mut self) -> Diagnostic {
        let exports = &self.profile.exports;
        let mut wanted: Vec<String> = exports.one_of.iter().map(|name| quoted(&name.to_string())).collect();
        match exports.functions {
            CalledFunctions::None => {}
            CalledFunctions::AtRoot => wanted.push("a function at its root".to_owned()),
            CalledFunctions::Anywhere => wanted.push("a function".to_owned()),
        }
        wanted.extend(exports.otherwise.clone());
        let message = format!(
            "{} exports nothing that {} could start: it needs {}",
            self.artifact(),
            self.host(),
            alternatives(&wanted)
        );
        let diagnostic = Diagnostic::new(code::HOST_EXPORT, message);
        let diagnostic = match self.whole() {
            Some(span) => diagnostic.label(Label::primary(span, "none of its exports is one of these")),
            None => diagnostic,
        };
        let provided: Vec<String> = self.wiring.exports.iter().map(|exposed| quoted(&exposed.name)).collect();
        let diagnostic = match provided.is_empty() {
            true => diagnostic.note("it exports nothing at all"),
            false => diagnostic.note(format!("it exports {}", list(&provided))),
        };
        let others = self.starters();
        diagnostic.help(match (wanted.first(), others.is_empty(), provided.is_empty()) {
            (_, false, _) => {
                format!("run it where what it exports is called: {}", list(&others))
            }
            (Some(first), true, false) => {
                format!("link it with a component that exports {first} and imports what this one exports")
            }
            (Some(first), true, true) => format!("export {first}"),
            (None, true, _) => "export what the host calls".to_owned(),
        })
    }

    /// The hosts that start something by an interface that the artifact exports.
    fn starters(&self) -> Vec<String> {
        let exported = self.wiring.exports.iter().filter_map(|exposed| InterfaceName::parse(&exposed.name));
        let exported: Vec<InterfaceName> = exported.collect();
        let starts = |profile: &&HostProfile| {
            let mut called = profile.exports.one_of.iter();
            called.any(|one| exported.iter().any(|name| one.stands_for(name)))
        };
        profiles().iter().filter(starts).map(|profile| quoted(&profile.id)).collect()
    }

    fn export_types(&mut self, port: &Port, mismatches: &[Mismatch], run: &mut Run) -> Diagnostic {
        let pieces = pieces(mismatches.iter());
        let message = format!(
            "{} exports {}, and not as {} calls it: {} differ{}",
            self.artifact(),
            quoted(&port.name),
            self.host(),
            list(&pieces),
            if pieces.len() == 1 { "s" } else { "" },
        );
        let component = self.wiring.instance(port.instance).component;
        let diagnostic = Diagnostic::new(code::HOST_TYPE_MISMATCH, message);
        let diagnostic = match mismatches.first() {
            Some(first) => {
                let span = self.inputs.components[component].span(&mut run.sources, &first.found_at);
                let (expected, found) = super::sides(&first.difference);
                diagnostic
                    .label(Label::primary(span, format!("{} {found}, the host {expected}", self.artifact())))
            }
            None => diagnostic,
        };
        diagnostic.help(format!("build it against the WIT of {}", quoted(&port.name)))
    }

    fn several_exports(&mut self, ports: &[Port], run: &mut Run) -> Diagnostic {
        let names: Vec<String> = ports.iter().map(|port| quoted(&port.name)).collect();
        let message = format!(
            "{} exports {}, and {} takes exactly one of them",
            self.artifact(),
            list(&names),
            self.host()
        );
        let mut diagnostic = Diagnostic::new(code::HOST_EXPORT, message);
        for (at, port) in ports.iter().enumerate().take(MOST_LABELS) {
            let span = self.span(port, Side::Export, run);
            let text = "would be started";
            diagnostic = diagnostic.label(if at == 0 {
                Label::primary(span, text)
            } else {
                Label::secondary(span, text)
            });
        }
        diagnostic.help("choose the exports of the composition in `witc.toml`: `[composition.NAME.exports]`")
    }

    /// A diagnostic about several imports, with a label at each.
    fn about(
        &mut self,
        code: Code,
        message: String,
        imports: &[&ImportFit],
        text: &str,
        run: &mut Run,
    ) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(code, message);
        let ports: Vec<Port> = imports.iter().filter_map(|import| import.users.first().cloned()).collect();
        for (at, port) in ports.iter().enumerate().take(MOST_LABELS) {
            let span = self.span(port, Side::Import, run);
            diagnostic = diagnostic.label(if at == 0 {
                Label::primary(span, text)
            } else {
                Label::secondary(span, text)
            });
        }
        diagnostic
    }

    fn absent(&mut self, run: &mut Run) {
        let fit = self.fit;
        let imports: Vec<&ImportFit> =
            fit.imports.iter().filter(|import| matches!(import.verdict, Verdict::Absent)).collect();
        if imports.is_empty() {
            return;
        }
        let message = format!("{} does not have {} of {}", self.host(), names(&imports), self.artifact());
        let diagnostic = self.about(code::HOST_UNPROVIDED, message, &imports, "not there", run);
        let diagnostic = self.said_by(diagnostic);
        let others = others_with(&imports, &fit.host);
        let diagnostic = match others.is_empty() {
            true => diagnostic,
            false => diagnostic.note(format!(
                "{} on {}",
                if imports.len() == 1 { "it is" } else { "all are" },
                list(&others)
            )),
        };
        let them = if imports.len() == 1 { "it" } else { "them" };
        run.diagnostics.report(diagnostic.help(format!(
            "link in a component that provides {them}: `witc compose ARTIFACT PROVIDER -o WHOLE`"
        )));
    }

    fn other_versions(&mut self, run: &mut Run) {
        let fit = self.fit;
        let mut groups: Vec<(String, Vec<&ImportFit>, Vec<String>)> = Vec::new();
        for import in &fit.imports {
            let Verdict::OtherVersions(versions) = &import.verdict else { continue };
            let key = versions
                .iter()
                .filter_map(|it| it.split_once('@'))
                .map(|(_, version)| version)
                .collect::<Vec<_>>()
                .join(", ");
            match groups.iter_mut().find(|(other, ..)| *other == key) {
                Some((_, imports, all)) => {
                    imports.push(import);
                    all.extend(versions.iter().cloned());
                }
                None => groups.push((key, vec![import], versions.clone())),
            }
        }
        for (versions, imports, all) in groups {
            let them = if imports.len() == 1 { "it" } else { "them" };
            let message = format!(
                "{} does not have {} of {}: it has {them} in version {versions}",
                self.host(),
                names(&imports),
                self.artifact()
            );
            let diagnostic =
                self.about(code::HOST_UNPROVIDED, message, &imports, "another version is there", run);
            let shown: Vec<String> = all.iter().map(|name| quoted(name)).collect();
            let diagnostic = self.said_by(diagnostic.note(format!("the host has {}", list(&shown))));
            run.diagnostics.report(diagnostic.note(rule(self.profile, &imports)).help(format!(
                "build against a version that the host has, or link in an adapter: a component that exports what is \
                 imported here, and imports {}",
                list(&shown)
            )));
        }
    }

    fn other_types(&mut self, run: &mut Run) {
        let fit = self.fit;
        for import in &fit.imports {
            let Verdict::OtherTypes { name, mismatches } = &import.verdict else { continue };
            let Some((port, first)) = mismatches.first() else { continue };
            let provided = quoted(name);
            let pieces = pieces(mismatches.iter().map(|(_, mismatch)| mismatch));
            let message = format!(
                "{} has {provided}, and not as {} imports it: {} differ{}",
                self.host(),
                self.artifact(),
                list(&pieces),
                if pieces.len() == 1 { "s" } else { "" },
            );
            let component = self.wiring.instance(port.instance).component;
            let span = self.inputs.components[component].span(&mut run.sources, &first.expected_at);
            let (expected, found) = super::sides(&first.difference);
            let diagnostic = Diagnostic::new(code::HOST_TYPE_MISMATCH, message)
                .label(Label::primary(span, format!("{} {expected}, the host {found}", self.artifact())));
            let diagnostic = match import.name == *name {
                true => diagnostic,
                false => {
                    diagnostic.note(format!("imported as {}; the host has {provided}", quoted(&import.name)))
                }
            };
            run.diagnostics.report(diagnostic.help(format!("build it against the WIT of {provided}")));
        }
    }

    fn flags(&mut self, run: &mut Run) {
        let fit = self.fit;
        for flag in fit.flags() {
            let imports: Vec<&ImportFit> = fit
                .imports
                .iter()
                .filter(|import| matches!(&import.verdict, Verdict::Provided { flag: Some(needed), .. } if *needed == flag))
                .collect();
            let features: Vec<String> = fit
                .feature_flags
                .iter()
                .filter(|(_, needed)| *needed == flag)
                .map(|(feature, _)| format!("the feature `{}`", feature.name()))
                .collect();
            let what = match (features.is_empty(), imports.is_empty()) {
                (true, _) => names(&imports),
                (false, true) => list(&features),
                (false, false) => format!("{}, and {}", list(&features), names(&imports)),
            };
            let message =
                format!("{} has what {} needs only with `{flag}`: {what}", self.host(), self.artifact());
            let diagnostic = self.about(code::HOST_FLAG, message, &imports, "needs the flag", run);
            let diagnostic = match (diagnostic.labels.is_empty(), self.whole()) {
                (true, Some(span)) => diagnostic.label(Label::primary(span, "needs the flag")),
                _ => diagnostic,
            };
            run.diagnostics.report(diagnostic.help(format!("start it with `{flag}`")));
        }
    }

    /// Adds what the profile is about, and how sure it is.
    fn said_by(&self, diagnostic: Diagnostic) -> Diagnostic {
        let profile = self.profile;
        let trust = if profile.is_verified() { "" } else { ", which nobody has looked up" };
        diagnostic.note(format!("{} {}, as of {}{trust}", profile.name, profile.version, profile.date))
    }
}

fn flat(imports: usize, components: usize) -> String {
    match (imports, components) {
        (imports, 0) => format!("has {}", counted(imports, "import")),
        (0, components) => format!("has {} within it", counted(components, "component")),
        (imports, components) => {
            format!("has {}, and {} within it", counted(imports, "import"), counted(components, "component"))
        }
    }
}

fn names(imports: &[&ImportFit]) -> String {
    let names: Vec<String> = imports.iter().map(|import| quoted(&import.name)).collect();
    match names.as_slice() {
        [name] => format!("the import {name}"),
        _ => format!("{} imports: {}", names.len(), list(&names)).replacen(": ", " (", 1) + ")",
    }
}

/// `a`, `a or b`, `a, b or c`.
fn alternatives(names: &[String]) -> String {
    match names {
        [] => "another export".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// The hosts that have all of these imports.
fn others_with(imports: &[&ImportFit], but: &str) -> Vec<String> {
    let interfaces: Option<Vec<InterfaceName>> =
        imports.iter().map(|import| InterfaceName::parse(&import.name)).collect();
    let Some(interfaces) = interfaces else { return Vec::new() };
    let has_all = |profile: &&HostProfile| interfaces.iter().all(|name| profile.supply(name).is_some());
    let others = profiles().iter().filter(|profile| profile.id != but).filter(has_all);
    others.map(|profile| quoted(&profile.id)).collect()
}

/// Why the versions do not do, by the rule of the host.
fn rule(profile: &HostProfile, imports: &[&ImportFit]) -> String {
    let name = imports.first().and_then(|import| InterfaceName::parse(&import.name));
    let exact = name.as_ref().is_some_and(|name| {
        let mut rows = profile.provides.iter().filter(|row| row.package == name.package);
        rows.any(|row| row.rule == crate::host::MatchRule::Exact)
    });
    match (exact, name.map(|name| name.track)) {
        (true, _) => "this host matches a name only with its exact version".to_owned(),
        (false, Some(crate::model::Track::Exact(_))) => {
            "a prerelease, and a version 0.0.z, stands only for itself".to_owned()
        }
        (false, _) => {
            "versions stand for each other only where the first number that is not 0 is the same".to_owned()
        }
    }
}

/// The pieces that differ, each once.
fn pieces<'m>(mismatches: impl Iterator<Item = &'m Mismatch>) -> Vec<String> {
    let mut pieces: Vec<String> = mismatches.map(|mismatch| super::path_text(&mismatch.path)).collect();
    pieces.dedup();
    pieces
}
