//! Cap'n Proto's text form, as far as a configuration of workerd needs it.
//!
//! Differs from `value.rs`, whose formats have serialising libraries: this one has none.

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Capnp {
    /// A text, written in quotes.
    Text(String),
    /// The name of a constant, as it is.
    Name(&'static str),
    /// A list.
    List(Vec<Capnp>),
    /// A struct, its fields in order.
    Struct(Vec<(&'static str, Capnp)>),
}

impl Capnp {
    /// A text.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The value on as many lines as it needs, the next ones indented by `depth` steps.
    pub(super) fn write(&self, depth: usize) -> String {
        let pad = "  ".repeat(depth + 1);
        let close = "  ".repeat(depth);
        match self {
            Self::Text(text) => quoted(text),
            Self::Name(name) => (*name).to_owned(),
            Self::List(values) if values.is_empty() => "[]".to_owned(),
            Self::List(values) if values.iter().all(|value| matches!(value, Self::Text(_))) => {
                format!("[{}]", values.iter().map(|value| value.write(0)).collect::<Vec<_>>().join(", "))
            }
            Self::List(values) => {
                let lines: Vec<String> =
                    values.iter().map(|value| format!("{pad}{}", value.write(depth + 1))).collect();
                format!("[\n{},\n{close}]", lines.join(",\n"))
            }
            Self::Struct(fields) if fields.iter().all(|(_, value)| value.is_short()) => {
                let fields: Vec<String> =
                    fields.iter().map(|(name, value)| format!("{name} = {}", value.write(0))).collect();
                format!("({})", fields.join(", "))
            }
            Self::Struct(fields) => {
                let lines: Vec<String> = fields
                    .iter()
                    .map(|(name, value)| format!("{pad}{name} = {}", value.write(depth + 1)))
                    .collect();
                format!("(\n{},\n{close})", lines.join(",\n"))
            }
        }
    }

    /// Whether it goes on one line with others.
    fn is_short(&self) -> bool {
        match self {
            Self::Text(_) | Self::Name(_) => true,
            Self::List(values) => values.iter().all(|value| matches!(value, Self::Text(_))),
            Self::Struct(fields) => fields.iter().all(|(_, value)| value.is_short()),
        }
    }
}

/// A text in quotes: what is no visible ASCII is written as the bytes of its UTF-8.
fn quoted(text: &str) -> String {
    let mut quoted = "\"".to_owned();
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => {
                quoted.push('\\');
                quoted.push(char::from(byte));
            }
            b' '..=b'~' => quoted.push(char::from(byte)),
            other => quoted.push_str(&format!("\\x{other:02x}")),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_cannot_leave_their_quotes() {
        assert_eq!(quoted("a\", b = \"\\"), r#""a\", b = \"\\""#);
        assert_eq!(quoted("a\nü"), r#""a\x0a\xc3\xbc""#);
    }

    #[test]
    fn what_is_long_has_lines() {
        let short = Capnp::Struct(vec![("name", Capnp::text("x")), ("worker", Capnp::Name(".x"))]);
        assert_eq!(short.write(0), r#"(name = "x", worker = .x)"#);
        let list = Capnp::List(vec![short.clone(), short]);
        assert_eq!(list.write(0), "[\n  (name = \"x\", worker = .x),\n  (name = \"x\", worker = .x),\n]");
    }
}
