//! Runs any component with a host that is made up on the spot: each import is there, does nothing, and remembers that it was
//! called; one that is proven out of reach traps.
//!
//! Differs from the host of `tests/runtime`, which is the real WASI: here it does not matter what a component is for, only what it calls.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use wasmtime::component::types::{self, ComponentFunc, ComponentItem};
use wasmtime::component::{
    Component, Instance, Linker, LinkerInstance, Resource, ResourceAny, ResourceType, Type, Val,
};
use wasmtime::{Config, Engine, Store};

/// How often each export is called, each time with other arguments.
const ROUNDS: u32 = 3;

/// An imported function: the extern name of the import, and the function within it; empty for a function itself.
pub type Imported = (String, String);

/// What came of a run.
#[derive(Debug, Default)]
pub struct Trace {
    /// What was called.
    pub called: BTreeSet<Imported>,
    /// How many calls of exports came to their end, and how many trapped.
    pub ended: usize,
    /// See `ended`.
    pub trapped: usize,
    /// How many were not called, because no arguments could be made up.
    pub not_called: usize,
}

/// Handles of the host are all of one type.
#[derive(Debug)]
struct Handle;

#[derive(Default)]
struct Seen {
    called: BTreeSet<Imported>,
    /// How many calls were answered, so that no two answers need be the same.
    answered: u32,
    /// How many handles of the host there are.
    handles: u32,
    /// The handles that the component gave away, and that it may be asked to take.
    given: Vec<ResourceAny>,
}

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let mut config = Config::new();
    config.wasm_component_model_fixed_length_lists(true).wasm_component_model_map(true);
    config.wasm_component_model_implements(true).wasm_component_model_threading(true);
    config.wasm_component_model_error_context(true).wasm_component_model_more_async_builtins(true);
    config.wasm_component_model_async(true).consume_fuel(true).wasm_tail_call(true);
    config.cranelift_opt_level(wasmtime::OptLevel::None).parallel_compilation(false);
    config.wasm_function_references(true).wasm_gc(true).wasm_exceptions(true).wasm_wide_arithmetic(true);
    Engine::new(&config).expect("Wasmtime is built with what is switched on here")
});

/// Instantiates a component, calls all that it exports, and says what it called. Each call may take so much `fuel`.
///
/// # Errors
/// If Wasmtime does not accept it, or has no way to provide an import.
pub fn trace(bytes: &[u8], proven: &BTreeSet<Imported>, fuel: u64) -> wasmtime::Result<Trace> {
    let component = Component::from_binary(&ENGINE, bytes)?;
    let proven = Arc::new(proven.clone());
    let mut linker = Linker::new(&ENGINE);
    for (name, import) in component.component_type().imports(&ENGINE) {
        provide(&mut linker.root(), name, "", name, &import.ty, &proven)?;
    }
    let mut functions = Vec::new();
    for (name, export) in component.component_type().exports(&ENGINE) {
        exported(vec![name.to_owned()], &export.ty, &mut functions);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(run(&component, &linker, &functions, fuel))
}

/// Calls all functions some times, in an instance that is made anew after each trap.
async fn run(
    component: &Component,
    linker: &Linker<Seen>,
    functions: &[Vec<String>],
    fuel: u64,
) -> wasmtime::Result<Trace> {
    let mut trace = Trace::default();
    let mut running: Option<(Store<Seen>, Instance)> = None;
    // What has no function may still do something when it is instantiated.
    let calls = (0..ROUNDS).flat_map(|round| functions.iter().map(move |path| (round, Some(path))));
    let calls = std::iter::once((0, None)).chain(calls);
    for (round, path) in calls {
        let (mut store, instance) = match running.take() {
            Some(running) => running,
            None => {
                let mut store = Store::new(&ENGINE, Seen::default());
                store.set_fuel(fuel)?;
                match linker.instantiate_async(&mut store, component).await {
                    Ok(instance) => (store, instance),
                    Err(error) => {
                        // What it did before it failed counts.
                        trace.called.append(&mut store.data_mut().called);
                        trace.trapped += 1;
                        // Who called something was there: it is not the host that could not make it.
                        let has_run = is_trap(&error) || !trace.called.is_empty();
                        return if has_run { Ok(trace) } else { Err(error) };
                    }
                }
            }
        };
        let ended = match path {
            None => Ended::Returned,
            Some(path) => {
                store.set_fuel(fuel)?;
                call(&mut store, &instance, path, round).await
            }
        };
        trace.called.append(&mut store.data_mut().called);
        match ended {
            Ended::Returned => trace.ended += usize::from(path.is_some()),
            Ended::Trapped => trace.trapped += 1,
            Ended::NotCalled => trace.not_called += 1,
        }
        // After a trap nothing of an instance can be called any more.
        if ended != Ended::Trapped {
            running = Some((store, instance));
        }
    }
    // Dropping what is left over runs destructors.
    if let Some((mut store, _)) = running {
        store.set_fuel(fuel)?;
        for handle in std::mem::take(&mut store.data_mut().given) {
            if handle.resource_drop_async(&mut store).await.is_err() {
                break;
            }
        }
        trace.called.append(&mut store.data_mut().called);
    }
    Ok(trace)
}

/// Whether the component failed, and not the host.
fn is_trap(error: &wasmtime::Error) -> bool {
    error.downcast_ref::<wasmtime::Trap>().is_some() || format!("{error:?}").contains("wasm backtrace")
}

/// How a call came to its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    Returned,
    Trapped,
    /// No arguments could be made up.
    NotCalled,
}

