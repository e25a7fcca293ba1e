//! Lines of policy text, exactly as they are to be pasted.
//!
//! Differs from `init.rs`, which makes a whole policy out of such lines.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::capability::Capability;
use super::taxonomy::{Entry, Severity};
use crate::config::Pattern;
use crate::diag::escape;
use crate::model::short_function_name;

/// A text as TOML writes it, on one line and harmless in a terminal.
pub(super) fn string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        let mut buffer = [0; 4];
        let plain = character.encode_utf8(&mut buffer);
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            _ if *escape(plain) == *plain => quoted.push(character),
            _ => {
                let _ = write!(quoted, "\\U{:08X}", u32::from(character));
            }
        }
    }
    quoted.push('"');
    quoted
}

/// A key as TOML writes it.
pub(super) fn key(name: &str) -> String {
    let is_bare = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if is_bare { name.to_owned() } else { string(name) }
}

/// A list of texts.
pub(super) fn list<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let texts: Vec<_> = texts.into_iter().map(string).collect();
    format!("[{}]", texts.join(", "))
}

/// The pattern of the import that capabilities belong to.
pub(super) fn pattern(capability: &Capability) -> String {
    Pattern::exactly(&capability.name.without_function()).to_string()
}

/// The names of functions as a policy writes them.
pub(super) fn functions<'c>(capabilities: &[&'c Capability]) -> Vec<&'c str> {
    capabilities.iter().filter_map(|it| it.name.function.as_deref()).map(short_function_name).collect()
}

/// A grant of some functions of one import, as a table of its own.
pub(super) fn grant(component: &str, capabilities: &[&Capability], reason: &str) -> String {
    let Some(first) = capabilities.first() else { return String::new() };
    let mut text = format!("[[component.{}.grant]]\ncap = {}\n", key(component), string(&pattern(first)));
    let functions = functions(capabilities);
    if !functions.is_empty() {
        let _ = writeln!(text, "functions = {}", list(functions));
    }
    let _ = write!(text, "reason = {}", string(reason));
    text
}

/// What accepts that a component breaks a rule with these capabilities, as a table of its own.
pub(super) fn exception(rule: &str, component: &str, caps: &BTreeSet<String>) -> String {
    let caps = match caps.len() {
        0..=2 => list(caps.iter().map(String::as_str)),
        _ => {
            let lines: String = caps.iter().map(|cap| format!("    {},\n", string(cap))).collect();
            format!("[\n{lines}]")
        }
    };
    format!(
        "[[exception]]\nrule = {}\ncomponent = {}\ncaps = {caps}\nreason = \"…\"",
        string(rule),
        string(component)
    )
}

/// What names the hosts of a composition, the table of one of them included.
pub(super) fn hosts<'h>(
    composition: &str,
    hosts: impl IntoIterator<Item = &'h str>,
    name: &str,
    profile: &str,
) -> String {
    let (composition, hosts) = (key(composition), list(hosts));
    format!(
        "[composition.{composition}]\nhosts = {hosts}\n\n[host.{}]\nprofile = {}",
        key(name),
        string(profile)
    )
}

/// The entry of `allow` for some functions of one import: the import alone, where what else it has hardly matters.
pub(super) fn entry(of: Option<&Entry>, capabilities: &[&Capability]) -> String {
    let Some(first) = capabilities.first() else { return String::new() };
    let cap = string(&pattern(first));
    let functions = functions(capabilities);
    let beyond = of.and_then(|of| of.gravest_beyond(&functions));
    if beyond.is_some_and(|beyond| beyond >= Severity::Medium) {
        format!("{{ cap = {cap}, functions = {} }}", list(functions))
    } else {
        cap
    }
}

/// What to add so that a component may use some functions of one import: an entry of `allow` for what hardly matters,
/// else a grant with a reason.
pub(super) fn allow(
    component: &str,
    has_section: bool,
    of: Option<&Entry>,
    capabilities: &[&Capability],
) -> String {
    let gravest = capabilities.iter().map(|it| it.rating.severity).max().unwrap_or_default();
    let (key, entry) = (key(component), entry(of, capabilities));
    if gravest >= Severity::Medium {
        format!("if it may, add to the policy:\n\n{}", grant(component, capabilities, "…"))
    } else if has_section {
        format!("if it may, add to `allow` of `[component.{key}]`: {entry}")
    } else {
        format!("if it may, add to the policy:\n\n[component.{key}]\nallow = [{entry}]")
    }
}

/// The same for functions of several imports, in one block.
pub(super) fn allow_all(
    component: &str,
    has_section: bool,
    imports: &[(Option<&Entry>, Vec<&Capability>)],
) -> String {
    let gravest = |capabilities: &[&Capability]| capabilities.iter().map(|it| it.rating.severity).max();
    let (grave, light): (Vec<_>, Vec<_>) =
        imports.iter().partition(|(_, capabilities)| gravest(capabilities) >= Some(Severity::Medium));
    let entries: Vec<String> =
        light.iter().map(|(of, capabilities)| format!("    {},", entry(*of, capabilities))).collect();
    let section = format!("[component.{}]", key(component));
    let mut text = String::from("what may be imported, add to the policy; leave out what may not:\n");
    if has_section && !entries.is_empty() {
        let _ = write!(text, "\n# in `allow` of {section}\n{}\n", entries.join("\n"));
    } else if !has_section {
        let _ = write!(
            text,
            "\n{section}\nallow = [{}{}]\n",
            if entries.is_empty() { "" } else { "\n" },
            entries.iter().map(|it| format!("{it}\n")).collect::<String>()
        );
    }
    for (_, capabilities) in grave {
        let _ = write!(text, "\n{}\n", grant(component, capabilities, "…"));
    }
    text.truncate(text.trim_end().len());
    text
}
