//! A value that is written as YAML, TOML or JSON, in the order in which it was put together.
//!
//! Differs from the forms, which know what the keys mean, and from `capnp.rs`, whose format no library writes.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A text.
    Text(String),
    /// A number.
    Number(u64),
    /// A truth value.
    Flag(bool),
    /// A list.
    List(Vec<Value>),
    /// Keys with values, in order.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// A text.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A list of texts.
    pub(super) fn texts(texts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::List(texts.into_iter().map(|text| Self::Text(text.into())).collect())
    }

    /// Keys with values.
    pub(super) fn map<const N: usize>(entries: [(&str, Self); N]) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// A map of the entries.
    pub(super) fn named(entries: impl IntoIterator<Item = (String, Self)>) -> Self {
        Self::Map(entries.into_iter().collect())
    }

    /// No entries yet.
    pub(super) fn empty() -> Self {
        Self::Map(Vec::new())
    }

    /// The same with another key at its end, unless the value is an empty list or map.
    #[must_use]
    pub(super) fn and(self, key: &str, value: Self) -> Self {
        if value.is_empty() { self } else { self.and_always(key, value) }
    }

    /// The same with another key at its end, also for an empty list or map.
    #[must_use]
    pub(super) fn and_always(self, key: &str, value: Self) -> Self {
        let Self::Map(mut entries) = self else { return self };
        entries.push((key.to_owned(), value));
        Self::Map(entries)
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::List(values) => values.is_empty(),
            Self::Map(entries) => entries.is_empty(),
            Self::Text(_) | Self::Number(_) | Self::Flag(_) => false,
        }
    }

    /// As YAML, after a line that says where it is from.
    pub(super) fn yaml(&self) -> String {
        let text = serde_saphyr::to_string(self).expect("texts, lists and maps with texts as keys are YAML");
        format!("# {MADE_BY}\n{}\n", text.trim_end())
    }

    /// As TOML, after a line that says where it is from.
    pub(super) fn toml(&self) -> String {
        let text = toml::to_string_pretty(self).expect("texts, lists and maps with texts as keys are TOML");
        format!("# {MADE_BY}\n{}", if text.is_empty() { String::new() } else { format!("\n{text}") })
    }

    /// As JSON.
    pub(super) fn json(&self) -> String {
        let text =
            serde_json::to_string_pretty(self).expect("texts, lists and maps with texts as keys are JSON");
        text + "\n"
    }

    /// As a module of JavaScript that exports `name`, after a line that says where it is from.
    pub(super) fn javascript(&self, name: &str) -> String {
        // U+2028 and U+2029 end a line of JavaScript, and not one of JSON.
        let json = self.json().replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
        format!("// {MADE_BY}\nexport const {name} = {};\n", json.trim_end())
    }
}

/// The first line of what witc writes.
pub(super) const MADE_BY: &str =
    "Made by `witc emit`. Change the composition or the policy, and make it anew.";

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_u64(*number),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::List(values) => {
                let mut list = serializer.serialize_seq(Some(values.len()))?;
                values.iter().try_for_each(|value| list.serialize_element(value))?;
                list.end()
            }
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                entries.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
                map.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a: b # c\n- \"d\" {{x}} '''\u{7}\u{2028}\t";

    fn value() -> Value {
        Value::map([
            ("version", Value::text("1.0")),
            ("on", Value::text("yes")),
            ("hostile", Value::text(HOSTILE)),
            ("list", Value::texts(["null", "0x10", "~", "- a", "1e3", "2026-11-22", "", " b "])),
            ("table", Value::map([("n", Value::Number(1)), ("flag", Value::Flag(true))])),
            ("after", Value::text("*.x")),
            ("a: b", Value::texts(["k"])),
        ])
    }

    #[test]
    fn texts_that_look_like_something_else_stay_texts() {
        let expected = serde_json::to_value(value()).expect("it is JSON");
        let toml: serde_json::Value = toml::from_str(&value().toml()).expect("it is TOML");
        assert_eq!(toml, expected);
        let yaml: serde_json::Value = serde_saphyr::from_str(&value().yaml()).expect("it is YAML");
        assert_eq!(yaml, expected, "{}", value().yaml());
        let json: serde_json::Value = serde_json::from_str(&value().json()).expect("it is JSON");
        assert_eq!(json, expected);
        assert!(!value().javascript("x").contains('\u{2028}'));
    }

    #[test]
    fn what_is_empty_is_left_out() {
        let value =
            Value::empty().and("a", Value::texts([""; 0])).and("b", Value::empty()).and("c", Value::text(""));
        assert_eq!(value, Value::map([("c", Value::text(""))]));
    }
}
