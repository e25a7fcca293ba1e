//! Walks a TOML text with spans, and collects every mistake in it: the base of all files that witc reads.
//!
//! Differs from `manifest.rs` and `policy.rs`: they know what a file may say, this knows only tables, keys and values.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;

use toml::Spanned as TomlSpanned;
use toml::de::{DeTable, DeValue};

use super::Spanned;
use super::diagnostics::{Malformed, MissingKey, NotUtf8, UnknownKey, UnreadableFile, WrongType, WrongValue};
use crate::diag::{Code, Diagnostic, Diagnostics, Run, closest, code};
use crate::model::Date;
use crate::source::{Files, Origin, SourceId, SourceMap, Span};

/// What a place that is not TOML can cause elsewhere, by taking entries away.
const CAN_FOLLOW: &[Code] =
    &[code::MISSING_KEY, code::NO_COMPONENTS, code::UNKNOWN_INSTANCE, code::EMPTY_CHAIN];

/// One file under the reader: its source, and the mistakes found so far.
pub(crate) struct Document {
    source: SourceId,
    mistakes: RefCell<Vec<Diagnostic>>,
}

/// One table. When it goes out of scope, each of its keys that nobody asked for is reported.
pub(crate) struct Section<'d> {
    document: &'d Document,
    table: &'d DeTable<'d>,
    path: String,
    /// Where the table is named; for the whole file its start.
    pub(crate) span: Span,
    asked: Vec<&'static str>,
    missing: Vec<&'static str>,
    /// Whether the keys are names that the user chose, or the table is wrong in a way that was reported.
    open: bool,
}

/// One value, of any type.
#[derive(Clone)]
pub(crate) struct Value<'d> {
    document: &'d Document,
    value: &'d DeValue<'d>,
    path: String,
    /// Where the value is written; for a table, where it is named.
    pub(crate) span: Span,
}

/// Reads a file as the text of a source.
pub(crate) fn open(path: &Path, files: &dyn Files, run: &mut Run) -> Option<SourceId> {
    match files.read(path) {
        Ok(bytes) => opened(path, bytes, run),
        Err(error) => {
            let source = run.sources.add(path.display().to_string(), Origin::File(path.to_owned()), "");
            run.diagnostics.report(UnreadableFile { path: path.to_owned(), error, source });
            None
        }
    }
}

/// The same for a file whose bytes were read.
pub(super) fn opened(path: &Path, bytes: Vec<u8>, run: &mut Run) -> Option<SourceId> {
    let source = run.sources.add(path.display().to_string(), Origin::File(path.to_owned()), "");
    match String::from_utf8(bytes) {
        Ok(text) => {
            run.sources.set_text(source, text);
            Some(source)
        }
        Err(error) => {
            let start = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            // The first wrong byte is shown as one replacement character, which takes three bytes.
            let end = (start + 3).min(text.len());
            run.sources.set_text(source, text);
            run.diagnostics.report(NotUtf8 { path: path.to_owned(), span: Span::new(source, start, end) });
            None
        }
    }
}

