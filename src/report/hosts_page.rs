//! Host profiles in Markdown, what `docs/hosts.md` is made of, and which host runs what.
//!
//! Differs from `markdown.rs`, which sums up a run: this is a page to read.

use std::io;

use super::host_words::{if_it_has, interfaces, must_export, package, power, wasi};
use crate::check::HostFit;
use crate::diag::{quoted, size};
use crate::host::{HostProfile, Running};

/// Writes a table of the profiles, and each of them in full.
pub(super) fn write(profiles: &[HostProfile], out: &mut dyn io::Write) -> io::Result<()> {
    if profiles.len() > 1 {
        writeln!(out, "\n| host | runs components | WASI | an artifact must export |\n|---|---|---|---|")?;
        for profile in profiles {
            let (id, runs) = (&profile.id, profile.components.words());
            writeln!(out, "| [`{id}`](#{id}) | {runs} | {} | {} |", wasi(profile), must_export(profile))?;
        }
    }
    profiles.iter().try_for_each(|profile| one(profile, out))
}

/// Writes which host runs which artifact, and with which flags.
pub(super) fn write_fits(fits: &[HostFit], out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "\n| artifact | host | runs | with |\n|---|---|---|---|")?;
    for fit in fits {
        let runs = if fit.links() { "yes" } else { "no" };
        let flags: Vec<String> = fit.flags().iter().map(|flag| quoted(flag)).collect();
        let flags = Some(flags.join(" ")).filter(|flags| !flags.is_empty());
        let with: Vec<String> = flags.into_iter().chain(if_it_has(fit)).collect();
        let artifact = quoted(&fit.artifact).replace('|', "\\|");
        writeln!(out, "| {artifact} | {} | {runs} | {} |", quoted(&fit.host), with.join("; "))?;
    }
    Ok(())
}

fn one(profile: &HostProfile, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "\n## {}\n", profile.id)?;
    writeln!(out, "{}, version {}; as of {}.", profile.name, profile.version, profile.date)?;
    for note in &profile.notes {
        writeln!(out, "{note}")?;
    }
    if let Some(graph) = &profile.graph {
        writeln!(out, "\nA graph of components: {graph}.")?;
    }
    if !profile.provides.is_empty() {
        writeln!(out, "\n| package | interfaces | linked | may be used |\n|---|---|---|---|")?;
    }
    for row in &profile.provides {
        let linked = row.flag.as_ref().map_or("yes".to_owned(), |flag| format!("with `{flag}`"));
        let note = row.note.as_ref().map_or(String::new(), |note| format!(" ({note})"));
        writeln!(out, "| `{}` | {}{note} | {linked} | {} |", package(row), interfaces(row), power(row))?;
    }
    for scope in &profile.scopes {
        writeln!(out, "\nScope `{}`: {}.", scope.kind, scope.by)?;
    }
    let lacking = |rule: &crate::host::FeatureRule| match &rule.flag {
        Some(flag) => format!("`{}` (`{flag}` turns it on)", rule.feature.name()),
        None => format!("`{}`", rule.feature.name()),
    };
    match &profile.features {
        Some(rules) if rules.is_empty() => {}
        Some(rules) => {
            let lacking: Vec<String> = rules.iter().map(lacking).collect();
            writeln!(out, "\nFeatures that are off: {}.", lacking.join(", "))?;
        }
        None if profile.components == Running::No => {}
        None => writeln!(out, "\nWhich features are off is not known.")?,
    }
    if let Some(bytes) = profile.limits.bytes {
        writeln!(out, "\nAn artifact has at most {}.", size(bytes))?;
    }
    if let Some(bytes) = profile.limits.compressed_bytes {
        writeln!(out, "\nAn artifact has at most {} after compression with gzip.", size(bytes))?;
    }
    if let Some(depth) = profile.limits.depth {
        writeln!(out, "\nComponents lie in each other at most {depth} deep.")?;
    }
    writeln!(out, "\nSources:\n")?;
    for fact in &profile.sources {
        let trust = if fact.is_verified { "" } else { " (unverified)" };
        writeln!(out, "- {}: {}{trust}", fact.about, fact.from)?;
    }
    Ok(())
}
