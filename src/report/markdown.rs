//! A summary in Markdown, for the page of a CI job or a comment.
//!
//! Differs from `human`: no excerpts, and nothing out of an artifact can become a link, a mention or markup.

use std::collections::BTreeSet;
use std::io;

use super::alike::gathered;
use super::change_words::{WholeSort, breaks, heading, version, whole};
use super::place::FilePlace;
use super::{Answer, ArtifactRow, Counts, GraphFormat, Outcome, hosts_page, write_graphs};
use crate::check::{ChangeKind, Changes};
use crate::diag::{Diagnostic, Severity, escape, quoted};
use crate::policy::{Capabilities, PowerChange, SupportKind, Why};
use crate::source::SourceMap;

/// Writes the summary of `outcome`.
///
/// # Errors
/// Any error of `out`.
pub fn write(outcome: &Outcome, out: &mut dyn io::Write) -> io::Result<()> {
    if let (Some(Answer::Hosts(profiles)), true) = (&outcome.answer, outcome.diagnostics.is_empty()) {
        return hosts_page::write(profiles, out);
    }
    let counts = Counts::of(&outcome.diagnostics);
    writeln!(out, "### witc: {}", counts.tally().unwrap_or_else(|| "no problems".to_owned()))?;
    if !outcome.diagnostics.is_empty() {
        writeln!(out, "\n| | where | what |\n|---|---|---|")?;
    }
    for diagnostic in gathered(&outcome.diagnostics, &outcome.sources) {
        finding(&diagnostic, &outcome.sources, out)?;
    }
    for artifact in &outcome.artifacts {
        made(artifact, out)?;
    }
    match &outcome.answer {
        Some(Answer::Capabilities(answers)) => answers.iter().try_for_each(|answer| power(answer, out)),
        Some(Answer::Graphs(graphs)) => {
            code_block(&write_graphs(graphs, GraphFormat::Text { width: 100 }), out)
        }
        Some(Answer::Why(answers)) => answers.iter().try_for_each(|answer| why(answer, out)),
        Some(Answer::Wit(text) | Answer::Policy(text)) => code_block(text, out),
        Some(Answer::Fits(fits)) => hosts_page::write_fits(fits, out),
        Some(Answer::Deployment(row)) => {
            let texts = row.files.iter().filter_map(|file| Some((&file.path, file.text.as_deref()?)));
            texts.into_iter().try_for_each(|(path, text)| {
                writeln!(out, "`{path}`\n")?;
                code_block(text, out)
            })
        }
        Some(Answer::Changes(changes, powers)) => changed(changes, powers, out),
        Some(Answer::Hosts(_)) | None => Ok(()),
    }
}

/// What changed, a table for each interface.
fn changed(changes: &Changes, powers: &[PowerChange], out: &mut dyn io::Write) -> io::Result<()> {
    let mut told = BTreeSet::new();
    for group in &changes.groups {
        if let Some(sort) = whole(group) {
            if told.insert(sort) {
                changed_wholes(sort, changes, out)?;
            }
            continue;
        }
        writeln!(
            out,
            "\n#### {}\n\n| | piece | was | is | breaks |\n|---|---|---|---|---|",
            prose(&heading(group))
        )?;
        for change in &group.changes {
            let sign = sign(change.kind);
            let state = |text: &Option<String>| text.as_deref().map(code).unwrap_or_default();
            let piece = if change.piece.is_empty() { "all of it".to_owned() } else { prose(&change.piece) };
            let (before, after) = (state(&change.before), state(&change.after));
            writeln!(out, "| {sign} | {piece} | {before} | {after} | {} |", breaks(change))?;
        }
    }
    if !powers.is_empty() {
        writeln!(out, "\n| | capability | severity | through |\n|---|---|---|---|")?;
    }
    for power in powers {
        let sign = if power.is_gained { "+" } else { "−" };
        let imports: Vec<String> = power.imports.iter().map(|import| code(import)).collect();
        writeln!(out, "| {sign} | {} | {} | {} |", code(&power.class), power.severity, imports.join(", "))?;
    }
    if !changes.groups.is_empty() {
        writeln!(out, "\n**Needs a {} step of version.**", changes.bump.word())?;
    }
    for step in &changes.steps {
        writeln!(out, "\n{}", prose(version(step).trim()))?;
    }
    Ok(())
}

/// What is new or gone as a whole.
fn changed_wholes(sort: WholeSort<'_>, changes: &Changes, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "\n#### {}\n\n| | name | breaks |\n|---|---|---|", prose(&sort.heading()))?;
    for group in changes.groups.iter().filter(|group| whole(group) == Some(sort)) {
        for change in &group.changes {
            writeln!(out, "| {} | {} | {} |", sign(change.kind), code(group.name()), breaks(change))?;
        }
    }
    Ok(())
}

fn sign(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Added => "+",
        ChangeKind::Removed => "−",
        ChangeKind::Changed => "~",
    }
}