/// Reads the text of a source with `fill`, and reports every mistake. `None` if there was one: what is handed on is
/// right.
pub(crate) fn read<T>(
    sources: &SourceMap,
    source: SourceId,
    diagnostics: &mut Diagnostics,
    fill: impl FnOnce(&mut Section<'_>) -> T,
) -> Option<T> {
    let text = sources.get(source).text.as_str();
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut lines = BTreeSet::new();
    for error in &errors {
        let range = error.span().unwrap_or(text.len()..text.len());
        let span = Span::new(source, range.start.min(text.len()), range.end.min(text.len()));
        lines.insert(sources.position(source, span.start).line);
        diagnostics.report(Malformed { message: error.message().to_owned(), span });
    }
    add_lines_without_header(text, &mut lines);
    let document = Document { source, mistakes: RefCell::default() };
    let filled = {
        let span = Span::start_of(source);
        let table = root.get_ref();
        let path = String::new();
        fill(&mut Section::new(&document, table, path, span))
    };
    let mistakes = document.mistakes.into_inner();
    let right = errors.is_empty() && mistakes.is_empty();
    for mistake in mistakes {
        let line = mistake.place().map(|span| sources.position(source, span.start).line);
        let follows = line.is_some_and(|line| lines.contains(&line))
            || (!errors.is_empty() && CAN_FOLLOW.contains(&mistake.code));
        if !follows {
            diagnostics.report(mistake);
        }
    }
    right.then_some(filled)
}

/// After a header that is not TOML, the keys below it seem to be those of another table: adds their lines.
fn add_lines_without_header(text: &str, lines: &mut BTreeSet<usize>) {
    let mut is_broken = false;
    for (at, line) in (1..).zip(text.lines()).filter(|_| !lines.is_empty()).collect::<Vec<_>>() {
        if line.trim_start().starts_with('[') {
            is_broken = lines.contains(&at);
        } else if is_broken {
            lines.insert(at);
        }
    }
}

/// A key as TOML writes it, in quotes where it needs them.
pub(crate) fn quoted_key(key: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if !key.is_empty() && key.bytes().all(is_bare) {
        return key.to_owned();
    }
    format!("\"{}\"", key.replace('\\', "\\\\").replace('"', "\\\""))
}

impl Document {
    fn mistake(&self, mistake: impl Into<Diagnostic>) {
        self.mistakes.borrow_mut().push(mistake.into());
    }

    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.source, range.start, range.end)
    }
}

impl<'d> Section<'d> {
    fn new(document: &'d Document, table: &'d DeTable<'d>, path: String, span: Span) -> Self {
        Self { document, table, path, span, asked: Vec::new(), missing: Vec::new(), open: false }
    }

