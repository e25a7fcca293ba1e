//! What in an artifact WasmEdge refuses, by the reasons that its row gives: each is looked for in the artifact itself.

use std::collections::BTreeSet;

use wasmparser::{
    CanonicalFunction, ComponentAlias, ComponentExternalKind, ComponentInstance, ComponentTypeRef, Parser,
    Payload,
};
use witc::host::profiles;

use witc_runtime_tests::linked;

use super::inputs::Failure;

/// The artifacts of the demo, and why WasmEdge refuses them.
const REFUSED: [(&str, &[Reason]); 5] = [
    ("mock", OF_ANY_COMPOSITION),
    ("audited", OF_ANY_IMPORT),
    ("payments", OF_ANY_IMPORT),
    ("front", OF_ANY_IMPORT),
    ("cli", OF_ANY_IMPORT),
];

/// Already two components that import nothing together are refused for these.
const OF_ANY_COMPOSITION: &[Reason] =
    &[Reason::TypeArgument, Reason::InstanceAlias, Reason::CallBetweenComponents];

/// With WASI come all others.
const OF_ANY_IMPORT: &[Reason] = &[
    Reason::TypeArgument,
    Reason::InstanceAlias,
    Reason::CallBetweenComponents,
    Reason::HostFunction,
    Reason::Resource,
    Reason::Import,
];

/// One of the notes of the row, by what it quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    TypeArgument,
    InstanceAlias,
    HostFunction,
    Resource,
    CallBetweenComponents,
    Import,
}

impl Reason {
    /// What the row says of it.
    fn quoted(self) -> &'static str {
        match self {
            Self::TypeArgument => "incomplete instantiate (with …)",
            Self::InstanceAlias => "incomplete alias export",
            Self::HostFunction => "lowering host functions not yet implemented",
            Self::Resource => "resource/task canonical operations not yet implemented",
            Self::CallBetweenComponents => "A call from one component to another is not translated",
            Self::Import => "An import must be an instance that the embedder registered",
        }
    }
}

/// Each artifact is refused for the reasons that are listed, and the row tells all of them.
pub(super) fn refuses_for_these_reasons() -> Result<(), Failure> {
    let row = profiles().iter().find(|profile| profile.id == "wasmedge").ok_or("no row")?;
    let mut failures = Vec::new();
    for (composition, expected) in REFUSED {
        let bytes = linked::composition("wit-fixtures/demo/witc.toml", composition);
        let found = reasons(&bytes)?;
        if found != expected.iter().copied().collect() {
            failures.push(format!("{composition}: {found:?}"));
        }
        let untold =
            found.iter().filter(|reason| !row.notes.iter().any(|note| note.contains(reason.quoted())));
        failures.extend(untold.map(|reason| format!("the row does not say `{}`", reason.quoted())));
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n").into()) }
}

/// What is in an artifact that WasmEdge refuses.
fn reasons(bytes: &[u8]) -> Result<BTreeSet<Reason>, Failure> {
    let mut found = BTreeSet::new();
    let (mut depth, mut components, mut lowers) = (0, 0, false);
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload?;
        if matches!(payload, Payload::ModuleSection { .. } | Payload::ComponentSection { .. }) {
            depth += 1;
        } else if matches!(payload, Payload::End(_)) {
            depth -= 1;
        }
        components += usize::from(matches!(payload, Payload::ComponentSection { .. }));
        if let (Payload::ComponentImportSection(imports), 0) = (&payload, depth) {
            for import in imports.clone() {
                let is_instance = matches!(import?.ty, ComponentTypeRef::Instance(_));
                found.extend(is_instance.then_some(Reason::Import));
            }
        }
        if let Payload::ComponentInstanceSection(instances) = &payload {
            for instance in instances.clone() {
                let ComponentInstance::Instantiate { args, .. } = instance? else { continue };
                let has_type = args.iter().any(|argument| argument.kind == ComponentExternalKind::Type);
                found.extend(has_type.then_some(Reason::TypeArgument));
            }
        }
        if let Payload::ComponentAliasSection(aliases) = &payload {
            for alias in aliases.clone() {
                let ComponentAlias::InstanceExport { kind, .. } = alias? else { continue };
                let is_done = matches!(kind, ComponentExternalKind::Func | ComponentExternalKind::Type);
                found.extend((!is_done).then_some(Reason::InstanceAlias));
            }
        }
        if let Payload::ComponentCanonicalSection(functions) = &payload {
            for function in functions.clone() {
                let function = function?;
                lowers |= matches!(function, CanonicalFunction::Lower { .. });
                let is_of_resource = matches!(
                    function,
                    CanonicalFunction::ResourceNew { .. }
                        | CanonicalFunction::ResourceDrop { .. }
                        | CanonicalFunction::ResourceRep { .. }
                );
                found.extend(is_of_resource.then_some(Reason::Resource));
            }
        }
    }
    found.extend((lowers && components > 1).then_some(Reason::CallBetweenComponents));
    found.extend((lowers && found.contains(&Reason::Import)).then_some(Reason::HostFunction));
    Ok(found)
}
