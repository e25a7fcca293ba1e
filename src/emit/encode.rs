//! The one entry of this stage: from the plan to the artifact, step after step.

use std::collections::BTreeMap;
use std::iter;
use std::sync::OnceLock;

use wasm_encoder::{
    ComponentExportSection, ComponentExternName, ComponentImportSection, ComponentInstanceSection,
    ComponentNameSection, ComponentSection, CustomSection, NameMap, ProducersField, ProducersSection,
};

use super::copies::{Copies, header};
use super::diagnostics::UnwritableImport;
use super::import_types::{ImportTypes, Unsupported};
use super::output::{Destination, Ready, refuse_over_input, slices, stage};
use super::root_types::RootTypes;
use super::verify::verify;
use super::writer::{Writer, kind};
use crate::diag::Run;
use crate::link::{ItemSource, LinkPlan, PlannedExport};
use crate::load::{Digests, Inputs, inspect};
use crate::model::{
    Artifact, Feature, Item, ItemPath, LinkRecord, Part, RECORD_SECTION, Side, Sort, Surface,
};
use crate::source::{Files, Span, both};

/// What is written down of how an artifact is linked; asked for late, because it takes as long as to write the artifact.
pub type Record<'r> = &'r (dyn Fn(&Inputs) -> LinkRecord + Sync);

/// Encodes a plan; `None` if it cannot be written or does not read back as planned, which is reported.
pub fn emit(
    inputs: &mut Inputs,
    plan: &LinkPlan,
    record: Option<Record<'_>>,
    run: &mut Run,
) -> Option<Artifact> {
    let (mut parts, saved) = encoded(inputs, plan, run)?;
    let (surface, features) = verify(plan, inspect(&slices(&parts)), run)?;
    if let Some(record) = record {
        Digests::of(inputs).find();
        parts.push(Part::Written(record_section(&record(inputs))));
    }
    Some(artifact(parts, saved, surface, features))
}

/// Encodes a plan and writes what it becomes beside its destination; at the same time it is read back. `None` if it cannot be
/// written or does not read back as planned, which is reported.
pub fn emit_to<'f>(
    to: Destination,
    inputs: &mut Inputs,
    plan: &LinkPlan,
    record: Option<Record<'_>>,
    files: &'f dyn Files,
    run: &mut Run,
) -> Option<Ready<'f>> {
    let (mut parts, saved) = encoded(inputs, plan, run)?;
    refuse_over_input(&to, files, run)?;
    let (inputs, slices, last) = (&*inputs, slices(&parts), OnceLock::new());
    let digests = record.map(|_| Digests::of(inputs));
    let find_digests = || digests.iter().for_each(Digests::find);
    // Whoever is done with what is before it finds the digests in it that nobody is at.
    let last_part = || {
        digests.iter().for_each(Digests::find_rest);
        let section = || record.map(|record| record_section(&record(inputs)));
        last.get_or_init(section).as_deref().unwrap_or_default()
    };
    let all = slices.iter().copied().chain(iter::once_with(last_part));
    let size = slices.iter().map(|part| part.len()).sum();
    let write = || stage(all, size, &to, files, find_digests);
    let (found, staged) = both(size, || inspect(&slices), write);
    let (surface, features) = verify(plan, found, run)?;
    parts.extend(last.into_inner().flatten().map(Part::Written));
    Ready::of(artifact(parts, saved, surface, features), to, staged, run)
}

/// The section of a link record.
fn record_section(record: &LinkRecord) -> Vec<u8> {
    let mut bytes = Vec::new();
    let data = record.to_bytes().into();
    CustomSection { name: RECORD_SECTION.into(), data }.append_to_component(&mut bytes);
    bytes
}

fn artifact(parts: Vec<Part>, saved: u64, surface: Surface, features: Vec<Feature>) -> Artifact {
    let size = parts.iter().map(|part| part.as_slice().len() as u64).sum();
    Artifact { parts, size, saved, features, surface }
}

/// The pieces of the component, and how many bytes are saved by what is shared; what cannot be written is reported.
fn encoded(inputs: &mut Inputs, plan: &LinkPlan, run: &mut Run) -> Option<(Vec<Part>, u64)> {
    match encode(inputs, plan) {
        Ok(encoded) => Some(encoded),
        Err(Unsupported { import, what }) => {
            let place = user_of(&import, inputs, plan, run);
            run.diagnostics.report(UnwritableImport { place, import, what });
            None
        }
    }
}

/// Where the first instance that uses an import of the whole names it.
fn user_of(import: &str, inputs: &mut Inputs, plan: &LinkPlan, run: &mut Run) -> Option<Span> {
    let source = ItemSource::Import(import.to_owned());
    plan.instances.iter().find_map(|instance| {
        let argument = instance.arguments.iter().find(|argument| argument.from == source)?;
        let component = &mut inputs.components[plan.components[instance.component]];
        Some(component.span(&mut run.sources, &ItemPath::item(Side::Import, &argument.name)))
    })
}

fn encode(inputs: &Inputs, plan: &LinkPlan) -> Result<(Vec<Part>, u64), Unsupported> {
    let mut encoder = Encoder {
        writer: Writer::new(),
        imports: BTreeMap::new(),
        instances: Vec::new(),
        aliases: BTreeMap::new(),
    };
    encoder.imports(plan)?;
    let before = encoder.writer.size();
    let components = encoder.components(inputs, plan);
    let written = encoder.writer.size() - before;
    let with_header = |at: &usize| {
        let length = inputs.components[*at].bytes.len();
        header(length).len() + length
    };
    let whole: usize = plan.components.iter().map(with_header).sum();
    encoder.instances(plan, &components);
    encoder.exports(inputs, plan);
    encoder.names(plan, &components);
    Ok((encoder.writer.finish(), whole.saturating_sub(written) as u64))
}