    /// The value of a key, if it is there.
    pub(crate) fn value(&mut self, key: &'static str) -> Option<Value<'d>> {
        self.asked.push(key);
        let (name, value) = self.table.get_key_value(key)?;
        Some(self.wrap(name.span(), key, value))
    }

    /// The value of a key that must be there.
    pub(crate) fn require(&mut self, key: &'static str) -> Option<Value<'d>> {
        let value = self.value(key);
        if value.is_none() {
            self.missing.push(key);
        }
        value
    }

    /// The text of a key.
    pub(crate) fn string(&mut self, key: &'static str) -> Option<Spanned<String>> {
        self.value(key)?.string()
    }

    /// The texts of a key; empty if it is not there.
    pub(crate) fn strings(&mut self, key: &'static str) -> Vec<Spanned<String>> {
        self.list(key).iter().filter_map(Value::string).collect()
    }

    /// The truth value of a key.
    pub(crate) fn boolean(&mut self, key: &'static str) -> Option<Spanned<bool>> {
        self.value(key)?.boolean()
    }

    /// The elements of the list of a key; empty if it is not there.
    pub(crate) fn list(&mut self, key: &'static str) -> Vec<Value<'d>> {
        self.value(key).map(|value| value.list()).unwrap_or_default()
    }

    /// The table of a key.
    pub(crate) fn section(&mut self, key: &'static str) -> Option<Section<'d>> {
        self.value(key)?.section()
    }

    /// The named values of the table of a key whose keys are names that the user chooses, in the order of the file:
    /// `[component.NAME]`, `[levels]`.
    pub(crate) fn named(&mut self, key: &'static str) -> Vec<(Spanned<String>, Value<'d>)> {
        self.section(key).map(Section::into_named).unwrap_or_default()
    }

    /// All entries of this table, whose keys are names that the user chooses, in the order of the file.
    pub(crate) fn into_named(mut self) -> Vec<(Spanned<String>, Value<'d>)> {
        self.open = true;
        let mut entries: Vec<_> = self.table.iter().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        let entry = |(name, value): (&'d TomlSpanned<_>, &'d TomlSpanned<DeValue<'d>>)| {
            let text: &std::borrow::Cow<'d, str> = name.get_ref();
            let key = Spanned::new(text.clone().into_owned(), self.document.span(name.span()));
            (key, self.wrap(name.span(), text, value))
        };
        entries.into_iter().map(entry).collect()
    }

    /// The dotted name of the table; empty for the file as a whole.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Reports a mistake that only the caller can see.
    pub(crate) fn mistake(&self, mistake: impl Into<Diagnostic>) {
        self.document.mistake(mistake);
    }

    fn wrap(
        &self,
        name: std::ops::Range<usize>,
        key: &str,
        value: &'d TomlSpanned<DeValue<'d>>,
    ) -> Value<'d> {
        let key = quoted_key(key);
        let path = if self.path.is_empty() { key } else { format!("{}.{key}", self.path) };
        // The span of a table is that of its header or its braces: where it is named says more.
        let range = if value.get_ref().is_table() { name } else { value.span() };
        Value { document: self.document, value: value.get_ref(), path, span: self.document.span(range) }
    }
}

/// Stands in advice for a text that only the user knows: a reason, the name of a variable.
const PLACEHOLDER: &str = "…";

impl Drop for Section<'_> {
    fn drop(&mut self) {
        let is_unknown = |key: &&str| !self.open && !self.asked.contains(key);
        let unknown = || self.table.keys().map(|key| key.get_ref().as_ref()).filter(is_unknown);
        for key in &self.missing {
            // A key with a slip in its name is reported as unknown, with the name that was meant.
            if unknown().all(|slip| closest(slip, [*key]).is_none()) {
                let section = self.path.clone();
                self.document.mistake(MissingKey { key, section, span: self.span });
            }
        }
        for key in self.table.keys().filter(|key| is_unknown(&key.get_ref().as_ref())) {
            self.document.mistake(UnknownKey {
                key: key.get_ref().to_string(),
                section: self.path.clone(),
                known: self.asked.clone(),
                span: self.document.span(key.span()),
            });
        }
    }
}

impl<'d> Value<'d> {
    /// The text. What stands in advice for a text that only the user knows is none.
    pub(crate) fn string(&self) -> Option<Spanned<String>> {
        let text = self.expect("a string", self.value.as_str().map(str::to_owned))?;
        if text.value.trim() == PLACEHOLDER {
            self.wrong("what you mean: `…` stands for it in what witc advises", None);
            return None;
        }
        Some(text)
    }

    /// The number, if it fits.
    pub(crate) fn integer(&self) -> Option<Spanned<u64>> {
        let wanted = "a whole number that is not negative";
        let Some(number) = self.value.as_integer() else { return self.expect(wanted, None) };
        let number = u64::from_str_radix(number.as_str().trim_start_matches('+'), number.radix()).ok();
        if number.is_none() {
            self.wrong(wanted, None);
        }
        number.map(|value| Spanned::new(value, self.span))
    }

    /// The truth value.
    pub(crate) fn boolean(&self) -> Option<Spanned<bool>> {
        self.expect("true or false", self.value.as_bool())
    }

    /// The day, without a time.
    pub(crate) fn date(&self) -> Option<Spanned<Date>> {
        let day = self.value.as_datetime().filter(|date| date.time.is_none() && date.offset.is_none());
        let day = day.and_then(|date| date.date);
        let day = day.and_then(|date| Date::new(date.year, date.month, date.day));
        self.expect("a date without quotes, such as 2027-06-30", day)
    }

    /// The elements.
    pub(crate) fn list(&self) -> Vec<Value<'d>> {
        let elements = self.expect("a list", self.value.as_array().map(|array| array.iter()));
        let element = |value: &'d TomlSpanned<DeValue<'d>>| Value {
            document: self.document,
            value: value.get_ref(),
            path: self.path.clone(),
            span: self.document.span(value.span()),
        };
        elements.into_iter().flat_map(|elements| elements.value.map(element)).collect()
    }

    /// The table.
    pub(crate) fn section(&self) -> Option<Section<'d>> {
        let table = self.expect("a table", self.value.as_table())?.value;
        let (document, path, span) = (self.document, self.path.clone(), self.span);
        Some(Section::new(document, table, path, span))
    }

    /// Whether the value is a list: for values that may be one or many.
    pub(crate) fn is_list(&self) -> bool {
        self.value.is_array()
    }

    /// Whether the value is a table: for values that may be a table or something short.
    pub(crate) fn is_table(&self) -> bool {
        self.value.is_table()
    }

    /// Whether the value is a text: for values that may be a text or something else.
    pub(crate) fn is_text(&self) -> bool {
        self.value.is_str()
    }

