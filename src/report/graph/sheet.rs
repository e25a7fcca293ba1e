//! One composition as boxes and arrows, before it is drawn: what all picture formats share.
//!
//! Differs from `layout.rs`, which gives the boxes their places.

use std::collections::BTreeSet;

use crate::model::{Graph, GraphComponent, GraphEnd, GraphSource, GraphWire};

/// One composition: of several levels, each is a sheet of its own.
#[derive(Debug)]
pub(super) struct Sheet {
    /// What it shows, untrusted.
    pub(super) title: String,
    /// What is around it: the host, or for what lies within another the component around.
    pub(super) outside: &'static str,
    /// The exports of the whole first, then the instances, each before those that it needs.
    pub(super) boxes: Vec<Shape>,
}

/// A box: an instance, or what the whole exports.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) kind: Kind,
    /// Its name, untrusted.
    pub(super) name: String,
    /// What more is said about it.
    pub(super) remark: String,
    /// What it needs.
    pub(super) rows: Vec<Row>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Exports,
    Instance,
    /// Code of the component itself, beside its instances.
    Own,
    /// Whoever it is that cannot be told.
    Unknown,
}

/// One thing that a box needs.
#[derive(Debug)]
pub(super) struct Row {
    /// Its name where it is used, untrusted.
    pub(super) name: String,
    /// Its name where it comes from, if that is another one.
    pub(super) alias: Option<String>,
    /// Who provides it.
    pub(super) provider: Provided,
}

impl Row {
    /// Its name where it is used, and after an arrow the one where it comes from.
    pub(super) fn names(&self) -> String {
        match &self.alias {
            Some(alias) => format!("{} <- {alias}", self.name),
            None => self.name.clone(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Provided {
    /// A box of the sheet.
    Box(usize),
    /// Whoever is around: the host.
    Outside,
}

/// The sheets of some graphs.
pub(super) fn sheets(graphs: &[Graph]) -> Vec<Sheet> {
    let of = |graph: &Graph| -> Vec<Sheet> {
        let compositions = graph.compositions();
        let sheet = |(index, name): &(usize, &str)| {
            let title = match index {
                0 => ((*name).to_owned(), "host"),
                _ => (format!("inside {name}"), "outside"),
            };
            Some(sheet(title, graph, graph.components.get(*index)?))
        };
        compositions.iter().filter_map(sheet).collect()
    };
    graphs.iter().flat_map(of).collect()
}

fn sheet((title, outside): (String, &'static str), graph: &Graph, component: &GraphComponent) -> Sheet {
    let wires = graph.wires(component);
    let count = component.instances.len();
    let has_own = component.has_code || wires.iter().any(|wire| wire.provider == GraphEnd::Own);
    let has_unknown = wires.iter().any(|wire| wire.provider == GraphEnd::Unknown);
    // The exports have the first place, and the instances come in reverse.
    let place = |instance: usize| count - instance;
    let provided = |wire: &GraphWire| match wire.provider {
        GraphEnd::Instance(at) => Provided::Box(place(at)),
        GraphEnd::Own => Provided::Box(count + 1),
        GraphEnd::Unknown => Provided::Box(count + 1 + usize::from(has_own)),
        GraphEnd::Outside => Provided::Outside,
    };
    let rows = |user: GraphEnd| -> Vec<Row> {
        let own = wires.iter().filter(|wire| wire.user == user);
        own.map(|wire| Row { name: wire.name.clone(), alias: wire.alias.clone(), provider: provided(wire) })
            .collect()
    };
    let mut by_user: Vec<Vec<Row>> = (0..count).map(|_| Vec::new()).collect();
    for wire in &wires {
        if let GraphEnd::Instance(at) = wire.user {
            by_user[at].push(Row {
                name: wire.name.clone(),
                alias: wire.alias.clone(),
                provider: provided(wire),
            });
        }
    }
    let exports = rows(GraphEnd::Outside);
    let shape = |kind, name: &str, remark: String, rows| Shape { kind, name: name.to_owned(), remark, rows };
    let mut boxes = vec![shape(Kind::Exports, "exports", String::new(), exports)];
    for (at, instance) in component.instances.iter().enumerate().rev() {
        let inner = instance.component.and_then(|inner| graph.components.get(inner));
        let remark = match inner {
            None => "its component is given".to_owned(),
            Some(inner) if inner.is_composed() => {
                crate::diag::counted(inner.instances.len(), "instance") + " inside"
            }
            Some(inner) => inner.size.map(super::text::size).unwrap_or_default(),
        };
        boxes.push(shape(Kind::Instance, &instance.name, remark, std::mem::take(&mut by_user[at])));
    }
    if has_own {
        boxes.push(shape(Kind::Own, "its own code", String::new(), needs_of_own_code(component)));
    }
    if has_unknown {
        boxes.push(shape(Kind::Unknown, "not known", String::new(), Vec::new()));
    }
    Sheet { title, outside, boxes }
}

/// What the code of a component itself needs: its imports, and beside instances those that none of them takes.
fn needs_of_own_code(component: &GraphComponent) -> Vec<Row> {
    let given = component.instances.iter().flat_map(|instance| &instance.arguments);
    let mut taken = BTreeSet::new();
    for item in given.chain(&component.exports) {
        if let GraphSource::Bundle(members) = &item.from {
            members.values().for_each(|it| taken.extend(import_of(&it.from)));
        }
        taken.extend(import_of(&item.from));
    }
    let is_needed =
        |name: &&String| component.has_code && (!component.is_composed() || !taken.contains(name.as_str()));
    let row = |name: &String| Row { name: name.clone(), alias: None, provider: Provided::Outside };
    component.imports.iter().filter(is_needed).map(row).collect()
}

/// The import that a source lies in, if it lies in one.
fn import_of(source: &GraphSource) -> Option<&str> {
    let GraphSource::Import(way) = source else { return None };
    way.first().map(String::as_str)
}
