//! Bytes as one input: a binary, the text format or WIT. They are checked, read back and shown.
//!
//! Differs from `link.rs`, whose components are sound.
#![no_main]

use libfuzzer_sys::fuzz_target;
use witc::config::{ComponentInput, ComposeRequest, Request};
use witc::pipeline;
use witc::source::MemoryFiles;
use witc_fuzz::{expect_no_bug, hold};

fuzz_target!(|bytes: &[u8]| hold(|| {
    let name = name_for(bytes);
    let files = MemoryFiles::default().with(name, bytes);
    let inputs = vec![ComponentInput::bare(name)];
    let request = Request { inputs, validate_bodies: true, allow_wit: true, ..Request::default() };
    let outcome = pipeline::check(&request, &files);
    expect_no_bug(&outcome);
    let is_sound = !outcome.diagnostics.iter().any(|it| it.code.as_str().starts_with("load/"));
    if is_sound && !name.ends_with(".wit") {
        expect_no_bug(&pipeline::graph(&request, &ComposeRequest::default(), &files));
        expect_no_bug(&pipeline::wit(&request, &files));
    }
}));

/// The name that bytes of that kind would have.
fn name_for(bytes: &[u8]) -> &'static str {
    if bytes.starts_with(b"\0asm") {
        return "input.wasm";
    }
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'(' | b';') => "input.wat",
        _ => "input.wit",
    }
}