    /// The choice that the text names.
    pub(crate) fn one_of<T: Clone>(&self, choices: &[(&'static str, T)]) -> Option<Spanned<T>> {
        let text = self.string()?;
        let chosen = choices.iter().find(|(name, _)| *name == text.value).map(|(_, choice)| choice.clone());
        if chosen.is_none() {
            let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
            let meant = closest(&text.value, names.iter().copied()).map(str::to_owned);
            let expected = format!("one of `{}`", names.join("`, `"));
            self.wrong(expected, meant);
        }
        chosen.map(|chosen| Spanned::new(chosen, text.span))
    }

    /// Reports that the value is of none of the types that are good here.
    pub(crate) fn wrong_type(&self, expected: &'static str) {
        self.expect::<()>(expected, None);
    }

    /// Reports that the value is of the right type and still cannot be used.
    pub(crate) fn wrong(&self, expected: impl Into<String>, meant: Option<String>) {
        let number = self.value.as_integer().map(|number| number.to_string());
        let found = number.or(self.value.as_str().map(str::to_owned)).unwrap_or_default();
        let (key, expected) = (self.path.clone(), expected.into());
        self.document.mistake(WrongValue { key, found, expected, meant, span: self.span });
    }

    /// Reports a mistake that only the caller can see.
    pub(crate) fn mistake(&self, mistake: impl Into<Diagnostic>) {
        self.document.mistake(mistake);
    }

    fn expect<T>(&self, expected: &'static str, value: Option<T>) -> Option<Spanned<T>> {
        if value.is_none() {
            let (key, found) = (self.path.clone(), self.value.type_str());
            self.document.mistake(WrongType { key, expected, found, span: self.span });
        }
        value.map(|value| Spanned::new(value, self.span))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Origin;

    /// Reads a file that may hold `name`, `size`, `on`, `day`, a list `parts` and tables `[thing.NAME]` with `kind`.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let mut sources = SourceMap::default();
        let source = sources.add("a.toml", Origin::StandardInput, text);
        let mut diagnostics = Diagnostics::default();
        let result = read(&sources, source, &mut diagnostics, |file| {
            let _ = (file.string("name"), file.boolean("on"), file.strings("parts"));
            let _ = file.value("size").and_then(|value| value.integer());
            let _ = file.value("day").and_then(|value| value.date());
            for (_, value) in file.named("thing") {
                if let Some(mut thing) = value.section() {
                    let kind = thing.require("kind");
                    let _ = kind.and_then(|kind| kind.one_of(&[("small", 1), ("large", 2)]));
                }
            }
        });
        let found: Vec<_> = diagnostics
            .into_sorted()
            .into_iter()
            .map(|found| {
                let place = found.place().expect("each has a place");
                format!("{} {:?}: {}", found.code, sources.text(place), found.message)
            })
            .collect();
        assert_eq!(found, expected);
        assert_eq!(result.is_some(), expected.is_empty());
    }

    #[test]
    fn a_right_file_is_silent() {
        check("", &[]);
        check(
            "name = 'x'\nsize = 0x10\non = true\nday = 2027-06-30\nparts = ['a']\n[thing.a]\nkind = 'small'",
            &[],
        );
    }

    #[test]
    fn all_mistakes_are_told_at_once() {
        check(
            "nane = 'x'\nsize = -1\non = 'yes'\nday = '2027-06-30'\nparts = [1]\n[thing.a]\n[thing.b]\nkind = 'smal'",
            &[
                "config/unknown-key \"nane\": unknown key `nane`",
                "config/wrong-value \"-1\": `size` cannot be `-1`",
                "config/wrong-type \"'yes'\": `on` must be true or false, not a string",
                "config/wrong-type \"'2027-06-30'\": `day` must be a date without quotes, such as 2027-06-30, not a string",
                "config/wrong-type \"1\": `parts` must be a string, not an integer",
                "config/missing-key \"a\": `thing.a` has no `kind`",
                "config/wrong-value \"'smal'\": `thing.b.kind` cannot be `smal`",
            ],
        );
    }

    #[test]
    fn what_follows_from_broken_syntax_is_not_told() {
        check(
            "name = \nsizes = 1\n[thing.a]",
            &[
                "config/malformed \"\": this is not TOML: string values must be quoted, expected literal string",
                "config/unknown-key \"sizes\": unknown key `sizes`",
            ],
        );
    }
}