pub(super) struct Encoder {
    pub(super) writer: Writer,
    /// By extern name: the index of an import in the index space of its sort.
    imports: BTreeMap<String, u32>,
    /// By planned instance: its index.
    instances: Vec<u32>,
    /// Exports of instances that were aliased before.
    aliases: BTreeMap<(u32, String), u32>,
}

impl Encoder {
    fn imports(&mut self, plan: &LinkPlan) -> Result<(), Unsupported> {
        let mut types = ImportTypes::new(&plan.imports.types);
        for (name, item) in &plan.imports.imports {
            let reference = types.reference(&mut self.writer, name, item)?;
            let mut section = ComponentImportSection::new();
            section.import(extern_name(name, item), reference);
            self.writer.section(&section);
            let index = self.writer.take_index(item.kind.sort());
            types.register(item, index);
            self.imports.insert(name.clone(), index);
        }
        Ok(())
    }

    /// Defines what is shared, then the components, and returns the index of each component.
    fn components(&mut self, inputs: &Inputs, plan: &LinkPlan) -> Vec<u32> {
        let mut copies = Copies::default();
        for shared in &plan.shared {
            let index = if shared.is_component {
                let (parts, size) = copies.copy(&shared.bytes, shared.content.clone(), &shared.nested, 1);
                self.writer.component(parts, size)
            } else {
                self.writer.core_module(&shared.bytes, shared.content.clone())
            };
            copies.add(&shared.bytes[shared.content.clone()], index);
        }
        let define = |at: &usize| {
            let component = &inputs.components[*at];
            copies.index(&component.bytes).unwrap_or_else(|| {
                let (parts, size) =
                    copies.copy(&component.bytes, 0..component.bytes.len(), &component.nested, 1);
                self.writer.component(parts, size)
            })
        };
        plan.components.iter().map(define).collect()
    }

    fn instances(&mut self, plan: &LinkPlan, components: &[u32]) {
        for planned in &plan.instances {
            let arguments: Vec<_> = planned
                .arguments
                .iter()
                .map(|argument| {
                    (argument.name.as_str(), kind(argument.sort), self.index(&argument.from, argument.sort))
                })
                .collect();
            let mut section = ComponentInstanceSection::new();
            section.instantiate(components[planned.component], arguments);
            self.writer.section(&section);
            self.instances.push(self.writer.take_index(Sort::Instance));
        }
    }

    fn exports(&mut self, inputs: &Inputs, plan: &LinkPlan) {
        let mut types = RootTypes::new(inputs, plan);
        for export in &plan.exports {
            let (index, ty) = types.of(self, export);
            let mut section = ComponentExportSection::new();
            section.export(export_name(export), kind(export.sort), index, ty);
            self.writer.section(&section);
            let index = self.writer.take_index(export.sort);
            types.exported(self, export, index);
        }
    }

    /// The index of an item, in the index space of its sort.
    pub(super) fn index(&mut self, source: &ItemSource, sort: Sort) -> u32 {
        match source {
            ItemSource::Import(name) => self.imports[name],
            ItemSource::Export { instance, name } => self.alias(self.instances[*instance], name, sort),
            ItemSource::Member { of, name } => {
                let instance = self.index(of, Sort::Instance);
                self.alias(instance, name, sort)
            }
        }
    }

    /// From here on, an export of an instance is what the whole exports it as.
    pub(super) fn rename(&mut self, instance: usize, name: &str, index: u32) {
        self.aliases.insert((self.instances[instance], name.to_owned()), index);
    }

    fn alias(&mut self, instance: u32, name: &str, sort: Sort) -> u32 {
        let writer = &mut self.writer;
        let alias = self.aliases.entry((instance, name.to_owned()));
        *alias.or_insert_with(|| writer.alias_export(instance, sort, name))
    }

    /// Names for people who look into the artifact, and the mark of the tool that made it.
    fn names(&mut self, plan: &LinkPlan, components: &[u32]) {
        let mut instances = NameMap::new();
        for (planned, index) in plan.instances.iter().zip(&self.instances) {
            instances.append(*index, &planned.name);
        }
        let mut named: BTreeMap<u32, &str> = BTreeMap::new();
        for planned in &plan.instances {
            named.entry(components[planned.component]).or_insert(&planned.name);
        }
        let mut component_names = NameMap::new();
        named.iter().for_each(|(index, name)| component_names.append(*index, name));
        let mut names = ComponentNameSection::new();
        names.components(&component_names);
        names.instances(&instances);
        self.writer.section(&names);
        let mut field = ProducersField::new();
        field.value("witc", env!("CARGO_PKG_VERSION"));
        let mut producers = ProducersSection::new();
        producers.field("processed-by", &field);
        self.writer.section(&producers);
    }
}

fn extern_name<'a>(name: &'a str, item: &'a Item) -> ComponentExternName<'a> {
    ComponentExternName {
        name: name.into(),
        implements: item.implements.as_deref().map(Into::into),
        version_suffix: item.version_suffix.as_deref().map(Into::into),
        external_id: item.external_id.as_deref().map(Into::into),
    }
}

fn export_name(export: &PlannedExport) -> ComponentExternName<'_> {
    ComponentExternName {
        name: export.name.as_str().into(),
        implements: export.implements.as_deref().map(Into::into),
        version_suffix: export.version_suffix.as_deref().map(Into::into),
        external_id: export.external_id.as_deref().map(Into::into),
    }
}
