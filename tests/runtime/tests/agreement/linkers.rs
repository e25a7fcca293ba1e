//! Wasmtime's own linker with what the command line puts into it, asked which imports it lacks.

use std::sync::LazyLock;

use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, InstancePre, Linker, LinkerInstance, ResourceType, Type};
use wasmtime::{Config, Engine};
use wasmtime_wasi::{WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtxView, WasiHttpView};
use witc::check::HostFit;

use super::inputs::Failure;

/// A command of Wasmtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wasmtime {
    Run,
    Serve,
}

impl Wasmtime {
    /// The host in witc.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Run => "wasmtime-run",
            Self::Serve => "wasmtime-serve",
        }
    }
}

/// The flags of a command line, without `-S`.
#[derive(Debug)]
pub(super) struct Flags(Vec<String>);

impl Flags {
    /// None.
    pub(super) fn none() -> Self {
        Self(Vec::new())
    }

    /// Those that witc names.
    pub(super) fn of(fit: &HostFit) -> Self {
        Self(fit.flags())
    }

    /// All that add interfaces to WASI.
    pub(super) fn all() -> Self {
        Self(["http", "cli", "nn", "config", "keyvalue"].map(|flag| format!("-S {flag}")).to_vec())
    }

    /// Whether a flag, such as `-S nn`, is among them.
    pub(super) fn has(&self, flag: &str) -> bool {
        self.0.iter().any(|it| it == flag)
    }
}

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let mut config = Config::new();
    config.wasm_component_model_async(true);
    Engine::new(&config).expect("Wasmtime is built with what is switched on here")
});

/// A host that is never asked for anything: nothing is instantiated here.
struct Nobody;

impl WasiView for Nobody {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        unreachable!("nothing is instantiated")
    }
}

impl WasiHttpView for Nobody {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        unreachable!("nothing is instantiated")
    }
}

/// A component as Wasmtime reads it.
pub(super) fn compiled(bytes: &[u8]) -> wasmtime::Result<Component> {
    Component::from_binary(&ENGINE, bytes)
}

/// Whether there is something to start in a component, and the imports that are missing, sorted. Where nothing can stand in
/// for a missing import, it is the last one that is found, and what would be started is not known.
pub(super) fn answer(
    host: Wasmtime,
    component: &Component,
    flags: &Flags,
) -> Result<(Option<bool>, Vec<String>), Failure> {
    let mut linker = linker(host, flags)?;
    linker.allow_shadowing(true);
    let mut missing = Vec::new();
    let prepared = loop {
        match linker.instantiate_pre(component) {
            Ok(prepared) => break prepared,
            Err(error) => {
                let name = missing_one(&error).ok_or_else(|| format!("{error:?}"))?;
                if missing.contains(&name) {
                    return Ok((None, missing));
                }
                stand_in(&mut linker, component, &name)?;
                missing.push(name);
            }
        }
    };
    missing.sort();
    Ok((Some(starts(host, component, prepared)), missing))
}

/// What the command line puts into its linker, in the same order.
fn linker(host: Wasmtime, flags: &Flags) -> wasmtime::Result<Linker<Nobody>> {
    let mut linker = Linker::new(&ENGINE);
    match host {
        Wasmtime::Run => {
            all_of_wasi(&mut linker)?;
            if flags.has("-S http") {
                wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
                wasmtime_wasi_http::p3::add_to_linker(&mut linker)?;
            }
        }
        Wasmtime::Serve if flags.has("-S cli") => {
            all_of_wasi(&mut linker)?;
            wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
            wasmtime_wasi_http::p3::add_to_linker(&mut linker)?;
        }
        Wasmtime::Serve => {
            wasmtime_wasi_http::p2::add_to_linker_async(&mut linker)?;
            wasmtime_wasi_http::p3::add_to_linker(&mut linker)?;
            wasmtime_wasi::p3::clocks::add_to_linker(&mut linker)?;
            wasmtime_wasi::p3::random::add_to_linker(&mut linker)?;
            wasmtime_wasi::p3::cli::add_to_linker(&mut linker)?;
        }
    }
    if flags.has("-S nn") {
        wasmtime_wasi_nn::wit::add_to_linker(&mut linker, |_| unreachable!("nothing is instantiated"))?;
    }
    if flags.has("-S config") {
        wasmtime_wasi_config::add_to_linker(&mut linker, |_| unreachable!("nothing is instantiated"))?;
    }
    if flags.has("-S keyvalue") {
        wasmtime_wasi_keyvalue::add_to_linker(&mut linker, |_| unreachable!("nothing is instantiated"))?;
    }
    Ok(linker)
}

fn all_of_wasi(linker: &mut Linker<Nobody>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_async(linker)?;
    wasmtime_wasi::p3::add_to_linker(linker)
}

/// The import that an error is about: ``component imports instance `wasi:nn/graph`, but …``.
fn missing_one(error: &wasmtime::Error) -> Option<String> {
    let text = error.to_string();
    let (_, rest) = text.strip_prefix("component imports ")?.split_once('`')?;
    Some(rest.split_once('`')?.0.to_owned())
}

