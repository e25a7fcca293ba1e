//! Puts findings that say the same of many things into one, for reports that people read.
//!
//! Differs from the collector of `diag`, which drops what was said before: here each says something of its own, and machines
//! get each by itself.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::place::FilePlace;
use crate::diag::{Code, Diagnostic, Label, Severity, list};
use crate::source::SourceMap;

/// How many of them get a line: beyond that nobody reads them.
const MOST_ROWS: usize = 40;

/// The findings, those that are alike as one: it stands where the first of them does, points to the place of the gravest,
/// and has a line for each, or for the first of very many.
pub(super) fn gathered<'d>(diagnostics: &'d [Diagnostic], sources: &SourceMap) -> Vec<Cow<'d, Diagnostic>> {
    let mut groups: Vec<Vec<&Diagnostic>> = Vec::new();
    let mut known: BTreeMap<Subject<'_>, usize> = BTreeMap::new();
    let mut helps = Helps::default();
    for diagnostic in diagnostics {
        let subject = subject(diagnostic, &mut helps);
        let at = subject.map(|subject| *known.entry(subject).or_insert(groups.len()));
        match at.and_then(|at| groups.get_mut(at)) {
            Some(group) => group.push(diagnostic),
            None => groups.push(vec![diagnostic]),
        }
    }
    groups
        .into_iter()
        .map(
            |group| {
                if group.len() == 1 { Cow::Borrowed(group[0]) } else { Cow::Owned(one_of(&group, sources)) }
            },
        )
        .collect()
}

/// What findings have in common that are alike.
type Subject<'d> = (Code, Severity, Option<&'d str>, &'d str, Option<usize>);

fn subject<'d>(it: &'d Diagnostic, helps: &mut Helps<'d>) -> Option<Subject<'d>> {
    let alike = it.alike.as_ref()?;
    let help = alike.help.as_ref().map(|help| helps.number(help));
    Some((it.code, it.severity, it.about.name("composition"), &alike.message, help))
}

/// Numbers for texts of help. One text is shared by thousands of findings and as long as all of them together, so that it is
/// not compared for each of them.
#[derive(Default)]
struct Helps<'d> {
    by_place: BTreeMap<*const u8, usize>,
    by_text: BTreeMap<&'d str, usize>,
}

impl<'d> Helps<'d> {
    fn number(&mut self, help: &'d Arc<str>) -> usize {
        let next = self.by_text.len();
        let by_text = &mut self.by_text;
        *self.by_place.entry(help.as_ptr()).or_insert_with(|| *by_text.entry(help).or_insert(next))
    }
}

fn one_of(group: &[&Diagnostic], sources: &SourceMap) -> Diagnostic {
    let mut sorted = group.to_vec();
    sorted.sort_by_key(|it| Reverse(it.alike.as_ref().map_or(0, |alike| alike.weight)));
    let lead = sorted[0];
    let alike = |it: &Diagnostic| it.alike.clone().unwrap_or_default();
    if alike(lead).is_of_one_cause {
        let others: Vec<String> = sorted[1..].iter().map(|it| alike(it).row).collect();
        let note = alike(lead).message.replace("{others}", &list(&others));
        return Diagnostic { alike: None, ..lead.clone() }.note(note);
    }
    let row = |it: &&Diagnostic| {
        let primary = it.labels.iter().find(|label| label.primary);
        let place = primary.and_then(|label| FilePlace::of_label(label, sources));
        let place =
            place.filter(|place| place.lines.is_some()).map_or(String::new(), |it| format!(" ({it})"));
        format!("{}{place}", alike(it).row)
    };
    let mut rows: Vec<String> = sorted.iter().take(MOST_ROWS).map(row).collect();
    if sorted.len() > MOST_ROWS {
        rows.push(format!("and {} more; `--format json` has each of them", sorted.len() - MOST_ROWS));
    }
    let is_shared =
        |text: &&String, of: fn(&Diagnostic) -> &[String]| group.iter().all(|it| of(it).contains(text));
    let notes = lead.notes.iter().filter(|note| is_shared(note, |it| &it.notes)).cloned();
    let help = lead.help.iter().filter(|help| is_shared(help, |it| &it.help)).cloned();
    let labels: Vec<Label> = lead.labels.iter().filter(|label| label.primary).cloned().collect();
    let mut others = lead.labels.iter().filter(|label| !label.primary);
    let shared = others.find(|label| group.iter().all(|it| it.labels.contains(label))).cloned();
    Diagnostic {
        message: alike(lead).message.replace("{count}", &group.len().to_string()),
        labels: labels.into_iter().chain(shared).collect(),
        notes: std::iter::once(rows.join("\n")).chain(notes).collect(),
        help: alike(lead).help.map_or_else(|| help.collect(), |help| vec![help.to_string()]),
        fix: Vec::new(),
        alike: None,
        ..lead.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Alike, code};

    #[test]
    fn what_follows_from_a_cause_is_named_beside_it() {
        let found = |row: &str, weight| Diagnostic {
            alike: Some(Alike {
                message: "and so also {others}".to_owned(),
                row: row.to_owned(),
                weight,
                is_of_one_cause: true,
                help: None,
            }),
            ..Diagnostic::new(code::UNREADABLE, row).note(format!("of {row}"))
        };
        let all = [found("`a`", 0), found("`cause`", 1), found("`b`", 0)];
        let shown = gathered(&all, &SourceMap::default());
        let shown: Vec<_> = shown.iter().map(|it| (it.message.as_str(), it.notes.clone())).collect();
        assert_eq!(shown, [("`cause`", vec!["of `cause`".to_owned(), "and so also `a` and `b`".to_owned()])]);
    }

    #[test]
    fn only_what_says_the_same_becomes_one() {
        let found = |message: &str, weight, row: &str| Diagnostic {
            alike: Some(Alike {
                message: message.to_owned(),
                row: row.to_owned(),
                weight,
                ..Alike::default()
            }),
            ..Diagnostic::new(code::UNREADABLE, row).note("of all").note(format!("of {row}")).help("do this")
        };
        let all = [
            found("{count} of `a`", 1, "one"),
            found("{count} of `b`", 1, "alone"),
            Diagnostic::new(code::UNREADABLE, "no such thing"),
            found("{count} of `a`", 3, "two"),
        ];
        let shown = gathered(&all, &SourceMap::default());
        let shown: Vec<_> =
            shown.iter().map(|it| (it.message.as_str(), it.notes.clone(), it.help.len())).collect();
        let text = |text: &str| text.to_owned();
        assert_eq!(
            shown,
            [
                ("2 of `a`", vec![text("two\none"), text("of all")], 1),
                ("alone", vec![text("of all"), text("of alone")], 1),
                ("no such thing", vec![], 0),
            ]
        );
    }
}
