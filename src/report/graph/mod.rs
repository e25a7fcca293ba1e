//! Shows compositions as graphs: one file for each format.
//!
//! Differs from the other reports, which show what a run found: this is the answer to `witc graph`.

mod dot;
mod html;
mod json;
mod layout;
mod mermaid;
mod sheet;
mod svg;
mod text;

pub(super) use json::JsonGraph;

use super::xml::xml;
use crate::model::Graph;

/// How graphs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GraphFormat {
    /// Lines for people.
    Text {
        /// The columns that a line may have.
        width: usize,
    },
    /// The language of Graphviz.
    Dot,
    /// A flowchart of Mermaid, as Markdown pages show it.
    Mermaid,
    /// A picture.
    Svg,
    /// A page that needs nothing else: the picture and a table.
    Html,
}

/// Graphs in a format, with a line feed at the end.
pub fn write_graphs(graphs: &[Graph], format: GraphFormat) -> String {
    match format {
        GraphFormat::Text { width } => text::write(graphs, width),
        GraphFormat::Dot => dot::write(graphs),
        GraphFormat::Mermaid => mermaid::write(graphs),
        GraphFormat::Svg => svg::write(graphs),
        GraphFormat::Html => html::write(graphs),
    }
}

/// A text of at most `most` characters: its middle is left out, so that the ends stay readable.
fn shortened(text: &str, most: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        return text.to_owned();
    }
    let (start, end) = (most / 2, most - most / 2 - 1);
    let start: String = text.chars().take(start).collect();
    let end: String = text.chars().skip(count - end).collect();
    format!("{start}…{end}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{GraphComponent, GraphInstance, GraphItem, GraphSource, Sort};

    /// A composition with a name of every harmful kind.
    fn hostile() -> Graph {
        let name = "\"]; <script>alert(1)</script> `x` #35; \\ \u{1b}[31m \u{202e}\n{}|&'".to_owned();
        let item = |from| GraphItem { name: name.clone(), sort: Sort::Instance, from };
        let outside = GraphSource::Import(vec![name.clone()]);
        let instance = GraphInstance {
            name: name.clone(),
            component: Some(1),
            arguments: vec![item(outside), item(GraphSource::Own)],
        };
        let whole = GraphComponent {
            imports: vec![name.clone()],
            exports: vec![item(GraphSource::Instance(0, vec!["other".to_owned()]))],
            instances: vec![instance],
            ..GraphComponent::default()
        };
        Graph { name, components: vec![whole, GraphComponent::default()], record: None }
    }

    #[test]
    fn no_name_can_leave_its_place() {
        for format in [
            GraphFormat::Text { width: 80 },
            GraphFormat::Dot,
            GraphFormat::Mermaid,
            GraphFormat::Svg,
            GraphFormat::Html,
        ] {
            let text = write_graphs(&[hostile()], format);
            assert!(!text.contains(['\u{1b}', '\u{202e}']), "{format:?}: {text}");
            match format {
                GraphFormat::Text { .. } => {}
                GraphFormat::Dot => assert!(text.contains(r#"label="\"]; <script>"#), "{text}"),
                GraphFormat::Mermaid => assert!(text.contains("#quot;]#59; #lt;script#gt;"), "{text}"),
                GraphFormat::Svg | GraphFormat::Html => assert!(!text.contains("<script"), "{text}"),
            }
        }
    }

    #[test]
    fn long_names_lose_their_middle() {
        assert_eq!(shortened("abcdefghij", 10), "abcdefghij");
        assert_eq!(shortened("abcdefghijk", 10), "abcde…hijk");
        assert_eq!(shortened("ääääääää", 5), "ää…ää");
    }
}
