//! Shows a wiring as a graph, as it will look once it is linked; and makes a wiring of a graph that was read back.
//!
//! Differs from `graph.rs`, which orders the instances: nothing is decided here.

use std::collections::HashMap;

use super::{Edge, Exposed, Instance, Port, Provider, Wiring};
use crate::load::{Inputs, read_back};
use crate::model::{Graph, GraphComponent, GraphInstance, GraphItem, GraphSource, Sort, Step};

/// The graph of a composition that is not linked yet; what its components are made of included.
pub fn graph_of(inputs: &Inputs, wiring: &Wiring, name: &str) -> Graph {
    let mut components = vec![GraphComponent {
        imports: wiring.host.iter().map(|import| import.name.clone()).collect(),
        exports: wiring.exports.iter().map(|exposed| export(inputs, wiring, exposed)).collect(),
        ..GraphComponent::default()
    }];
    let mut places: HashMap<usize, usize> = HashMap::new();
    let mut edges = wiring.edges.iter().peekable();
    for (at, instance) in wiring.instances.iter().enumerate() {
        let place = *places.entry(instance.component).or_insert_with(|| {
            let place = components.len();
            components.extend(within(inputs, instance.component, place));
            place
        });
        let mut arguments: Vec<GraphItem> = Vec::new();
        while let Some(edge) = edges.next_if(|edge| edge.import.instance.0 == at) {
            let item = argument(inputs, wiring, instance, edge, &arguments);
            arguments.push(item);
        }
        let name = instance.name.clone();
        components[0].instances.push(GraphInstance { name, component: Some(place), arguments });
    }
    Graph { name: name.to_owned(), components, record: None }
}

/// A component and those within it, as they stand in a graph from `place` on.
fn within(inputs: &Inputs, component: usize, place: usize) -> Vec<GraphComponent> {
    let mut found = read_back(&inputs.components[component]).graph.components;
    let inner = found.iter_mut().flat_map(|component| &mut component.instances);
    inner.filter_map(|instance| instance.component.as_mut()).for_each(|index| *index += place);
    found
}

fn export(inputs: &Inputs, wiring: &Wiring, exposed: &Exposed) -> GraphItem {
    let Port { instance, name } = &exposed.export;
    let surface = &inputs.components[wiring.instance(*instance).component].surface;
    let sort = surface.exports.get(name).map_or(Sort::Instance, |item| item.kind.sort());
    let from = GraphSource::Instance(instance.0, vec![name.clone()]);
    GraphItem { name: exposed.name.clone(), sort, from }
}

fn argument(
    inputs: &Inputs,
    wiring: &Wiring,
    instance: &Instance,
    edge: &Edge,
    others: &[GraphItem],
) -> GraphItem {
    let name = edge.import.name.clone();
    let surface = &inputs.components[instance.component].surface;
    let sort = surface.imports.get(&name).map_or(Sort::Instance, |item| item.kind.sort());
    let from = match &edge.provider {
        Provider::Host(at) => GraphSource::Import(vec![wiring.host[*at].name.clone()]),
        Provider::Export(port) => GraphSource::Instance(port.instance.0, vec![port.name.clone()]),
        Provider::Member { import, steps } => {
            let start = others.iter().find(|item| item.name == *import).map(|item| item.from.clone());
            steps.iter().fold(start.unwrap_or(GraphSource::Unknown), |source, step| {
                if let Step::Item(name) = step { source.member(name) } else { GraphSource::Own }
            })
        }
    };
    GraphItem { name, sort, from }
}
