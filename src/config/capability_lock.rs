//! `witc.caps.lock`: what each component of each composition could do when somebody last looked, one line for each power.
//!
//! Differs from `policy.rs`: that is what people allow, this is what was found. The file is made for the diff of a pull
//! request: sorted, without dates, each line the same whatever stands around it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use super::document::{self, quoted_key};
use super::policy_diagnostics::MalformedLock;
use crate::diag::{Run, is_shown_as_is};
use crate::source::{Files, Span};

/// The name of the file that commands look for.
pub const LOCK_NAME: &str = "witc.caps.lock";

/// How every such file begins.
pub const LOCK_HEADER: &str = "# witc capability lock v1";

/// How wide the columns are for what is not longer. Never wider for a longer neighbour: a line must not change with it.
const WIDTHS: [usize; 4] = [44, 28, 13, 8];

/// What was found in compositions and components.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CapabilityLock {
    /// By name; components that belong to no composition are under `None`.
    pub compositions: BTreeMap<Option<String>, LockedComposition>,
}

/// What was found in one composition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockedComposition {
    /// Where it is named in the file.
    pub span: Option<Span>,
    /// By name.
    pub instances: BTreeMap<String, LockedInstance>,
}

/// What one instance could do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockedInstance {
    /// Where it is named in the file.
    pub span: Option<Span>,
    /// The package of which it exports something, with the version.
    pub package: Option<String>,
    /// The SHA-256 of its file, as 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Its powers.
    pub powers: BTreeMap<LockedPower, LockedRating>,
}

/// Something that an instance could do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LockedPower {
    /// Through an import from the host.
    Import {
        /// The interface on its track, with its label if it has one.
        interface: String,
        /// The function, without its bracket; `None` for an import that is not an instance.
        function: Option<String>,
    },
    /// Through a peer that it calls.
    Via {
        /// The peer.
        peer: String,
        /// The interface on its track that the peer, or one behind it, imports from the host.
        interface: String,
    },
}

/// What a power is worth.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockedRating {
    /// The class of the taxonomy.
    pub class: String,
    /// The severity, as a word.
    pub severity: String,
    /// What else is said about it, such as `runtime:panic`. No change of it is a change of power.
    pub remark: Option<String>,
}

impl LockedPower {
    /// The interface on its track.
    pub fn interface(&self) -> &str {
        match self {
            Self::Import { interface, .. } | Self::Via { interface, .. } => interface,
        }
    }

    /// The line of the power, without its indentation.
    pub fn line(&self, rating: &LockedRating) -> String {
        let [wide, middle, class, severity] = WIDTHS;
        let mut line = match self {
            Self::Import { interface, function } => {
                let function = function.as_deref().unwrap_or("-");
                format!("+ {interface:wide$}  {function:middle$}")
            }
            Self::Via { peer, interface } => {
                let through = format!("via {} -> {interface}", name_of(peer));
                format!("{through:width$}", width = wide + middle + 4)
            }
        };
        let remark = rating.remark.as_deref().unwrap_or_default();
        line += &format!("  {:class$}  {:severity$}  {remark}", rating.class, rating.severity);
        line.truncate(line.trim_end().len());
        line
    }
}

/// A name that people chose, on one line.
fn name_of(name: &str) -> String {
    let safe: String = name
        .chars()
        .map(|character| {
            if is_shown_as_is(character) {
                character.to_string()
            } else {
                character.escape_unicode().to_string()
            }
        })
        .collect();
    quoted_key(&safe)
}

impl fmt::Display for CapabilityLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{LOCK_HEADER}")?;
        writeln!(
            f,
            "# Written by `witc policy snapshot`, held by `witc lint --locked`: review what changes here."
        )?;
        for (name, composition) in &self.compositions {
            writeln!(f)?;
            if let Some(name) = name {
                writeln!(f, "[{}]", name_of(name))?;
            }
            for (name, instance) in &composition.instances {
                let package = instance.package.as_deref().unwrap_or("-");
                writeln!(f, "{}  {package}  sha256:{}", name_of(name), instance.sha256)?;
                for (power, rating) in &instance.powers {
                    writeln!(f, "  {}", power.line(rating))?;
                }
            }
        }
        Ok(())
    }
}

/// Reads a lock; with it comes its place as a whole. `None` if it is not one, which is reported.
///
/// Codes: `config/malformed-lock`, `config/unreadable-file`, `config/not-utf8`.
pub fn read_lock(path: &Path, files: &dyn Files, run: &mut Run) -> Option<(CapabilityLock, Span)> {
    let source = document::open(path, files, run)?;
    let text = &run.sources.get(source).text;
    let mut start = 0;
    let mut lock = Reading::default();
    if !text.starts_with(LOCK_HEADER) {
        run.diagnostics.report(MalformedLock { span: Span::new(source, 0, text.find('\n').unwrap_or(0)) });
        return None;
    }
    for line in text.split_inclusive('\n') {
        let span = Span::new(source, start, start + line.trim_end().len());
        start += line.len();
        if lock.take(line.trim_end(), span).is_none() {
            run.diagnostics.report(MalformedLock { span });
            return None;
        }
    }
    Some((lock.lock, Span::start_of(source)))
}

/// A lock, read up to some line.
#[derive(Default)]
struct Reading {
    lock: CapabilityLock,
    composition: Option<String>,
    instance: Option<String>,
}

