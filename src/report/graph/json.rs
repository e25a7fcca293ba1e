//! A graph in the format `witc/1`; the comments are the descriptions in its schema.
//!
//! Differs from `report/json/document.rs`, which has the other keys of the document.

use serde::Serialize;

use crate::model::{
    Graph, GraphComponent, GraphInstance, GraphItem, GraphMember, GraphSource, LinkRecord, Providers,
    RecordDifference, RecordedFact, RecordedProvider,
};

/// A composition: the components that it is made of, and who provides what to whom.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Graph"))]
pub(in crate::report) struct JsonGraph<'o> {
    /// Its name.
    name: &'o str,
    /// What was written down when it was linked; null if nothing was.
    record: Option<JsonRecord<'o>>,
    /// Its components, each once; the first is the whole.
    components: Vec<JsonComponent<'o>>,
}

/// What was written down about a composition when it was linked.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "LinkRecord"))]
struct JsonRecord<'o> {
    /// The version of witc that linked it.
    witc: &'o str,
    /// The SHA-256 of the policy that it was linked under; null if there was none.
    policy: Option<&'o str>,
    /// The instances that were linked.
    instances: Vec<JsonRecorded<'o>>,
    /// What it says otherwise than the composition is; empty where all is as it was written down.
    differences: Vec<JsonDifference>,
}

/// Something that a record says otherwise than it is.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "RecordDifference"))]
struct JsonDifference {
    /// The name of the instance.
    instance: String,
    /// What differs.
    #[serde(flatten)]
    what: JsonFact,
}

/// A fact that a record has about an instance.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "RecordedFact"))]
#[serde(tag = "what", rename_all = "lowercase")]
enum JsonFact {
    /// That there is such an instance.
    Instance {
        /// Whether the record has it.
        recorded: bool,
        /// Whether the composition has it.
        found: bool,
    },
    /// The SHA-256 of its component.
    Sha256 {
        /// In the record.
        recorded: String,
        /// In truth; null where it has none: it uses types that lie around it, and is no file of its own.
        found: Option<String>,
    },
    /// Who provides what it imports.
    Wire {
        /// The name of the import.
        import: String,
        /// In the record; none if it has no such wire.
        recorded: Vec<JsonEnd>,
        /// In truth; none if there is no such wire.
        found: Vec<JsonEnd>,
    },
}

/// Who provides something, and its name there.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "RecordedProvider"))]
struct JsonEnd {
    /// What it is: `import` for the host.
    by: JsonProvider,
    /// The name of the instance, if it is one.
    provider: Option<String>,
    /// The name of its export, or of the import of the whole; null for the code of the whole, and where it cannot be told.
    export: Option<String>,
}

/// An instance that was linked.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "LinkedInstance"))]
struct JsonRecorded<'o> {
    /// Its name.
    name: &'o str,
    /// The SHA-256 of its component.
    sha256: &'o str,
}

/// A component: the whole, or one within it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "GraphComponent"))]
struct JsonComponent<'o> {
    /// The SHA-256 of the file that it is; null where that is not known.
    sha256: Option<&'o str>,
    /// The size of that file; null where it is not known.
    bytes: Option<u64>,
    /// Whether it has code of its own, beside that of its instances.
    code: bool,
    /// The names of its imports, in order.
    imports: &'o [String],
    /// Its exports, in order.
    exports: Vec<JsonItem<'o>>,
    /// The instances that it is made of, in order; none if it is not composed.
    instances: Vec<JsonGraphInstance<'o>>,
}

/// An instance within a component.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "GraphInstance"))]
struct JsonGraphInstance<'o> {
    /// Its name.
    name: &'o str,
    /// Its component: an index into `components`; null if that is given from outside.
    component: Option<usize>,
    /// What it is given.
    arguments: Vec<JsonItem<'o>>,
}

/// An argument or an export.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "GraphItem"))]
struct JsonItem<'o> {
    /// Its name.
    name: &'o str,
    /// What it is: `function`, `value`, `type`, `instance`, `component` or `core module`.
    sort: &'static str,
    /// Where it comes from; several places if it is put together of several things.
    from: Vec<JsonSource<'o>>,
}

/// Where something comes from.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "GraphSource"))]
struct JsonSource<'o> {
    /// Who has it.
    provider: JsonProvider,
    /// The name of the instance, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<&'o str>,
    /// The name there, then the way into it.
    path: &'o [String],
    /// Under which name it becomes a part of what is put together.
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<&'o str>,
}

