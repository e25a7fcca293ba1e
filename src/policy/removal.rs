//! Finds what must go from the text of a policy so that an entry is gone and everything else stays as it is.
//!
//! Differs from `paste.rs`, which makes text that is to be added.

use std::ops::Range;

/// The bytes to take out of a TOML text so that an element of a list, or a table `[[…]]` with all that belongs to it, is
/// gone. `entry` is the element, or the header of the table.
pub(super) fn removal(text: &str, entry: Range<usize>) -> Range<usize> {
    if text[entry.clone()].starts_with("[[") { table(text, &entry) } else { element(text, &entry) }
}

/// An element that has its lines for itself goes with them; another one goes with one comma. The comment right behind it goes
/// too: what would stand before it then is not what it speaks of.
fn element(text: &str, entry: &Range<usize>) -> Range<usize> {
    let line = line_start(text, entry.start)..line_end(text, entry.end);
    let before = &text[line.start..entry.start];
    let after = text[entry.end..line.end].trim_start();
    let after = after.strip_prefix(',').unwrap_or(after).trim_start();
    let is_last = after.is_empty() || after.starts_with('#');
    if before.trim().is_empty() && is_last {
        return line;
    }
    let has_comment = after.starts_with('#');
    let end_of_line = line.start + text[line.clone()].trim_end().len();
    let rest = &text[entry.end..];
    let space = |text: &str| text.len() - text.trim_start().len();
    if let Some(behind) = rest.trim_start().strip_prefix(',') {
        if has_comment {
            return line.start + before.trim_end().len()..end_of_line;
        }
        let end = text.len() - behind.len();
        // Up to the next element, but not into the next line.
        let gap = space(behind);
        let is_plain = !behind[..gap].contains('\n') && !behind.trim_start().starts_with(']');
        return entry.start..if is_plain { end + gap } else { end };
    }
    let end = if has_comment { end_of_line } else { entry.end };
    let ahead = text[..entry.start].trim_end();
    match ahead.strip_suffix(',') {
        Some(ahead) => ahead.len()..end,
        None => entry.start..end,
    }
}

/// A table goes with the comment right above it, with its keys, and with the tables below it.
fn table(text: &str, header: &Range<usize>) -> Range<usize> {
    let name = text[header.clone()].trim_matches(['[', ']']).trim();
    let mut start = line_start(text, header.start);
    while let Some(above) = start.checked_sub(1).map(|end| line_start(text, end))
        && text[above..start].trim_start().starts_with('#')
    {
        start = above;
    }
    let mut end = line_end(text, header.end);
    let mut next = end;
    let mut within: Option<&str> = None; // the quotes of a string that goes over several lines
    while next < text.len() {
        let line = &text[next..line_end(text, next)];
        let was_within = within;
        within = match within {
            Some(quotes) => Some(quotes).filter(|quotes| !line.contains(quotes)),
            None => ["\"\"\"", "'''"].into_iter().find(|quotes| line.matches(quotes).count() == 1),
        };
        if was_within.is_some() {
            next += line.len();
            end = next;
            continue;
        }
        let trimmed = line.trim_start();
        let below = trimmed.trim_start_matches('[').trim_start().strip_prefix(name);
        if trimmed.starts_with('[') && !below.is_some_and(|rest| rest.trim_start().starts_with('.')) {
            break;
        }
        next += line.len();
        // Blank lines and comments may belong to what comes after them.
        if !trimmed.trim_end().is_empty() && !trimmed.starts_with('#') {
            end = next;
        }
    }
    let behind = &text[end..];
    let blank =
        behind.split_inclusive('\n').take_while(|line| line.trim().is_empty()).map(str::len).sum::<usize>();
    end += blank;
    if end == text.len() {
        start = text[..start].trim_end().len();
        start = line_end(text, start.saturating_sub(1));
    }
    start..end
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// Where the line of a place ends, its line feed included.
fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |newline| at + newline + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes out what is between `<` and `>`.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let (start, end) = (text.find('<').expect("a mark"), text.find('>').expect("a mark") - 1);
        let mut text = text.replace(['<', '>'], "");
        text.replace_range(removal(&text, start..end), "");
        assert_eq!(text, expected);
    }

    #[test]
    fn elements_go_with_their_lines_or_with_a_comma() {
        check("a = [<'x'>, 'y']", "a = ['y']");
        check("a = ['x', <'y'>]", "a = ['x']");
        check("a = [<'x'>]", "a = []");
        check("a = ['x', <'y'>, 'z']", "a = ['x', 'z']");
        check(
            "a = [\n    'x', # why x\n    <'y'>, # why y\n    'z',\n]\n",
            "a = [\n    'x', # why x\n    'z',\n]\n",
        );
        check("a = [\n    'x',\n    <{ cap = 'y' }> # last\n]\n", "a = [\n    'x',\n]\n");
        check("a = ['x', <'y'>, # of y\n 'z']", "a = ['x',\n 'z']");
        check("a = ['x', <'y'>, # of y\r\n 'z']", "a = ['x',\r\n 'z']");
        check("a = [<'x'>, # of x\n 'z']", "a = [\n 'z']");
        check("a = ['x', <'y'> # of y\n]", "a = ['x'\n]");
        check("a = [<'y'> # of y\n]", "a = [\n]");
        check("a = [<'x'>, 'y', # of y\n 'z']", "a = ['y', # of y\n 'z']");
        check("a = [<'x'>,]", "a = []");
    }

    #[test]
    fn tables_go_with_what_belongs_to_them() {
        check(
            "[a]\n\n# of x\n<[[x]]>\nb = 1 # one\n[x.deep]\nc = 1\n\n# of y\n[y]\n",
            "[a]\n\n# of y\n[y]\n",
        );
        check("[a]\n\n# of x\n<[[x]]>\nb = 1\n", "[a]\n");
        check("[a]\n<[[x]]>\nb = '''\n[y]\n# c\n'''\n\n[z]\n", "[a]\n[z]\n");
        check("[a]\n<[[x]]>\nb = \"\"\"one line\"\"\"\n[z]\n", "[a]\n[z]\n");
        check("[a]\n# a word\n\n<[[x]]>\nb = 1\n\n[[x]]\nb = 2\n", "[a]\n# a word\n\n[[x]]\nb = 2\n");
    }
}
