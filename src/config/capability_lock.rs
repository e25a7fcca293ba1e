//! `witc.caps.lock`: what each component of each composition could do when somebody last looked, one line for each power.
//!
//! Differs from `policy.rs`: that is what people allow, this is what was found. The file is made for the diff of a pull
//! request: sorted, without dates, each line the same whatever stands around it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::path::Path;

use super::document;
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

impl CapabilityLock {
    /// Takes over what another lock says of compositions and components that are not here. If this one has all compositions,
    /// the others are gone.
    pub fn keep(&mut self, before: Self, has_all_compositions: bool) {
        for (name, composition) in before.compositions {
            match self.compositions.entry(name) {
                Entry::Vacant(entry) if entry.key().is_none() || !has_all_compositions => {
                    entry.insert(composition);
                }
                // Components of bare paths stand side by side, those of a composition belong together.
                Entry::Occupied(entry) if entry.key().is_none() => {
                    let own = &mut entry.into_mut().instances;
                    composition.instances.into_iter().for_each(|(name, instance)| {
                        own.entry(name).or_insert(instance);
                    });
                }
                Entry::Vacant(_) | Entry::Occupied(_) => {}
            }
        }
    }
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
                let interface = text_of(interface);
                let function = function.as_deref().map_or("-".to_owned(), text_of);
                format!("+ {interface:wide$}  {function:middle$}")
            }
            Self::Via { peer, interface } => {
                let through = format!("via {} -> {}", name_of(peer), text_of(interface));
                format!("{through:width$}", width = wide + middle + 4)
            }
        };
        let remark = rating.remark.as_deref().unwrap_or_default();
        line += &format!("  {:class$}  {:severity$}  {remark}", rating.class, rating.severity);
        line.truncate(line.trim_end().len());
        line
    }
}

/// A name that people chose: in quotes, unless it is a word.
fn name_of(name: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if !name.is_empty() && name.bytes().all(is_plain) { name.to_owned() } else { in_quotes(name) }
}

/// A name out of a binary: as it is, unless it could be read as something else.
fn text_of(text: &str) -> String {
    let is_plain = !["", "-"].contains(&text)
        && text.trim() == text
        && !["  ", "\"", "\\"].iter().any(|mark| text.contains(mark))
        && text.chars().all(is_shown_as_is);
    if is_plain { text.to_owned() } else { in_quotes(text) }
}

/// A text in quotes, on one line and harmless in a terminal; [`unquoted`] reads it.
fn in_quotes(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            _ if is_shown_as_is(character) => quoted.push(character),
            _ => quoted.extend(character.escape_unicode()),
        }
    }
    quoted.push('"');
    quoted
}

/// Reads a text in quotes, and returns what comes after it.
fn unquoted(quoted: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut rest = quoted.strip_prefix('"')?.chars();
    loop {
        match rest.next()? {
            '"' => return Some((text, rest.as_str())),
            '\\' => match rest.next()? {
                'u' => {
                    let (digits, after) = rest.as_str().strip_prefix('{')?.split_once('}')?;
                    text.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?)?);
                    rest = after.chars();
                }
                character => text.push(character),
            },
            character => text.push(character),
        }
    }
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
                let package = instance.package.as_deref().map_or("-".to_owned(), text_of);
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
        if let Some(header) = line.strip_prefix('[') {
            let (name, _) = name_until(header, "]")?;
            let name = Some(name);
            self.lock.compositions.entry(name.clone()).or_default().span = Some(span);
            (self.composition, self.instance) = (name, None);
            return Some(());
        }
        let (name, rest) = column(line)?;
        let length = line.len() - rest.len();
        let (package, rest) = column(rest)?;
        let (digest, _) = column(rest)?;
        let instance = LockedInstance {
            span: Some(Span::new(span.source, span.start, span.start + length)),
            package: package.of_binary(),
            sha256: digest.text.strip_prefix("sha256:")?.to_owned(),
            powers: BTreeMap::new(),
        };
        let name = name.text;
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
        let (power, rest) = if let Some(import) = line.strip_prefix("+ ") {
            let (interface, rest) = column(import)?;
            let (function, rest) = column(rest)?;
            (LockedPower::Import { interface: interface.text, function: function.of_binary() }, rest)
        } else {
            let (peer, rest) = name_until(line.strip_prefix("via ")?, " -> ")?;
            let (interface, rest) = column(rest)?;
            (LockedPower::Via { peer, interface: interface.text }, rest)
        };
        let (class, rest) = column(rest)?;
        let (severity, rest) = column(rest)?;
        let remark = column(rest).map(|(remark, _)| remark.text);
        let rating = LockedRating { class: class.text, severity: severity.text, remark };
        let composition = self.lock.compositions.get_mut(&self.composition)?;
        composition.instances.get_mut(self.instance.as_ref()?)?.powers.insert(power, rating);
        Some(())
    }
}

