//! The identity of a capability: which imported function, of which interface, under which label.
//!
//! Differs from `name.rs`: that is what one name says, this is what a policy grants or refuses.

use std::fmt;

use super::{FunctionName, InterfaceName};

/// One thing that a component may be allowed to use: `label: package/interface@track#function`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CapabilityName {
    /// The label of the import, or its plain name where it is no interface.
    pub label: Option<String>,
    /// The interface, if the import is one.
    pub interface: Option<InterfaceName>,
    /// The function, as the binary names it; `None` for an import that is not a function of an instance.
    pub function: Option<String>,
}

impl CapabilityName {
    /// The same import without the function.
    #[must_use]
    pub fn without_function(&self) -> Self {
        Self { function: None, ..self.clone() }
    }
}

/// As a policy writes it: the track instead of the version, the function without its bracket.
impl fmt::Display for CapabilityName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.label, &self.interface) {
            (Some(label), Some(interface)) => write!(f, "{label}: {}", interface.on_track())?,
            (Some(label), None) => f.write_str(label)?,
            (None, Some(interface)) => f.write_str(&interface.on_track())?,
            (None, None) => {}
        }
        match &self.function {
            Some(function) => write!(f, "#{}", short_function_name(function)),
            None => Ok(()),
        }
    }
}

/// The name of a function without its bracket: `descriptor.open-at` for `[method]descriptor.open-at`. Within one
/// interface no two functions have the same, because the members of a resource have different names.
pub fn short_function_name(name: &str) -> &str {
    match FunctionName::parse(name) {
        FunctionName::Free(_) => name,
        FunctionName::Constructor(_) | FunctionName::Method(..) | FunctionName::Static(..) => {
            name.split_once(']').map_or(name, |(_, rest)| rest)
        }
    }
}
