//! Follows the index spaces of a component and of what lies within it: which index is what, and where it comes from.
//!
//! Differs from `part.rs`, which holds what was found; and from `load/nested.rs`, which looks at bytes only.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use wasmparser::{
    BinaryReaderError, CanonicalFunction, ComponentAlias, ComponentExternalKind, ComponentInstance,
    ComponentInstantiationArg, ComponentName, ComponentNameSectionReader, ComponentOuterAliasKind,
    ComponentTypeRef, Instance, KnownCustom, Payload,
};

use super::part::{Aliases, Child, Definition, Entry, Part, Parts, Target};
use crate::load::nested::{core_reach, position, reach};
use crate::model::{GraphInstance, GraphItem, GraphSource, Sort};

/// How an instance is called that no one named, before its position.
pub(super) const NAMELESS: &str = "part-";

/// The components around the place that is being read, and what was found so far.
pub(super) struct Frames<'a> {
    bytes: &'a [u8],
    around: Vec<Frame>,
    parts: Parts,
}

/// A component or a core module that is being read.
#[derive(Default)]
struct Frame {
    /// What it becomes; nothing for a core module.
    part: Option<Part>,
    /// Where its section starts, with the header.
    start: usize,
    content: Range<usize>,
    /// Where its next section starts.
    next: usize,
    /// By sort: where each index comes from.
    functions: Vec<GraphSource>,
    values: Vec<GraphSource>,
    types: Vec<GraphSource>,
    instances: Vec<GraphSource>,
    components: Vec<Defined>,
    modules: Vec<(GraphSource, Option<Range<usize>>)>,
    /// The instance index of each instance that the graph shows.
    shown: Vec<usize>,
    instance_names: BTreeMap<usize, String>,
    component_names: BTreeMap<usize, String>,
    own_name: Option<String>,
    /// By instance that is shown: the index of its component.
    made_of: Vec<usize>,
}

/// What an index of a component means.
#[derive(Clone)]
enum Defined {
    /// One that lies in the binary: an index into [`Parts::all`].
    Part(usize),
    /// One that is given.
    Given(GraphSource),
}

