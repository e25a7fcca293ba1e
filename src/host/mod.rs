//! Host profiles: what a host supplies, in which versions, with which power.

use crate::model::InterfaceName;

/// The namespaces of the interfaces that hosts are known to provide.
///
/// Source: the published WIT of WASI, Fastly Compute, Spin, wasmCloud and Golem.
const NAMESPACES: &[&str] = &["wasi", "fastly", "fermyon", "spin", "wasmcloud", "golem"];

/// Whether some host is known to provide interfaces of this namespace.
pub fn provides_somewhere(interface: &InterfaceName) -> bool {
    NAMESPACES.contains(&interface.namespace())
}