fn finding(diagnostic: &Diagnostic, sources: &SourceMap, out: &mut dyn io::Write) -> io::Result<()> {
    let word = match diagnostic.severity {
        Severity::Error => "**error**",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let place = FilePlace::of(diagnostic, sources).map_or(String::new(), |place| code(&place.to_string()));
    let mut what = vec![prose(&diagnostic.message)];
    for label in diagnostic.labels.iter().filter(|label| !label.text.is_empty()) {
        let other = FilePlace::of_label(label, sources).filter(|_| !label.primary);
        let other = other.map_or(String::new(), |place| format!("{}: ", code(&place.to_string())));
        let text = format!("{other}{}", prose(&label.text));
        if !what.contains(&text) {
            what.push(text);
        }
    }
    what.extend(diagnostic.notes.iter().map(|note| format!("*note:* {}", prose(note))));
    what.extend(diagnostic.help.iter().map(|help| format!("*help:* {}", prose(help))));
    what.push(code(diagnostic.code.as_str()));
    writeln!(out, "| {word} | {place} | {} |", what.join("<br>"))
}

fn made(artifact: &ArtifactRow, out: &mut dyn io::Write) -> io::Result<()> {
    let path = artifact.path.as_ref().map_or("standard output".to_owned(), |path| path.display().to_string());
    writeln!(out, "\n#### {}\n", code(&path))?;
    let digest = artifact.sha256.as_ref().map(|digest| format!(", SHA-256 {}", code(digest)));
    writeln!(out, "{} bytes{}\n", artifact.bytes, digest.unwrap_or_default())?;
    writeln!(out, "| provider | interface | user |\n|---|---|---|")?;
    for wire in &artifact.wires {
        let provider = wire.provider.as_deref().map_or("*host*".to_owned(), code);
        let alias = wire.alias().map(|alias| format!(" as {}", code(alias))).unwrap_or_default();
        writeln!(out, "| {provider} | {} | {}{alias} |", code(&wire.export), code(&wire.user))?;
    }
    Ok(())
}

fn power(capabilities: &Capabilities, out: &mut dyn io::Write) -> io::Result<()> {
    if let Some(whole) = &capabilities.whole {
        writeln!(out, "\n#### {} as a whole can use\n", code(&capabilities.name))?;
        writeln!(out, "| severity | interface | what it allows | by |\n|---|---|---|---|")?;
        for row in whole.rows.iter().filter(|row| row.severity != "none") {
            let parts: Vec<String> = row.parts.iter().map(|part| code(part)).collect();
            let (severity, power) = (prose(&row.severity), prose(&row.power));
            writeln!(out, "| {severity} | {} | {power} | {} |", code(&row.interface), parts.join(", "))?;
        }
        for warning in &whole.warnings {
            writeln!(out, "\n**together:** {}", prose(warning))?;
        }
    }
    for instance in &capabilities.instances {
        writeln!(out, "\n#### {} can use\n", code(&instance.name))?;
        writeln!(out, "| severity | interface | what it allows | how reached |\n|---|---|---|---|")?;
        for row in &instance.rows {
            let (severity, reached) = (prose(&row.severity), prose(&row.reached));
            writeln!(out, "| {severity} | {} | {} | {reached} |", code(&row.interface), prose(&row.power))?;
        }
        for warning in &instance.warnings {
            writeln!(out, "\n**together:** {}", prose(warning))?;
        }
    }
    Ok(())
}

fn why(why: &Why, out: &mut dyn io::Write) -> io::Result<()> {
    if why.answers.is_empty() {
        return writeln!(out, "\n{} does not import {}", code(&why.name), code(&why.capability));
    }
    for answer in &why.answers {
        writeln!(
            out,
            "\n#### {} and {}: {}\n",
            code(&answer.instance),
            code(&answer.capability),
            answer.verdict
        )?;
        for step in &answer.witness {
            writeln!(out, "1. {} {} in {}", step.kind, code(&step.name), code(&step.instance))?;
        }
        if let Some(support) = &answer.support {
            let how = match support.kind {
                SupportKind::Engine | SupportKind::EmptyProgram => "unseen",
                SupportKind::Likely => "likely",
            };
            let (evidence, fix) = (prose(&support.evidence), prose(&support.fix));
            writeln!(out, "\n**{how}:** {evidence}; to be rid of it, {fix}")?;
        }
    }
    Ok(())
}

/// A block of code, in a fence that is longer than any within it.
fn code_block(text: &str, out: &mut dyn io::Write) -> io::Result<()> {
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    writeln!(out, "\n{fence}\n{}\n{fence}", text.trim_end())
}

/// Text between which names stand in backticks: the names become code, all else is plain.
fn prose(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let pieces: Vec<&str> = line.split('`').collect();
        if pieces.len().is_multiple_of(2) {
            return plain(line); // a backtick too many: it is not clear what is a name
        }
        let shown = pieces.iter().enumerate().map(|(index, piece)| match index % 2 {
            0 => plain(piece),
            _ => code(piece),
        });
        shown.collect::<String>()
    });
    lines.collect::<Vec<_>>().join("<br>")
}

/// Code in a cell of a table.
fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { quoted(text).replace('|', "\\|") }
}

/// Text that means nothing to Markdown, HTML or GitHub.
fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let text = escape(text);
    for (at, character) in text.char_indices() {
        match character {
            '<' => shown.push_str("&lt;"),
            '&' => shown.push_str("&amp;"),
            '@' => shown.push_str("&#64;"),
            '#' => shown.push_str("&#35;"),
            ':' if text[at..].starts_with("://") => shown.push_str("&#58;"),
            '.' if text[..at].ends_with("www") => shown.push_str("&#46;"),
            '\\' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '`' => {
                shown.push('\\');
                shown.push(character);
            }
            _ => shown.push(character),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(prose(text), expected);
    }

    #[test]
    fn text_cannot_become_markup() {
        check("`a|b` is not `c`", "`a\\|b` is not `c`");
        check("see [x](y) <b> @you #1", "see \\[x\\](y) &lt;b> &#64;you &#35;1");
        check("one ` alone | *", "one \\` alone \\| \\*");
        check("a\nhttp://b", "a<br>http&#58;//b");
    }
}
