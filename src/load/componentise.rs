//! Makes a component of a core module that carries WIT metadata, with the WASI preview 1 adapter it needs.
//!
//! Differs from `component.rs`: that takes components as they are, this makes them.

use wasi_preview1_component_adapter_provider::{
    WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_COMMAND_ADAPTER,
    WASI_SNAPSHOT_PREVIEW1_PROXY_ADAPTER, WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER,
};
use wasmparser::{Parser, Payload};
use wit_component::{ComponentEncoder, StringEncoding};
use wit_parser::{Resolve, WorldId};

use super::contain::contain;
use super::diagnostics::CannotComponentise;
use super::package_circle::package_circle;
use super::surface;
use super::validate::{Bodies, validate};

/// The component of a core module; `None` if nothing says what world it is for.
///
/// `metadata` is a custom section to add first.
pub(super) fn componentise(
    mut module: Vec<u8>,
    metadata: Option<&[u8]>,
) -> Result<Option<Vec<u8>>, CannotComponentise> {
    module.extend_from_slice(metadata.unwrap_or_default());
    let needs = Needs::of(&module);
    if needs.metadata.is_empty() && !needs.is_command() {
        return Ok(None);
    }
    for section in &needs.metadata {
        check_metadata(section)?;
    }
    let encode = || {
        let mut encoder = ComponentEncoder::default();
        // The result is validated where it is taken in, like every other component.
        encoder.validate(false).module(&module)?;
        if let Some(adapter) = needs.adapter() {
            encoder.adapter(WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, adapter)?;
        }
        encoder.encode()
    };
    match contain(encode) {
        Ok(Ok(component)) => Ok(Some(component)),
        Ok(Err(error)) => {
            Err(CannotComponentise { reasons: error.chain().map(ToString::to_string).collect() })
        }
        Err(panic) => {
            let reason = format!("the encoder stopped at {}: {}", panic.place, panic.message);
            Err(CannotComponentise { reasons: vec![reason] })
        }
    }
}

/// The custom section that says which world a core module is for.
pub(super) fn metadata_section(resolve: &Resolve, world: WorldId) -> Result<Vec<u8>, CannotComponentise> {
    let mut section = Vec::new();
    let encode =
        || wit_component::embed_component_metadata(&mut section, resolve, world, StringEncoding::UTF8, false);
    match contain(encode) {
        Ok(Ok(())) => Ok(section),
        Ok(Err(error)) => {
            Err(CannotComponentise { reasons: error.chain().map(ToString::to_string).collect() })
        }
        Err(panic) => Err(CannotComponentise { reasons: vec![panic.message] }),
    }
}

/// Refuses metadata on which the encoder would call itself without end.
fn check_metadata(section: &[u8]) -> Result<(), CannotComponentise> {
    let refuse = |reason: String| Err(CannotComponentise { reasons: vec![reason] });
    if section.first() == Some(&3) {
        return refuse("its section `component-type` is in a format from before 2024".to_owned());
    }
    let world = validate(section, Bodies::None).ok().and_then(|validated| surface::world(&validated));
    let Some((name, world)) = world else {
        return refuse("its section `component-type` does not describe a world".to_owned());
    };
    match package_circle(&world, Some(&name)) {
        Some(circle) => refuse(format!("the packages of its world use each other in a circle: {circle}")),
        None => Ok(()),
    }
}

/// What a core module asks of its component.
#[derive(Debug, Default)]
struct Needs<'m> {
    /// The sections that say which world it is for.
    metadata: Vec<&'m [u8]>,
    has_start: bool,
    handles_http: bool,
    /// The functions of WASI preview 1 that it imports.
    preview1: Vec<String>,
}

/// What the proxy adapter can do as well as the others: all but files, sockets and the environment.
const PROXY_FUNCTIONS: &[&str] = &[
    "args_get",
    "args_sizes_get",
    "clock_res_get",
    "clock_time_get",
    "fd_close",
    "fd_fdstat_get",
    "fd_prestat_dir_name",
    "fd_prestat_get",
    "fd_read",
    "fd_seek",
    "fd_write",
    "poll_oneoff",
    "proc_exit",
    "random_get",
    "sched_yield",
];

impl<'m> Needs<'m> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "most sections say nothing about this")]
    fn of(module: &'m [u8]) -> Self {
        let mut needs = Self::default();
        for payload in Parser::new(0).parse_all(module).map_while(Result::ok) {
            match payload {
                Payload::CustomSection(section) if section.name().starts_with("component-type") => {
                    needs.metadata.push(section.data());
                }
                Payload::ImportSection(imports) => {
                    let imports = imports.into_imports().map_while(Result::ok);
                    let of_preview1 = imports.filter(|it| it.module == WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME);
                    needs.preview1.extend(of_preview1.map(|import| import.name.to_owned()));
                }
                Payload::ExportSection(exports) => {
                    for export in exports.into_iter().map_while(Result::ok) {
                        needs.has_start |= export.name == "_start";
                        needs.handles_http |= export.name.contains("wasi:http/incoming-handler@0.2");
                    }
                }
                _ => {}
            }
        }
        needs
    }

    /// A WASI preview 1 program needs no metadata: its world is `wasi:cli/command`.
    fn is_command(&self) -> bool {
        self.has_start && !self.preview1.is_empty()
    }

    fn adapter(&self) -> Option<&'static [u8]> {
        if self.preview1.is_empty() {
            return None;
        }
        let proxy_is_enough = || self.preview1.iter().all(|name| PROXY_FUNCTIONS.contains(&name.as_str()));
        Some(match (self.has_start, self.handles_http && proxy_is_enough()) {
            (true, _) => WASI_SNAPSHOT_PREVIEW1_COMMAND_ADAPTER,
            (false, true) => WASI_SNAPSHOT_PREVIEW1_PROXY_ADAPTER,
            (false, false) => WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::component::assemble;

    #[track_caller]
    fn check(imports: &[&str], export: &str, expected: Option<&[u8]>) {
        let import = |name: &&str| format!(r#"(import "wasi_snapshot_preview1" "{name}" (func))"#);
        let imports: String = imports.iter().map(import).collect();
        let module = assemble(&format!(r#"(module {imports} (func (export "{export}")))"#));
        let module = module.expect("the text is right");
        let needs = Needs::of(&module);
        assert!(needs.adapter() == expected, "{needs:?}");
    }

    #[test]
    fn the_adapter_follows_from_the_module() {
        let handle = "wasi:http/incoming-handler@0.2.3#handle";
        check(&[], "_start", None);
        check(&["fd_write"], "_start", Some(WASI_SNAPSHOT_PREVIEW1_COMMAND_ADAPTER));
        check(&["fd_write"], "a:b/c#d", Some(WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER));
        check(&["fd_write", "random_get"], handle, Some(WASI_SNAPSHOT_PREVIEW1_PROXY_ADAPTER));
        check(&["fd_write", "path_open"], handle, Some(WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER));
    }

    #[test]
    fn a_program_needs_no_metadata() {
        let module = |text: &str| assemble(text).expect("the text is right");
        let start = r#"(func (export "_start") (call 0))"#;
        let memory = r#"(memory (export "memory") 1)"#;
        let exit = r#"(import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))"#;
        let program = format!("(module {exit} {memory} {})", start.replace("call 0", "drop (call 0)"));
        let component = componentise(module(&program), None).expect("it is a program");
        assert!(component.is_some_and(|bytes| Parser::is_component(&bytes)));
        assert!(componentise(module("(module)"), None).is_ok_and(|component| component.is_none()));
    }
}
