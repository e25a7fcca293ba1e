//! The artifacts that were made: who provides what to whom, what is left to the host, how large each is and where.
//!
//! Differs from `capabilities.rs`: this shows how a composition is put together, that shows what it can do.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use anstyle::Style;
use indexmap::IndexMap;
use textwrap::core::display_width;

use super::diagnostic::wrap;
use super::table::{Cell, Table};
use super::{BAD, BOLD, DIM, GOOD, Look};
use crate::diag::{counted, escape, list, natural_order, quoted, size};
use crate::model::Feature;
use crate::report::{ArtifactRow, MergedImport, Outcome, Wire};

/// How many lines a table has; of 450 components nobody reads all.
const MOST_ROWS: usize = 40;
/// How many interfaces of one package are named.
const MOST_ITEMS: usize = 20;
/// How many users of one thing are named.
const MOST_USERS: usize = 6;

impl Look {
    /// The artifacts, a block for each.
    pub fn artifacts(&self, rows: &[ArtifactRow]) -> String {
        let mut text = String::new();
        for row in rows {
            artifact(row, self, &mut text);
            text.push('\n');
        }
        text
    }

    /// Which compositions are not among the artifacts, where some are.
    pub fn not_linked(&self, outcome: &Outcome) -> String {
        if outcome.artifacts.is_empty() || outcome.not_linked.is_empty() {
            return String::new();
        }
        let names: Vec<String> = outcome.not_linked.iter().map(|name| quoted(name)).collect();
        format!("{} {}\n", self.paint(BAD, "not linked:"), names.join(", "))
    }
}

fn artifact(row: &ArtifactRow, look: &Look, text: &mut String) {
    let exposing = row.exposed.iter().map(|export| export.instance.as_str());
    let instances: BTreeSet<&str> = row.wires.iter().flat_map(Wire::instances).chain(exposing).collect();
    let (done, what) = if row.is_script { ("wrote", " a script of wac for") } else { ("linked", "") };
    text.push_str(&look.paint(GOOD, done));
    text.push_str(&format!("{what} {}", quoted(&row.name)));
    if !instances.is_empty() {
        text.push_str(&format!(" of {}", counted(instances.len(), "instance")));
    }
    text.push_str("\n\n");
    wires(&row.wires, look, text);
    host(row, instances.len(), look, text);
    merged(&row.merged, look, text);
    exports(row, look, text);
    features(&row.features, look, text);
    let place = match &row.path {
        Some(path) => escape(&path.display().to_string()),
        None => "standard output".to_owned(),
    };
    // A long path has a line of its own.
    let bytes = size(row.bytes);
    let is_long = 4 + display_width(&place) + display_width(&bytes) > look.width;
    let between = if is_long { "\n  " } else { "  " };
    text.push_str(&format!("  {}{between}{bytes}\n", look.paint(BOLD, &place)));
    if row.saved > 0 {
        let saved = format!("  {} saved by one copy of what is equal", size(row.saved));
        text.push_str(&look.paint(DIM, &saved));
        text.push('\n');
    }
}

/// Who provides what to whom, the host left out: a line for each thing that is provided.
fn wires(wires: &[Wire], look: &Look, text: &mut String) {
    let mut rows: IndexMap<(&str, &str), BTreeSet<Cow<'_, str>>> = IndexMap::new();
    for wire in wires {
        if let Some(provider) = &wire.provider {
            let user = match wire.alias() {
                Some(alias) => Cow::Owned(format!("{} as {alias}", wire.user)),
                None => Cow::Borrowed(wire.user.as_str()),
            };
            rows.entry((provider, &wire.export)).or_default().insert(user);
        }
    }
    let mut table = Table::new(["component", "provides", "to"], 1);
    for ((provider, item), users) in rows.iter().take(MOST_ROWS) {
        let users = users.iter().map(AsRef::as_ref).collect();
        table.row([(*provider).into(), (*item).into(), shortened(&users, MOST_USERS).into()]);
    }
    draw(&table, rows.len(), look, text);
}

/// Draws a table of the first of so many rows, if it has any.
fn draw<const COLUMNS: usize>(table: &Table<COLUMNS>, rows: usize, look: &Look, text: &mut String) {
    if table.is_empty() {
        return;
    }
    table.draw(look, text);
    if rows > MOST_ROWS {
        let more = rows - MOST_ROWS;
        text.push_str(&look.paint(DIM, &format!("  and {more} more: `witc graph` shows all of them")));
        text.push('\n');
    }
    text.push('\n');
}

