//! What came of holding artifacts against hosts, for people: what one may do on a host, or the matrix of hosts.
//!
//! Differs from `hosts.rs`, which shows what is known about a host, whatever runs there.

use anstyle::AnsiColor;

use super::diagnostic::wrap;
use super::table::{Cell, Table};
use super::{BOLD, DIM, GOOD, Look};
use crate::check::{HostFit, Verdict};
use crate::diag::{list, quoted};
use crate::host::{Power, profiles};
use crate::model::InterfaceName;
use crate::report::host_words::if_it_has;
use crate::report::{NeedsRow, obstacle_words};

impl Look {
    /// One table an artifact: of the imports for one host, of the hosts for several.
    pub fn fits(&self, fits: &[HostFit]) -> String {
        let mut text = String::new();
        let mut artifacts: Vec<&str> = fits.iter().map(|fit| fit.artifact.as_str()).collect();
        artifacts.dedup();
        for artifact in artifacts {
            let of_artifact: Vec<&HostFit> = fits.iter().filter(|fit| fit.artifact == artifact).collect();
            if !text.is_empty() {
                text.push('\n');
            }
            match of_artifact.as_slice() {
                [fit] => self.fit(fit, &mut text),
                fits => self.matrix(artifact, fits, &mut text),
            }
        }
        text
    }

    /// What artifacts need of an engine, where that is more than every engine has.
    pub fn needs(&self, rows: &[NeedsRow]) -> String {
        let mut text = String::new();
        for row in rows.iter().filter(|row| !row.needs.features.is_empty()) {
            let names: Vec<String> = row.needs.features.iter().map(|it| quoted(it.name())).collect();
            text.push_str(&format!("{} runs only on engines with {}\n", quoted(&row.artifact), list(&names)));
        }
        self.paint(DIM, &text)
    }

    fn fit(&self, fit: &HostFit, text: &mut String) {
        let (artifact, host) = (quoted(&fit.artifact), quoted(&fit.host));
        if !fit.links() {
            text.push_str(&format!("{} on {host}\n", self.paint(BOLD, &format!("{artifact} does not run"))));
            return;
        }
        text.push_str(&format!("{} on {host}\n", self.paint(GOOD, &format!("{artifact} runs"))));
        for line in if_it_has(fit).iter().flat_map(|words| wrap(words, self.width.saturating_sub(2), "")) {
            text.push_str(&format!("  {line}\n"));
        }
        let mut table = Table::new(["import", "linked", "may be used"], 2);
        // What must be known of several imports is said at the first.
        let mut told: Vec<&String> = Vec::new();
        for import in &fit.imports {
            let Verdict::Provided { name, flag, power, note, .. } = &import.verdict else { continue };
            let linked = flag.as_ref().map_or("yes".to_owned(), |flag| format!("with {flag}"));
            let note = note.as_ref().filter(|note| !told.contains(note));
            told.extend(note);
            let note = note.map_or(String::new(), |note| format!("; {note}"));
            let import_name = match *name == import.name {
                true => import.name.clone(),
                false => format!("{} (there {})", import.name, name.rsplit('@').next().unwrap_or_default()),
            };
            table.row([import_name.into(), linked.into(), format!("{}{note}", may(power)).into()]);
        }
        if !table.is_empty() {
            text.push('\n');
            table.draw(self, text);
        }
    }

    fn matrix(&self, artifact: &str, fits: &[&HostFit], text: &mut String) {
        text.push_str(&self.paint(BOLD, &quoted(artifact)));
        text.push_str("\n\n");
        let mut table = Table::new(["host", "runs", "why not, or with what"], 2);
        for fit in fits {
            let runs = match fit.links() {
                true => Cell::styled("yes", AnsiColor::Green.on_default()),
                false => Cell::styled("no", AnsiColor::Red.on_default()),
            };
            let is_verified = profiles().iter().any(|it| it.id == fit.host && it.is_verified());
            let trust = if is_verified { "" } else { "(unverified)" };
            let reasons = [reasons(fit).as_str(), trust].join(" ").trim().to_owned();
            table.row([fit.host.as_str().into(), runs, reasons.into()]);
        }
        table.draw(self, text);
    }
}

/// What stands against an artifact, or else the flags that it needs.
fn reasons(fit: &HostFit) -> String {
    if fit.links() {
        let flags = fit.flags();
        let with = (!flags.is_empty()).then(|| format!("with {}", flags.join(" ")));
        return [with, if_it_has(fit)].into_iter().flatten().collect::<Vec<_>>().join("; ");
    }
    let mut reasons: Vec<String> = fit.obstacles.iter().map(obstacle_words).collect();
    let (mut absent, mut versions, mut types) = (Vec::new(), Vec::new(), Vec::new());
    for import in &fit.imports {
        match &import.verdict {
            Verdict::Absent => absent.push(import.name.clone()),
            Verdict::OtherVersions(_) => versions.push(import.name.clone()),
            Verdict::OtherTypes { .. } => types.push(import.name.clone()),
            Verdict::Provided { .. } | Verdict::Nothing => {}
        }
    }
    for (words, names) in [("no", absent), ("other version of", versions), ("other types in", types)] {
        if !names.is_empty() {
            reasons.push(format!("{words} {}", list(&by_package(&names))));
        }
    }
    reasons.join("; ")
}

/// The names, those of one package in one version as one: `wasi:nn@0.2.0 (tensor, graph)`.
fn by_package(names: &[String]) -> Vec<String> {
    let mut packages: Vec<(String, Vec<String>, &String)> = Vec::new();
    for name in names {
        let (package, interface) = match InterfaceName::parse(name) {
            Some(it) => {
                let version =
                    name.split_once('@').map_or(String::new(), |(_, version)| format!("@{version}"));
                (format!("{}{version}", it.package), it.interface)
            }
            None => (name.clone(), String::new()),
        };
        match packages.iter_mut().find(|(known, ..)| *known == package) {
            Some((_, interfaces, _)) => interfaces.push(interface),
            None => packages.push((package, vec![interface], name)),
        }
    }
    let words = |(package, interfaces, name): (String, Vec<String>, &String)| match interfaces.len() {
        1 => name.clone(),
        _ => format!("{package} ({})", interfaces.join(", ")),
    };
    packages.into_iter().map(words).collect()
}

fn may(power: &Power) -> String {
    match power {
        Power::Granted => "yes".to_owned(),
        Power::Asked(by) => format!("by {by}"),
        Power::Never => "no".to_owned(),
    }
}