/// Calls one export with made up arguments.
async fn call(store: &mut Store<Seen>, instance: &Instance, path: &[String], round: u32) -> Ended {
    let mut at = None;
    for name in path {
        at = instance.get_export_index(&mut *store, at.as_ref(), name);
    }
    let Some(function) = at.and_then(|at| instance.get_func(&mut *store, at)) else {
        return Ended::NotCalled;
    };
    // The type as this instance has it: it tells the resources of the host from those of the component.
    let ty = function.ty(&*store);
    let mut arguments = Vec::new();
    for (_, ty) in ty.params() {
        let Some(argument) = value(&ty, round, &mut *store) else { return Ended::NotCalled };
        arguments.push(argument);
    }
    let mut results = vec![Val::Bool(false); ty.results().len()];
    let ended = function.call_async(&mut *store, &arguments, &mut results).await;
    results.iter().for_each(|result| keep(result, &mut store.data_mut().given));
    if ended.is_ok() { Ended::Returned } else { Ended::Trapped }
}

/// Keeps the handles in what a component returned: other functions may ask for them.
#[expect(clippy::wildcard_enum_match_arm, reason = "the other values have no handles in them")]
fn keep(value: &Val, given: &mut Vec<ResourceAny>) {
    match value {
        Val::Resource(handle) => given.push(*handle),
        Val::List(values) | Val::Tuple(values) | Val::FixedLengthList(values) => {
            values.iter().for_each(|value| keep(value, given));
        }
        Val::Record(fields) => fields.iter().for_each(|(_, value)| keep(value, given)),
        Val::Variant(_, Some(value))
        | Val::Option(Some(value))
        | Val::Result(Ok(Some(value)) | Err(Some(value))) => keep(value, given),
        _ => {}
    }
}

/// The functions that something exports, each by the names that lead to it.
fn exported(path: Vec<String>, item: &ComponentItem, found: &mut Vec<Vec<String>>) {
    if let ComponentItem::ComponentFunc(_) = item {
        found.push(path);
    } else if let ComponentItem::ComponentInstance(instance) = item {
        for (name, item) in instance.exports(&ENGINE) {
            exported([path.as_slice(), &[name.to_owned()]].concat(), &item.ty, found);
        }
    }
}

/// Gives a component something of the type that it asks for.
fn provide(
    linker: &mut LinkerInstance<'_, Seen>,
    import: &str,
    within: &str,
    name: &str,
    item: &ComponentItem,
    proven: &Arc<BTreeSet<Imported>>,
) -> wasmtime::Result<()> {
    if let ComponentItem::ComponentInstance(instance) = item {
        let mut linker = linker.instance(name)?;
        for (inner, item) in instance.exports(&ENGINE) {
            let within = if within.is_empty() { String::new() } else { format!("{within}/") };
            provide(&mut linker, import, &format!("{within}{inner}"), inner, &item.ty, proven)?;
        }
    } else if let ComponentItem::Resource(_) = item {
        linker.resource(name, ResourceType::host::<Handle>(), |_, _| Ok(()))?;
    } else if let ComponentItem::ComponentFunc(function) = item {
        let imported = (import.to_owned(), within.to_owned());
        let is_proven = proven.contains(&imported);
        if function.async_() {
            linker.func_new_concurrent(name, move |accessor, ty, _, results| {
                let imported = imported.clone();
                Box::pin(async move {
                    accessor.with(|mut access| answer(access.data_mut(), imported, is_proven))?;
                    accessor.with(|mut access| fill(&ty, &mut access, results))
                })
            })?;
        } else {
            linker.func_new(name, move |mut store, ty, _, results| {
                answer(store.data_mut(), imported.clone(), is_proven)?;
                fill(&ty, &mut store, results)
            })?;
        }
    }
    Ok(())
}