/// What stands in one column.
struct Column {
    text: String,
    is_quoted: bool,
}

impl Column {
    /// The text, where a `-` says that there is none.
    fn of_binary(self) -> Option<String> {
        (self.is_quoted || self.text != "-").then_some(self.text)
    }
}

/// The first column of a line, and the rest of it: two spaces or more stand between columns.
fn column(line: &str) -> Option<(Column, &str)> {
    let line = line.trim_start();
    if line.starts_with('"') {
        let (text, rest) = unquoted(line)?;
        return (rest.is_empty() || rest.starts_with("  "))
            .then_some((Column { text, is_quoted: true }, rest));
    }
    let (text, rest) = line.split_at(line.find("  ").unwrap_or(line.len()));
    let text = text.trim_end().to_owned();
    (!text.is_empty()).then_some((Column { text, is_quoted: false }, rest))
}

/// A name that people chose, up to a mark, and what comes after the mark.
fn name_until<'l>(line: &'l str, mark: &str) -> Option<(String, &'l str)> {
    if line.starts_with('"') {
        let (name, rest) = unquoted(line)?;
        return Some((name, rest.strip_prefix(mark)?));
    }
    let (name, rest) = line.split_once(mark)?;
    Some((name.to_owned(), rest))
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
        let (lock, errors) = read(&example().to_string());
        assert_eq!(errors, 0);
        assert_eq!(without_places(lock), Some(example()));
    }

    #[test]
    fn no_name_can_be_read_as_something_else() {
        let names = [
            "",
            "-",
            "a  b",
            " a",
            "a ",
            "]",
            "a]b",
            "x -> y",
            "\"",
            "\\",
            "\\u{41}",
            "\u{202e}\n",
            "# c",
            "+ a",
            "via a -> b",
            "[c]",
            "sha256:00",
            "\"  \"",
        ];
        for name in names {
            let mut lock = CapabilityLock::default();
            let own = || name.to_owned();
            let instances = &mut lock.compositions.entry(Some(own())).or_default().instances;
            let instance = instances.entry(own()).or_default();
            (instance.package, instance.sha256) = (Some(own()), "00".repeat(32));
            let rating =
                || LockedRating { class: "fs".to_owned(), severity: "high".to_owned(), remark: None };
            for function in [None, Some(own())] {
                instance.powers.insert(LockedPower::Import { interface: own(), function }, rating());
            }
            instance.powers.insert(LockedPower::Via { peer: own(), interface: own() }, rating());
            let text = lock.to_string();
            assert!(text.lines().count() == 8 && !text.contains('\u{202e}'), "{text}");
            assert_eq!(without_places(read(&text).0), Some(lock), "{text}");
        }
    }

    /// A lock as it was before it was written.
    fn without_places(mut lock: Option<CapabilityLock>) -> Option<CapabilityLock> {
        for composition in lock.iter_mut().flat_map(|lock| lock.compositions.values_mut()) {
            composition.span = None;
            composition.instances.values_mut().for_each(|instance| instance.span = None);
        }
        lock
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