/// Puts something of the right shape in the place of an import.
fn stand_in(linker: &mut Linker<Nobody>, component: &Component, name: &str) -> wasmtime::Result<()> {
    let imports = component.component_type();
    let found = imports.imports(&ENGINE).find(|(import, _)| *import == name);
    let Some((_, item)) = found else { return Ok(()) };
    let ComponentItem::ComponentInstance(instance) = item.ty else {
        return stand_in_item(&mut linker.root(), "", name, &item.ty);
    };
    let mut into = linker.instance(name)?;
    for (item_name, item) in instance.exports(&ENGINE) {
        stand_in_item(&mut into, name, item_name, &item.ty)?;
    }
    Ok(())
}

fn stand_in_item(
    into: &mut LinkerInstance<'_, Nobody>,
    interface: &str,
    name: &str,
    item: &ComponentItem,
) -> wasmtime::Result<()> {
    match item {
        ComponentItem::ComponentFunc(function) if function.async_() => {
            into.func_new_concurrent(name, |_, _, _, _| unreachable!("nothing is called"))
        }
        ComponentItem::ComponentFunc(_) => {
            into.func_new(name, |_, _, _, _| unreachable!("nothing is called"))
        }
        ComponentItem::Resource(_) => into.resource(name, resource(interface, name), |_, _| Ok(())),
        ComponentItem::Type(_)
        | ComponentItem::CoreFunc(_)
        | ComponentItem::Module(_)
        | ComponentItem::Component(_)
        | ComponentItem::ComponentInstance(_) => Ok(()),
    }
}

/// The type of a resource: that of the host where an interface of WASI names one of `wasi:io`, and else one of our own.
fn resource(interface: &str, name: &str) -> ResourceType {
    match name {
        "error" if interface.starts_with("wasi:filesystem/") => {
            ResourceType::host::<wasmtime_wasi::p2::IoError>()
        }
        "input-stream" => ResourceType::host::<wasmtime_wasi::p2::DynInputStream>(),
        "output-stream" => ResourceType::host::<wasmtime_wasi::p2::DynOutputStream>(),
        "pollable" => ResourceType::host::<wasmtime_wasi::p2::DynPollable>(),
        "io-error" => ResourceType::host::<wasmtime_wasi::p2::IoError>(),
        _ => ResourceType::host::<()>(),
    }
}

/// Whether the command finds what it starts: its interface, or for `run` a function that can be named.
fn starts(host: Wasmtime, component: &Component, prepared: InstancePre<Nobody>) -> bool {
    match host {
        Wasmtime::Run => {
            wasmtime_wasi::p3::bindings::CommandPre::new(prepared.clone()).is_ok()
                || wasmtime_wasi::p2::bindings::CommandPre::new(prepared).is_ok()
                || component.component_type().exports(&ENGINE).any(|(_, item)| has_function(&item.ty))
        }
        Wasmtime::Serve => {
            wasmtime_wasi_http::p3::bindings::ServicePre::new(prepared.clone()).is_ok()
                || wasmtime_wasi_http::p2::bindings::ProxyPre::new(prepared).is_ok()
        }
    }
}

/// A function, or an interface with one; what `--invoke` looks for. It reads the parameters as text, which handles have none of.
fn has_function(item: &ComponentItem) -> bool {
    match item {
        ComponentItem::ComponentFunc(function) => {
            function.params().all(|(_, parameter)| has_text(&parameter))
        }
        ComponentItem::ComponentInstance(instance) => instance.exports(&ENGINE).any(|(name, item)| {
            matches!(item.ty, ComponentItem::ComponentFunc(_))
                && !name.starts_with('[')
                && has_function(&item.ty)
        }),
        ComponentItem::Type(_)
        | ComponentItem::Resource(_)
        | ComponentItem::CoreFunc(_)
        | ComponentItem::Module(_)
        | ComponentItem::Component(_) => false,
    }
}

/// Whether the values of a type can be written as text.
fn has_text(of: &Type) -> bool {
    match of {
        Type::Own(_) | Type::Borrow(_) | Type::Future(_) | Type::Stream(_) | Type::ErrorContext => false,
        Type::List(list) => has_text(&list.ty()),
        Type::FixedLengthList(list) => has_text(&list.ty()),
        Type::Map(map) => has_text(&map.key()) && has_text(&map.value()),
        Type::Record(record) => record.fields().all(|field| has_text(&field.ty)),
        Type::Tuple(tuple) => tuple.types().all(|part| has_text(&part)),
        Type::Variant(variant) => variant.cases().filter_map(|case| case.ty).all(|part| has_text(&part)),
        Type::Option(option) => has_text(&option.ty()),
        Type::Result(result) => [result.ok(), result.err()].iter().flatten().all(has_text),
        Type::Bool
        | Type::S8
        | Type::U8
        | Type::S16
        | Type::U16
        | Type::S32
        | Type::U32
        | Type::S64
        | Type::U64
        | Type::Float32
        | Type::Float64
        | Type::Char
        | Type::String
        | Type::Enum(_)
        | Type::Flags(_) => true,
    }
}