impl Reading {
    /// Takes in one line; `None` if it means nothing.
    fn take(&mut self, line: &str, span: Span) -> Option<()> {
        if line.is_empty() || line.starts_with('#') {
            return Some(());
        }
        if let Some(power) = line.strip_prefix("  ") {
            return self.power(power);
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.split_once(']').map(|(name, _)| name))
        {
            let name = Some(plain(name));
            self.lock.compositions.entry(name.clone()).or_default().span = Some(span);
            (self.composition, self.instance) = (name, None);
            return Some(());
        }
        let mut columns = columns(line);
        let (name, package, digest) = (columns.next()?, columns.next()?, columns.next()?);
        let instance = LockedInstance {
            span: Some(Span::new(span.source, span.start, span.start + name.len())),
            package: Some(package.to_owned()).filter(|package| package != "-"),
            sha256: digest.strip_prefix("sha256:")?.to_owned(),
            powers: BTreeMap::new(),
        };
        let name = plain(name);
        self.lock
            .compositions
            .entry(self.composition.clone())
            .or_default()
            .instances
            .insert(name.clone(), instance);
        self.instance = Some(name);
        Some(())
    }

    fn power(&mut self, line: &str) -> Option<()> {
        let mut columns = columns(line);
        let first = columns.next()?;
        let power = if let Some(interface) = first.strip_prefix("+ ") {
            let function = Some(columns.next()?.to_owned()).filter(|function| function != "-");
            LockedPower::Import { interface: interface.to_owned(), function }
        } else {
            let (peer, interface) = first.strip_prefix("via ")?.split_once(" -> ")?;
            LockedPower::Via { peer: plain(peer), interface: interface.to_owned() }
        };
        let rating = LockedRating {
            class: columns.next()?.to_owned(),
            severity: columns.next()?.to_owned(),
            remark: columns.next().map(str::to_owned),
        };
        let composition = self.lock.compositions.get_mut(&self.composition)?;
        composition.instances.get_mut(self.instance.as_ref()?)?.powers.insert(power, rating);
        Some(())
    }
}

/// The columns of a line: two spaces or more stand between them.
fn columns(line: &str) -> impl Iterator<Item = &str> {
    line.split("  ").map(str::trim).filter(|column| !column.is_empty())
}

/// A name without the quotes that it may be in.
fn plain(name: &str) -> String {
    match name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(quoted) => quoted.replace("\\\"", "\"").replace("\\\\", "\\"),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemoryFiles;

    fn example() -> CapabilityLock {
        let mut lock = CapabilityLock::default();
        let rating = |class: &str| LockedRating {
            class: class.to_owned(),
            severity: "high".to_owned(),
            remark: (class == "env").then(|| "runtime:panic".to_owned()),
        };
        let import = |interface: &str, function: Option<&str>| LockedPower::Import {
            interface: interface.to_owned(),
            function: function.map(str::to_owned),
        };
        for name in [Some("checkout".to_owned()), Some("a \"b\" \\".to_owned()), None] {
            let composition = lock.compositions.entry(name).or_default();
            for name in ["shop", "my \"shop\\", "x.y"] {
                let instance = composition.instances.entry(name.to_owned()).or_default();
                instance.sha256 = "00".repeat(32);
                instance.package = (name == "shop").then(|| "acme:shop@1.0.0".to_owned());
                instance.powers.insert(import("cache: wasi:keyvalue/store@0.2", Some("open")), rating("kv"));
                instance.powers.insert(import("log", None), rating("env"));
                let via =
                    LockedPower::Via { peer: "my peer".to_owned(), interface: "wasi:io/x@0.2".to_owned() };
                instance.powers.insert(via, rating("net-out"));
            }
        }
        lock
    }

    fn read(text: &str) -> (Option<CapabilityLock>, usize) {
        let files = MemoryFiles::default().with(LOCK_NAME, text);
        let mut run = Run::default();
        let lock = read_lock(Path::new(LOCK_NAME), &files, &mut run).map(|(lock, _)| lock);
        (lock, run.diagnostics.error_count())
    }

    #[test]
    fn what_is_written_is_read() {
        let (mut lock, errors) = read(&example().to_string());
        assert_eq!(errors, 0);
        for composition in lock.iter_mut().flat_map(|lock| lock.compositions.values_mut()) {
            composition.span = None;
            composition.instances.values_mut().for_each(|instance| instance.span = None);
        }
        assert_eq!(lock, Some(example()));
    }

    #[test]
    fn lines_do_not_depend_on_their_neighbours() {
        let whole = example().to_string();
        let mut lock = example();
        let instances = &mut lock.compositions.get_mut(&None).expect("it is there").instances;
        let powers = &mut instances.get_mut("shop").expect("it is there").powers;
        powers.pop_first();
        let changed = lock.to_string();
        assert_eq!(changed.lines().count() + 1, whole.lines().count());
        assert!(changed.lines().all(|line| whole.lines().any(|other| other == line)));
    }

    #[test]
    fn what_is_no_lock_is_refused() {
        for text in ["", "[a]", "# witc capability lock v1\n  + a  b  c  d", "# witc capability lock v1\na"] {
            assert_eq!(read(text), (None, 1), "{text}");
        }
        assert!(read("# witc capability lock v1\n\n# a word\n").0.is_some());
    }
}
