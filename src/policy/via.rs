//! What a component may have done through a peer, as it is to be written in the policy: with what stands there already.
//!
//! Differs from `paste.rs`, whose lines have no other line in their way.

use super::paste;
use crate::config::ComponentRules;
use crate::diag::quoted;
use crate::source::SourceMap;

/// All that is to stand in `via.PEER` of a component.
pub(super) struct Via {
    component: String,
    /// The key with its list.
    text: String,
    /// What to do with the text, where the key is there already.
    place: Option<String>,
}

impl Via {
    /// Of the rules of a component, what they say about a peer so far, and what is missing.
    pub(super) fn with(
        missing: &[String],
        (component, peer): (&str, &str),
        rules: Option<&ComponentRules>,
        sources: &SourceMap,
    ) -> Self {
        let there = rules.and_then(|rules| rules.via.iter().find(|(name, _)| name.as_str() == peer));
        let own = there.into_iter().flat_map(|(_, own)| own).map(|selector| selector.value.to_string());
        let mut entries: Vec<String> = Vec::new();
        for entry in own.chain(missing.iter().cloned()) {
            if !entries.contains(&entry) {
                entries.push(entry);
            }
        }
        let list = paste::list(entries.iter().map(String::as_str));
        let component = component.to_owned();
        let Some((key, selectors)) = there else {
            return Self { component, text: format!("via.{} = {list}", paste::key(peer)), place: None };
        };
        let source = sources.get(key.span.source);
        let start = source.text[..key.span.start].rfind('\n').map_or(0, |newline| newline + 1);
        let last = selectors.last().map_or(key.span.end, |selector| selector.span.end);
        let end = source.text[last..].find(']').map_or(last, |bracket| last + bracket);
        let line = |at| sources.position(key.span.source, at).line;
        let lines = match (line(key.span.start), line(end)) {
            (first, last) if first == last => format!("line {first}"),
            (first, last) => format!("lines {first} to {last}"),
        };
        let lines = format!("{lines} of {}", quoted(&source.name));
        let before = &source.text[start..key.span.start];
        // A table within braces has more on its line than this key.
        let is_alone = !before.contains(['{', ',']);
        let start = if is_alone { start } else { key.span.start };
        let text = format!("{} = {list}", source.text[start..key.span.end].trim());
        let place = if is_alone { format!("replace {lines} by") } else { format!("change on {lines}") };
        Self { component, text, place: Some(place) }
    }

    /// What to do `when` it is meant.
    pub(super) fn help(&self, when: &str) -> String {
        let what = match &self.place {
            Some(place) => place.clone(),
            None => format!("add to `[component.{}]`", paste::key(&self.component)),
        };
        format!("{when}, {what}:\n\n{}", self.text)
    }
}