/// Who provides something.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "GraphProvider"))]
#[serde(rename_all = "lowercase")]
enum JsonProvider {
    /// An import of the component.
    Import,
    /// An instance within it.
    Instance,
    /// The component itself.
    Own,
    /// It cannot be told.
    Unknown,
}

impl<'o> JsonGraph<'o> {
    pub(in crate::report) fn of(graph: &'o Graph) -> Self {
        Self {
            name: &graph.name,
            record: graph.record.as_ref().map(|record| JsonRecord::of(record, graph.record_differences())),
            components: graph.components.iter().map(JsonComponent::of).collect(),
        }
    }
}

impl<'o> JsonRecord<'o> {
    fn of(record: &'o LinkRecord, differences: Vec<RecordDifference>) -> Self {
        let instance =
            |it: &'o crate::model::RecordedInstance| JsonRecorded { name: &it.name, sha256: &it.sha256 };
        Self {
            witc: &record.witc,
            policy: record.policy.as_deref(),
            instances: record.instances.iter().map(instance).collect(),
            differences: differences.into_iter().map(JsonDifference::of).collect(),
        }
    }
}

impl JsonDifference {
    fn of(RecordDifference { instance, what }: RecordDifference) -> Self {
        let ends = |ends: Providers| ends.into_iter().map(JsonEnd::of).collect::<Vec<_>>();
        let what = match what {
            RecordedFact::Presence { is_there } => {
                JsonFact::Instance { recorded: !is_there, found: is_there }
            }
            RecordedFact::Digest { recorded, found } => JsonFact::Sha256 { recorded, found },
            RecordedFact::Wire { import, recorded, found } => {
                JsonFact::Wire { import, recorded: ends(recorded), found: ends(found) }
            }
        };
        Self { instance, what }
    }
}

impl JsonEnd {
    fn of(provider: RecordedProvider) -> Self {
        let (by, provider, export) = match provider {
            RecordedProvider::Host { import } => (JsonProvider::Import, None, Some(import)),
            RecordedProvider::Instance { name, export } => (JsonProvider::Instance, Some(name), Some(export)),
            RecordedProvider::Own => (JsonProvider::Own, None, None),
            RecordedProvider::Unknown => (JsonProvider::Unknown, None, None),
        };
        Self { by, provider, export }
    }
}

impl<'o> JsonComponent<'o> {
    fn of(component: &'o GraphComponent) -> Self {
        let instance = |it: &'o GraphInstance| JsonGraphInstance {
            name: &it.name,
            component: it.component,
            arguments: items(&it.arguments, &component.instances),
        };
        Self {
            sha256: component.sha256.as_deref(),
            bytes: component.size,
            code: component.has_code,
            imports: &component.imports,
            exports: items(&component.exports, &component.instances),
            instances: component.instances.iter().map(instance).collect(),
        }
    }
}

fn items<'o>(items: &'o [GraphItem], instances: &'o [GraphInstance]) -> Vec<JsonItem<'o>> {
    let item = |item: &'o GraphItem| JsonItem {
        name: &item.name,
        sort: item.sort.noun(),
        from: match &item.from {
            GraphSource::Bundle(members) => {
                let source = |(name, member): (&'o String, &'o GraphMember)| {
                    source(&member.from, Some(name), instances)
                };
                members.iter().map(source).collect()
            }
            GraphSource::Import(_) | GraphSource::Instance(..) | GraphSource::Own | GraphSource::Unknown => {
                vec![source(&item.from, None, instances)]
            }
        },
    };
    items.iter().map(item).collect()
}

fn source<'o>(
    source: &'o GraphSource,
    member: Option<&'o String>,
    instances: &'o [GraphInstance],
) -> JsonSource<'o> {
    let (provider, instance, path): (_, _, &'o [String]) = match source {
        GraphSource::Import(way) => (JsonProvider::Import, None, way),
        GraphSource::Instance(at, way) => {
            (JsonProvider::Instance, instances.get(*at).map(|instance| instance.name.as_str()), way)
        }
        GraphSource::Own => (JsonProvider::Own, None, &[]),
        // A bundle within a bundle is not kept.
        GraphSource::Unknown | GraphSource::Bundle(_) => (JsonProvider::Unknown, None, &[]),
    };
    JsonSource { provider, instance, path, member: member.map(String::as_str) }
}