impl<'a> Frames<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, around: Vec::new(), parts: Parts::default() }
    }

    pub(super) fn finish(self) -> Parts {
        self.parts
    }

    /// Takes note of one piece of the binary; pieces come in order.
    #[expect(clippy::wildcard_enum_match_arm, reason = "most sections define nothing that is shown")]
    pub(super) fn take(&mut self, payload: &Payload<'_>) -> Result<(), BinaryReaderError> {
        match payload {
            Payload::Version { range, .. } => match self.around.last_mut() {
                Some(frame) => frame.next = position(range.end),
                None => self.around.push(Frame {
                    part: Some(Part::new(0, 0..self.bytes.len())),
                    content: 0..self.bytes.len(),
                    next: position(range.end),
                    ..Frame::default()
                }),
            },
            Payload::ModuleSection { unchecked_range, .. } => self.enter(None, unchecked_range),
            Payload::ComponentSection { unchecked_range, .. } => {
                let depth = self.around.len();
                let content = position(unchecked_range.start)..position(unchecked_range.end);
                self.enter(Some(Part::new(depth, content)), unchecked_range);
            }
            Payload::End(_) => self.leave(),
            _ => {
                self.take_section(payload)?;
                if let (Some(frame), Some((_, range))) = (self.around.last_mut(), payload.as_section()) {
                    frame.next = position(range.end);
                }
            }
        }
        Ok(())
    }

    fn enter(&mut self, part: Option<Part>, range: &Range<u64>) {
        let content = position(range.start)..position(range.end);
        let start = self.around.last().map_or(0, |frame| frame.next);
        if let Some(frame) = self.around.last_mut() {
            frame.next = content.end;
        }
        self.around.push(Frame { part, start, content, ..Frame::default() });
    }

    fn leave(&mut self) {
        let Some(mut frame) = self.around.pop() else { return };
        let section = frame.start..frame.content.end;
        match frame.part.take() {
            Some(part) => {
                let part = frame.named(part, &self.parts);
                self.parts.all.push(part);
                let id = self.parts.all.len() - 1;
                let content = self.parts.all[id].content.clone();
                self.defined(ComponentExternalKind::Component, &section, content);
                if let Some(outer) = self.around.last_mut() {
                    outer.components.push(Defined::Part(id));
                    if let Some(part) = &mut outer.part {
                        part.children.push(Child { section, part: id });
                    }
                }
            }
            None => {
                self.defined(ComponentExternalKind::Module, &section, frame.content.clone());
                if let Some(outer) = self.around.last_mut() {
                    outer.modules.push((GraphSource::Own, Some(frame.content)));
                }
            }
        }
    }

    /// Takes note of what the whole defines.
    fn defined(&mut self, kind: ComponentExternalKind, section: &Range<usize>, content: Range<usize>) {
        let [whole] = self.around.as_slice() else { return };
        let is_component = kind == ComponentExternalKind::Component;
        let index = if is_component { whole.components.len() } else { whole.modules.len() };
        let part = is_component.then(|| self.parts.all.len() - 1);
        self.parts.definitions.push(Definition { section: section.clone(), content, index, part });
    }

    /// Takes note of what the whole uses of what it defines: where that starts.
    fn uses(&mut self, kind: ComponentExternalKind, index: u32) -> Option<usize> {
        let [whole] = self.around.as_slice() else { return None };
        let index = index as usize;
        let used = match (kind, whole.components.get(index), whole.modules.get(index)) {
            (ComponentExternalKind::Component, Some(Defined::Part(part)), _) => {
                Some(self.parts.all[*part].content.start)
            }
            (ComponentExternalKind::Module, _, Some((_, content))) => content.as_ref().map(|it| it.start),
            _ => None,
        };
        self.parts.used_by_whole.extend(used);
        used
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "most sections define nothing that is shown")]
    fn take_section(&mut self, payload: &Payload<'_>) -> Result<(), BinaryReaderError> {
        match payload {
            Payload::ComponentTypeSection(section) => {
                for ty in section.clone() {
                    self.refer(reach(&ty?, 0));
                    self.define(ComponentExternalKind::Type, GraphSource::Own);
                }
            }
            Payload::CoreTypeSection(section) => {
                for ty in section.clone() {
                    self.refer(core_reach(&ty?));
                }
            }
            Payload::ComponentImportSection(section) => {
                for import in section.clone() {
                    let import = import?;
                    let name = import.name.name.to_owned();
                    self.is_plain_if(matches!(
                        import.ty,
                        ComponentTypeRef::Func(_) | ComponentTypeRef::Type(_)
                    ));
                    self.here(|part| part.shown.imports.push(name.clone()));
                    self.define(import.ty.kind(), GraphSource::Import(vec![name]));
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section.clone() {
                    let export = export?;
                    self.is_plain_if(matches!(
                        export.kind,
                        ComponentExternalKind::Func | ComponentExternalKind::Type
                    ));
                    let item = self.item(export.name.name, export.kind, export.index);
                    let from = item.from.clone();
                    self.here(|part| part.shown.exports.push(item));
                    self.define_same(export.kind, export.index, from);
                }
            }
            Payload::ComponentAliasSection(section) => self.take_aliases(section)?,
            Payload::ComponentInstanceSection(section) => {
                for instance in section.clone() {
                    self.take_instance(&instance?);
                }
            }
            Payload::InstanceSection(section) => {
                for instance in section.clone() {
                    if let Instance::Instantiate { module_index, .. } = instance? {
                        self.uses(ComponentExternalKind::Module, module_index);
                        self.here(|part| part.shown.has_code = true);
                    }
                }
            }
            Payload::ComponentCanonicalSection(section) => {
                for function in section.clone() {
                    if matches!(function?, CanonicalFunction::Lift { .. }) {
                        self.here(|part| part.shown.has_code = true);
                        self.define(ComponentExternalKind::Func, GraphSource::Own);
                    }
                }
            }
            Payload::ComponentStartSection { start, .. } => {
                for _ in 0..start.results {
                    self.define(ComponentExternalKind::Value, GraphSource::Own);
                }
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::ComponentName(names) = section.as_known() {
                    self.take_names(names);
                }
                if self.around.len() == 1 && section.name() == crate::model::RECORD_SECTION {
                    let start = self.around[0].next;
                    let end = position(section.range().end);
                    self.parts.record = Some((start..end, section.data().to_vec()));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn here(&mut self, change: impl FnOnce(&mut Part)) {
        if let Some(frame) = self.around.last_mut() {
            frame.part_mut(change);
        }
    }

    fn is_plain_if(&mut self, is_plain: bool) {
        self.here(|part| part.is_plain &= is_plain);
    }

    /// A reference to a type that lies `count` components outwards.
    fn refer(&mut self, count: u32) {
        if count > 0 {
            let depth = self.around.len() - 1;
            let target = depth.saturating_sub(usize::try_from(count).unwrap_or(usize::MAX));
            self.here(|part| part.type_reach = part.type_reach.min(target));
        }
    }

    fn define(&mut self, kind: ComponentExternalKind, source: GraphSource) {
        let Some(frame) = self.around.last_mut() else { return };
        match kind {
            ComponentExternalKind::Func => frame.functions.push(source),
            ComponentExternalKind::Value => frame.values.push(source),
            ComponentExternalKind::Type => frame.types.push(source),
            ComponentExternalKind::Instance => frame.instances.push(source),
            ComponentExternalKind::Component => frame.components.push(Defined::Given(source)),
            ComponentExternalKind::Module => frame.modules.push((source, None)),
        }
    }

    /// Gives what has an index already one more: an export does.
    fn define_same(&mut self, kind: ComponentExternalKind, index: u32, source: GraphSource) {
        let Some(frame) = self.around.last_mut() else { return };
        match kind {
            ComponentExternalKind::Component => {
                let same = frame.components.get(index as usize).cloned();
                frame.components.push(same.unwrap_or(Defined::Given(source)));
            }
            ComponentExternalKind::Module => {
                let same = frame.modules.get(index as usize).cloned();
                frame.modules.push(same.unwrap_or((source, None)));
            }
            ComponentExternalKind::Func
            | ComponentExternalKind::Value
            | ComponentExternalKind::Type
            | ComponentExternalKind::Instance => self.define(kind, source),
        }
    }

    fn source(&self, kind: ComponentExternalKind, index: u32) -> GraphSource {
        let index = index as usize;
        let Some(frame) = self.around.last() else { return GraphSource::Own };
        let found = match kind {
            ComponentExternalKind::Func => frame.functions.get(index).cloned(),
            ComponentExternalKind::Value => frame.values.get(index).cloned(),
            ComponentExternalKind::Type => frame.types.get(index).cloned(),
            ComponentExternalKind::Instance => frame.instances.get(index).cloned(),
            ComponentExternalKind::Component => match frame.components.get(index) {
                Some(Defined::Given(source)) => Some(source.clone()),
                Some(Defined::Part(_)) => Some(GraphSource::Own),
                None => None,
            },
            ComponentExternalKind::Module => frame.modules.get(index).map(|(source, _)| source.clone()),
        };
        found.unwrap_or(GraphSource::Unknown)
    }

    fn item(&mut self, name: &str, kind: ComponentExternalKind, index: u32) -> GraphItem {
        let handed_on = self.uses(kind, index);
        self.parts.handed_on.extend(handed_on);
        GraphItem { name: name.to_owned(), sort: sort(kind), from: self.source(kind, index) }
    }

    fn take_instance(&mut self, instance: &ComponentInstance<'_>) {
        let source = match instance {
            ComponentInstance::FromExports(exports) => {
                let members = exports.iter();
                let members = members.map(|export| self.item(export.name.name, export.kind, export.index));
                GraphSource::bundle(members.collect::<Vec<_>>())
            }
            ComponentInstance::Instantiate { component_index, args } => {
                self.uses(ComponentExternalKind::Component, *component_index);
                self.instantiated(*component_index as usize, args)
            }
        };
        self.define(ComponentExternalKind::Instance, source);
    }

    fn instantiated(&mut self, component: usize, args: &[ComponentInstantiationArg<'_>]) -> GraphSource {
        let arguments: Vec<GraphItem> =
            args.iter().map(|argument| self.item(argument.name, argument.kind, argument.index)).collect();
        let Some(frame) = self.around.last_mut() else { return GraphSource::Own };
        let part = match frame.components.get(component) {
            Some(Defined::Part(part)) => Some(*part),
            Some(Defined::Given(_)) | None => None,
        };
        if let Some(part) = part.map(|part| &self.parts.all[part]).filter(|part| part.is_seen_through()) {
            return seen_through(part, &arguments);
        }
        let (index, shown) = (frame.instances.len(), frame.shown.len());
        frame.shown.push(index);
        frame.made_of.push(component);
        frame.part_mut(|it| {
            it.shown.instances.push(GraphInstance { name: String::new(), component: part, arguments });
        });
        GraphSource::Instance(shown, Vec::new())
    }

    fn take_aliases(
        &mut self,
        section: &wasmparser::ComponentAliasSectionReader<'_>,
    ) -> Result<(), BinaryReaderError> {
        let start = self.around.last().map_or(0, |frame| frame.next);
        let end = position(section.range().end);
        let mut aliases = Aliases { section: start..end, entries: Vec::new() };
        let mut reader = section.clone().into_iter_with_offsets();
        let mut previous: Option<(usize, Option<(usize, Target)>)> = None;
        loop {
            let next = reader.next().transpose()?;
            let at = next.as_ref().map_or(end, |(at, _)| position(*at));
            if let Some((from, target)) = previous.take() {
                aliases.entries.push(Entry { bytes: from..at, target });
            }
            let Some((_, alias)) = next else { break };
            previous = Some((at, self.take_alias(&alias)));
        }
        if aliases.entries.iter().any(|entry| entry.target.is_some()) {
            self.here(|part| part.aliases.push(aliases));
        }
        Ok(())
    }

    /// The depth of the component that a core module or a component is taken from, and what it is.
    fn take_alias(&mut self, alias: &ComponentAlias<'_>) -> Option<(usize, Target)> {
        match alias {
            ComponentAlias::InstanceExport { kind, instance_index, name } => {
                let source = self.source(ComponentExternalKind::Instance, *instance_index).member(name);
                self.define(*kind, source);
                None
            }
            ComponentAlias::CoreInstanceExport { .. } => None,
            ComponentAlias::Outer { kind, count, index } => {
                let depth = (self.around.len() - 1).checked_sub(*count as usize)?;
                self.take_outer(*kind, depth, *count, *index as usize).map(|target| (depth, target))
            }
        }
    }

    fn take_outer(
        &mut self,
        kind: ComponentOuterAliasKind,
        depth: usize,
        count: u32,
        index: usize,
    ) -> Option<Target> {
        match kind {
            ComponentOuterAliasKind::CoreType => {
                self.refer(count);
                None
            }
            ComponentOuterAliasKind::Type => {
                self.refer(count);
                self.define(ComponentExternalKind::Type, GraphSource::Own);
                None
            }
            ComponentOuterAliasKind::CoreModule => {
                let found = self.around[depth].modules.get(index).cloned();
                let (source, range) = found.unwrap_or((GraphSource::Unknown, None));
                // What lies around may only pass on what it has itself: nothing that it was given.
                let source = if count == 0 { source } else { GraphSource::Unknown };
                self.around.last_mut()?.modules.push((source, range.clone()));
                self.foreign(count, range.map(Target::Module))
            }
            ComponentOuterAliasKind::Component => {
                let found = self.around[depth].components.get(index).cloned();
                let found = found.unwrap_or(Defined::Given(GraphSource::Unknown));
                let target = match &found {
                    Defined::Part(part) => Some(Target::Component(*part)),
                    Defined::Given(_) => None,
                };
                self.around.last_mut()?.components.push(found);
                self.foreign(count, target)
            }
        }
    }

    /// What is taken from outside; what cannot be put in its place keeps the part from being a file of its own.
    fn foreign(&mut self, count: u32, target: Option<Target>) -> Option<Target> {
        if target.is_none() {
            self.refer(count);
        }
        target.filter(|_| count > 0)
    }

    fn take_names(&mut self, names: ComponentNameSectionReader<'_>) {
        let Some(frame) = self.around.last_mut() else { return };
        // A name section that cannot be read names nothing: it is not part of what is validated.
        for name in names.into_iter().map_while(Result::ok) {
            let fill = |map: &mut BTreeMap<usize, String>, names: wasmparser::NameMap<'_>| {
                let names = names.into_iter().map_while(Result::ok);
                map.extend(names.map(|naming| (naming.index as usize, naming.name.to_owned())));
            };
            #[expect(clippy::wildcard_enum_match_arm, reason = "other names are not shown")]
            match name {
                ComponentName::Component { name, .. } => frame.own_name = Some(name.to_owned()),
                ComponentName::Instances(names) => fill(&mut frame.instance_names, names),
                ComponentName::Components(names) => fill(&mut frame.component_names, names),
                _ => {}
            }
        }
    }
}

impl Frame {
    fn part_mut(&mut self, change: impl FnOnce(&mut Part)) {
        if let Some(part) = &mut self.part {
            change(part);
        }
    }

    /// The part with names for its instances: those of the name section, else of their components, else by position.
    fn named(&self, mut part: Part, parts: &Parts) -> Part {
        let mut taken = BTreeSet::new();
        for (at, instance) in part.shown.instances.iter_mut().enumerate() {
            let own = instance.component.and_then(|component| parts.all[component].name.as_ref());
            let name = self.instance_names.get(&self.shown[at]);
            let name = name.or_else(|| self.component_names.get(&self.made_of[at])).or(own);
            let name = name.filter(|name| !name.is_empty()).cloned();
            let name = name.unwrap_or_else(|| format!("{NAMELESS}{}", at + 1));
            let numbered = (2..).map(|number| format!("{name}-{number}"));
            let mut free = std::iter::once(name.clone()).chain(numbered).filter(|name| !taken.contains(name));
            instance.name = free.next().expect("there are more numbers than instances");
            taken.insert(instance.name.clone());
        }
        part.instance_indices.clone_from(&self.shown);
        part.name.clone_from(&self.own_name);
        part
    }
}

/// What an instance of a component that is seen through gives on.
fn seen_through(part: &Part, arguments: &[GraphItem]) -> GraphSource {
    let given: BTreeMap<&str, &GraphSource> =
        arguments.iter().map(|argument| (argument.name.as_str(), &argument.from)).collect();
    GraphSource::bundle(part.shown.exports.iter().map(|export| {
        let source = match &export.from {
            GraphSource::Import(way) => {
                let start = way.first().and_then(|name| given.get(name.as_str()));
                let start = start.copied().unwrap_or(&GraphSource::Unknown).clone();
                way.iter().skip(1).fold(start, |source, name| source.member(name))
            }
            GraphSource::Own => GraphSource::Own,
            GraphSource::Instance(..) | GraphSource::Bundle(_) | GraphSource::Unknown => GraphSource::Unknown,
        };
        GraphItem { name: export.name.clone(), sort: export.sort, from: source }
    }))
}

fn sort(kind: ComponentExternalKind) -> Sort {
    match kind {
        ComponentExternalKind::Module => Sort::CoreModule,
        ComponentExternalKind::Func => Sort::Function,
        ComponentExternalKind::Value => Sort::Value,
        ComponentExternalKind::Type => Sort::Type,
        ComponentExternalKind::Instance => Sort::Instance,
        ComponentExternalKind::Component => Sort::Component,
    }
}