fn answer(seen: &mut Seen, imported: Imported, is_proven: bool) -> wasmtime::Result<()> {
    seen.called.insert(imported);
    seen.answered += 1;
    if is_proven { Err(wasmtime::Error::msg("proven to be out of reach")) } else { Ok(()) }
}

fn fill(
    ty: &ComponentFunc,
    mut store: impl wasmtime::AsContextMut<Data = Seen>,
    results: &mut [Val],
) -> wasmtime::Result<()> {
    for (result, ty) in results.iter_mut().zip(ty.results()) {
        let round = store.as_context().data().answered;
        *result = value(&ty, round, &mut store).ok_or_else(|| wasmtime::Error::msg("no such value"))?;
    }
    Ok(())
}

/// Some value of a type, another one each round; `None` where only the component itself has any.
fn value(ty: &Type, round: u32, store: &mut impl wasmtime::AsContextMut<Data = Seen>) -> Option<Val> {
    let number = round.wrapping_mul(7) & 0x3f;
    Some(match ty {
        Type::Bool => Val::Bool(round & 1 == 1),
        Type::S8 => Val::S8(number as i8),
        Type::U8 => Val::U8(number as u8),
        Type::S16 => Val::S16(number as i16),
        Type::U16 => Val::U16(number as u16),
        Type::S32 => Val::S32(number as i32),
        Type::U32 => Val::U32(number),
        Type::S64 => Val::S64(i64::from(number)),
        Type::U64 => Val::U64(u64::from(number)),
        Type::Float32 => Val::Float32(number as f32),
        Type::Float64 => Val::Float64(f64::from(number)),
        Type::Char => Val::Char('x'),
        Type::String => Val::String("x".repeat(round as usize & 3 | 1)),
        Type::List(list) => Val::List(vec![value(&list.ty(), round, store)?; round as usize & 1]),
        Type::FixedLengthList(list) => {
            let element = value(&list.ty(), round, store)?;
            Val::FixedLengthList(vec![element; list.len() as usize])
        }
        Type::Map(_) => Val::Map(Vec::new()),
        Type::Record(record) => {
            let fields = record.fields();
            let field = |it: types::Field<'_>| Some((it.name.to_owned(), value(&it.ty, round, store)?));
            Val::Record(fields.map(field).collect::<Option<_>>()?)
        }
        Type::Tuple(tuple) => {
            Val::Tuple(tuple.types().map(|it| value(&it, round, store)).collect::<Option<_>>()?)
        }
        Type::Variant(variant) => {
            let cases: Vec<_> = variant.cases().map(|case| (case.name.to_owned(), case.ty)).collect();
            let (name, payload) = &cases[round as usize % cases.len()];
            let payload = match payload {
                Some(ty) => Some(Box::new(value(ty, round, store)?)),
                None => None,
            };
            Val::Variant(name.clone(), payload)
        }
        Type::Enum(names) => Val::Enum(names.names().nth(round as usize % names.names().len())?.to_owned()),
        Type::Option(option) => match round & 1 {
            0 => Val::Option(None),
            _ => Val::Option(Some(Box::new(value(&option.ty(), round, store)?))),
        },
        Type::Result(result) => {
            let side = if round % 3 == 2 { result.err() } else { result.ok() };
            let payload = match side {
                Some(ty) => Some(Box::new(value(&ty, round, store)?)),
                None => None,
            };
            Val::Result(if round % 3 == 2 { Err(payload) } else { Ok(payload) })
        }
        Type::Flags(_) => Val::Flags(Vec::new()),
        Type::Own(resource) | Type::Borrow(resource) => {
            let is_owned = matches!(ty, Type::Own(_));
            if *resource == ResourceType::host::<Handle>() {
                let mut store = store.as_context_mut();
                store.data_mut().handles += 1;
                let number = store.data().handles;
                let handle = Resource::<Handle>::new_own(number).try_into_resource_any(&mut store).ok()?;
                Val::Resource(handle)
            } else {
                let mut store = store.as_context_mut();
                let given = &mut store.data_mut().given;
                let at = given.iter().rposition(|handle| handle.ty() == *resource)?;
                Val::Resource(if is_owned { given.remove(at) } else { given[at] })
            }
        }
        Type::Future(_) | Type::Stream(_) | Type::ErrorContext => return None,
    })
}