/// What the host must provide: a line a package, with those of so many instances that need it.
fn host(row: &ArtifactRow, instances: usize, look: &Look, text: &mut String) {
    type Items<'w> = BTreeSet<&'w str>;
    type Users<'w> = BTreeSet<&'w str>;
    let mut packages: BTreeMap<(String, String), (Items<'_>, Users<'_>)> = BTreeMap::new();
    for wire in row.wires.iter().filter(|wire| wire.provider.is_none()) {
        let (package, item, version) = split(&wire.export);
        let (items, users) = packages.entry((package.to_owned(), version.to_owned())).or_default();
        items.insert(item);
        users.insert(&wire.user);
    }
    let mut packages: Vec<_> = packages.into_iter().collect();
    packages
        .sort_by(|((a, old), _), ((b, new), _)| natural_order(a, b).then_with(|| natural_order(old, new)));
    let mut table = Table::new(["left to the host", "interfaces", "for"], 1);
    for ((package, version), (items, users)) in packages.iter().take(MOST_ROWS) {
        let at = if version.is_empty() { "" } else { "@" };
        let items = shortened(items, MOST_ITEMS);
        let users = match users.len() {
            all if all == instances && all > MOST_USERS => format!("all {all} instances"),
            _ => shortened(users, MOST_USERS),
        };
        table.row([Cell::from(format!("{package}{at}{version}")), items.into(), users.into()]);
    }
    draw(&table, packages.len(), look, text);
    if !row.unused.is_empty() {
        let unused: Vec<String> = row.unused.iter().map(|name| quoted(name)).collect();
        let words = format!(
            "still imported, and used by no part: {}; to be rid of it, link the parts anew",
            list(&unused)
        );
        let lines = wrap(&words, look.width.saturating_sub(2), "");
        lines.iter().for_each(|line| text.push_str(&format!("  {line}\n")));
        text.push('\n');
    }
}

/// The first names in natural order, at the most so many, and how many others there are.
fn shortened(names: &BTreeSet<&str>, most: usize) -> String {
    let mut sorted: Vec<&str> = names.iter().copied().collect();
    sorted.sort_by(|a, b| natural_order(a, b));
    if sorted.len() <= most {
        return sorted.join(", ");
    }
    sorted.truncate(most - 1);
    format!("{} and {} others", sorted.join(", "), names.len() - sorted.len())
}

/// Which versions of imports became one: a line a package, with those of its interfaces that did.
fn merged(merged: &[MergedImport], look: &Look, text: &mut String) {
    type Names<'m> = BTreeSet<&'m str>;
    let mut packages: BTreeMap<(&str, &str), (Names<'_>, Names<'_>)> = BTreeMap::new();
    for import in merged {
        let (package, item, version) = split(&import.into);
        let (items, versions) = packages.entry((package, version)).or_default();
        items.insert(item);
        versions.extend(import.from.iter().map(|name| split(name).2));
    }
    let mut table = Table::new(["merged", "interfaces", "versions"], 1);
    for ((package, version), (items, from)) in packages.iter().take(MOST_ROWS) {
        let arrow = if look.unicode { "→" } else { "->" };
        let (items, from) = (shortened(items, MOST_ITEMS), shortened(from, MOST_USERS));
        table.row([(*package).into(), items.into(), Cell::from(format!("{from} {arrow} {version}"))]);
    }
    draw(&table, packages.len(), look, text);
}

/// What the whole exports, and whose export that is.
fn exports(row: &ArtifactRow, look: &Look, text: &mut String) {
    let mut table = Table::new(["exports", "from"], 0);
    for name in row.exports.iter().take(MOST_ROWS) {
        let from = match row.exposed.iter().find(|export| export.name == *name) {
            Some(it) if it.export != it.name => format!("{} of {}", it.export, it.instance),
            Some(it) => it.instance.clone(),
            None => String::new(),
        };
        table.row([Cell::styled(name, Style::new()), from.into()]);
    }
    draw(&table, row.exports.len(), look, text);
}

/// What not every engine has.
fn features(features: &[Feature], look: &Look, text: &mut String) {
    let names: Vec<&str> = features.iter().map(|feature| feature.name()).collect();
    let mut table = Table::new(["runs only on engines with"], 0);
    if !names.is_empty() {
        table.row([Cell::from(names.join(", "))]);
        table.draw(look, text);
        text.push('\n');
    }
}

/// An extern name as package, item and version: `wasi:io/streams@0.2.12`; a plain name has no package.
fn split(name: &str) -> (&str, &str, &str) {
    let (path, version) = name.split_once('@').unwrap_or((name, ""));
    match path.split_once('/') {
        Some((package, item)) => (package, item, version),
        None => (path, "", version),
    }
}

impl Wire {
    fn instances(&self) -> impl Iterator<Item = &str> {
        self.provider.as_deref().into_iter().chain([self.user.as_str()])
    }
}
