//! Tries to break out of every format: with names that would drive a terminal, start a workflow command, become a link, a
//! mention or markup, or end a cell, an attribute or a string.
//!
//! Differs from the tests beside each format, which look at single escapes: here all of them get the same names, everywhere a
//! name can stand. A test only.

use super::json::parsed;
use super::*;
use crate::diag::{About, Accepted, Alike, Label, Named, WayStep, Waypoint, code, quoted};
use crate::source::{Origin, Span};

/// Names as an artifact or a policy can hold them.
const NAMES: &[&str] = &[
    "\u{1b}[31m\u{1b}]0;title\u{7}",
    "a\n::error file=x::y\n::set-output name=a::b\r\n##[add-mask]z",
    "100%0A::stop-commands::t",
    "a|b [x](http://y) ![i](j) <img src=q onerror=r> @you #1 www.z.de ` `` \\",
    "\"/></testcase><failure>&lt; ]]> '",
    "\u{202e}\u{2066}\u{200b}\u{feff}\u{2028}\u{fffe}\u{e0041}",
    "\\\",\"level\":\"none",
];

/// An outcome in which every text is harmful.
fn hostile(name: &str) -> Outcome {
    let mut outcome = Outcome::default();
    let file = outcome.sources.add(name, Origin::File(name.into()), format!("one\n{name}\n"));
    let label = Label::primary(Span::new(file, 4, 5), name);
    let about = About {
        names: vec![Named { kind: "component", name: name.to_owned() }],
        also_in: Vec::new(),
        way: vec![Waypoint {
            step: WayStep {
                instance: name.to_owned(),
                kind: "function",
                name: name.to_owned(),
                module: name.to_owned(),
            },
            text: name.to_owned(),
            span: Some(label.span),
        }],
        is_known: Some(true),
    };
    for severity in [Severity::Error, Severity::Warning, Severity::Warning] {
        let alike =
            Alike { message: format!("{{count}} of {name}"), row: name.to_owned(), ..Alike::default() };
        let found = Diagnostic::new(code::UNUSED_GRANT, format!("of {} and {name}", quoted(name)))
            .label(label.clone())
            .label(Label::secondary(label.span, name))
            .note(name)
            .help(name)
            .one_of_many(alike);
        outcome.diagnostics.push(Diagnostic { severity, about: about.clone(), ..found });
    }
    let (message, reason) = (name.to_owned(), name.to_owned());
    outcome.accepted.push(Accepted { code: code::WIDE_GRANT, message, span: label.span, reason, about });
    outcome.looked_at.push(Looked { noun: "component", name: name.to_owned() });
    outcome
}

fn written(name: &str, write: fn(&Outcome, &mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&hostile(name), &mut out).expect("memory takes all");
    let text = String::from_utf8(out).expect("it is text");
    let is_bad = |it: char| {
        it != '\n' && (it.is_control() || "\u{202e}\u{2066}\u{200b}\u{feff}\u{2028}\u{e0041}".contains(it))
    };
    assert!(!text.contains(is_bad), "{name:?}:\n{text:?}");
    text
}

#[test]
fn no_name_starts_a_workflow_command() {
    for name in NAMES {
        let text = written(name, write_github);
        for line in text.lines() {
            let is_ours = ["::error ", "::warning "].iter().any(|start| line.starts_with(start));
            assert!(is_ours && line.matches("title=policy/unused-grant::").count() == 1, "{line}");
        }
        assert_eq!(text.lines().count(), 2, "{text}"); // the warnings are alike
    }
}

#[test]
fn no_name_becomes_markup() {
    for name in NAMES {
        let text = written(name, write_markdown);
        let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).skip(2).collect();
        assert_eq!(rows.len(), 2, "{text}");
        for row in rows {
            // Names in backticks show what they are; everything else must mean nothing.
            let bare: String = outside_of_code(row).replace("\\]", "");
            assert!(!bare.contains("](") && !bare.contains("<img") && !bare.contains("@you"), "{bare}");
            assert_eq!(row.replace("\\|", "").matches('|').count(), 4, "{row}");
        }
    }
}

/// A row without what stands in backticks.
fn outside_of_code(row: &str) -> String {
    let row = row.replace("\\`", "");
    row.split('`').step_by(2).collect()
}

#[test]
fn no_name_leaves_its_string_or_its_attribute() {
    for name in NAMES {
        for write in [write_json, write_sarif, write_gitlab] {
            let text = written(name, write);
            let value = parsed(&text);
            assert!(!value.to_string().contains("\"level\":\"none\""), "{text}");
        }
        let text = written(name, write_junit);
        assert_eq!(text.matches("<testcase").count(), 4, "{text}");
        assert_eq!(text.matches("<failure").count(), 1, "{text}");
        assert!(!text.contains("]]>") && !text.contains('\u{fffe}'), "{text}");
    }
}

#[test]
fn code_quality_reports_are_as_gitlab_asks() {
    let text = written("a name", write_gitlab);
    let issues = parsed(&text);
    let issues = issues.as_array().expect("a list");
    let mut fingerprints = std::collections::BTreeSet::new();
    for issue in issues {
        for key in ["description", "check_name", "fingerprint"] {
            assert!(issue[key].as_str().is_some_and(|text| !text.is_empty()), "{issue}");
        }
        let severity = issue["severity"].as_str().unwrap_or_default();
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity), "{issue}");
        let path = issue["location"]["path"].as_str().unwrap_or_default();
        assert!(!path.is_empty() && !path.starts_with("./"), "{issue}");
        assert!(issue["location"]["lines"]["begin"].as_u64().is_some_and(|line| line > 0), "{issue}");
        assert!(fingerprints.insert(issue["fingerprint"].to_string()), "twice: {issue}");
    }
    assert_eq!(issues.len(), 3);
}
