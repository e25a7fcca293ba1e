//! Compiles components with Wasmtime and does nothing else: `cargo xtask bench --compile` measures how long that takes.
//!
//! Differs from the tests beside it, which run what they compile.

use wasmtime::component::Component;
use wasmtime::{Config, Engine, Result};

fn main() -> Result<()> {
    for path in std::env::args().skip(1) {
        Component::from_file(&Engine::new(Config::new().wasm_component_model(true))?, path)?;
    }
    Ok(())
}
