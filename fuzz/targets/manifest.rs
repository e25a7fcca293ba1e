//! A text as each of the files that people write: `witc.toml`, a policy, a capability lock.
//!
//! Differs from `load.rs`: the components are sound and always the same.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use witc::config::{ComponentInput, ComposeRequest, Request};
use witc::model::Date;
use witc::pipeline;
use witc::source::MemoryFiles;
use witc_fuzz::{expect_no_bug, hold};

/// Components that a manifest may name.
const COMPONENTS: &[(&str, &str)] = &[
    (
        "app.wasm",
        r#"(component
             (import "a:b/log@1.0.0" (instance $log (export "write" (func (param "text" string)))))
             (import "wasi:filesystem/preopens@0.2.3" (instance))
             (core module $m (func (export "run")))
             (core instance $m (instantiate $m))
             (func $run (canon lift (core func $m "run")))
             (export "run" (func $run)))"#,
    ),
    (
        "log.wasm",
        r#"(component
             (import "wasi:sockets/network@0.2.0" (instance))
             (core module $m
               (memory (export "memory") 1)
               (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable)
               (func (export "write") (param i32 i32)))
             (core instance $m (instantiate $m))
             (func $write (param "text" string)
               (canon lift (core func $m "write") (memory (core memory $m "memory"))
                 (realloc (core func $m "realloc"))))
             (instance $log (export "write" (func $write)))
             (export "a:b/log@1.0.0" (instance $log)))"#,
    ),
];

fuzz_target!(|text: &[u8]| hold(|| {
    let today = Date::from_unix_seconds(1_750_000_000);
    let request = Request { validate_bodies: true, today, ..Request::default() };

    let files = files().with("witc.toml", text);
    let composing = Request { manifests: vec!["witc.toml".into()], ..request.clone() };
    expect_no_bug(&pipeline::compose(&composing, &ComposeRequest::default(), &files));

    let files = self::files().with("witc-policy.toml", text);
    let inputs = ["app.wasm", "log.wasm"].map(ComponentInput::bare).to_vec();
    let judging = Request { inputs, policy: Some("witc-policy.toml".into()), ..request };
    expect_no_bug(&pipeline::lint(&judging, &files));

    let files = self::files().with("witc.caps.lock", text);
    let locked = Request { policy: None, locked: true, ..judging };
    expect_no_bug(&pipeline::lint(&locked, &files));
}));

fn files() -> MemoryFiles {
    static ASSEMBLED: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    let assemble = |(_, text): &(&str, &str)| wat::parse_str(text).expect("they are sound");
    let assembled = ASSEMBLED.get_or_init(|| COMPONENTS.iter().map(assemble).collect());
    let named = COMPONENTS.iter().map(|(name, _)| name).zip(assembled);
    named.fold(MemoryFiles::default(), |files, (name, bytes)| files.with(name, bytes.clone()))
}
