//! What this stage can report: one struct a diagnostic, holding facts; the words are added here and nowhere else.

use crate::diag::{Diagnostic, Label, code, quoted};
use crate::source::Span;

/// Imports of the whole use types of each other in a circle.
pub(super) struct ImportCircle {
    pub(super) name: String,
}

impl From<ImportCircle> for Diagnostic {
    fn from(fact: ImportCircle) -> Self {
        let name = quoted(&fact.name);
        Diagnostic::new(
            code::IMPORT_CIRCLE,
            format!("import {name} uses types of imports that use types of it"),
        )
        .note("each component alone is fine; their imports, taken together, have no order")
        .help("build the components against one version of the interfaces")
    }
}

/// An import of the whole would need a resource that is made inside.
pub(super) struct InnerResource {
    pub(super) import: String,
    pub(super) user: String,
    pub(super) maker: String,
}

impl From<InnerResource> for Diagnostic {
    fn from(fact: InnerResource) -> Self {
        let (import, user, maker) = (quoted(&fact.import), quoted(&fact.user), quoted(&fact.maker));
        Diagnostic::new(
            code::INNER_RESOURCE,
            format!("{import} is left to the host, and needs a resource of {maker}"),
        )
        .note(format!(
            "{user} imports it; a host cannot know a resource that is made inside of the composition"
        ))
        .help(format!("add a component that provides {import}, or leave the resource to the host as well"))
    }
}

/// An export uses a resource of an interface that the whole keeps to itself.
pub(super) struct PrivateType {
    pub(super) place: Span,
    pub(super) resource: String,
    pub(super) export: String,
    pub(super) provider: String,
    pub(super) interface: String,
}

impl From<PrivateType> for Diagnostic {
    fn from(fact: PrivateType) -> Self {
        let (resource, export) = (quoted(&fact.resource), quoted(&fact.export));
        let (interface, provider) = (quoted(&fact.interface), quoted(&fact.provider));
        Diagnostic::new(
            code::PRIVATE_TYPE,
            format!(
                "export {export} uses resource {resource}, and {interface} of {provider} is not exported"
            ),
        )
        .label(Label::primary(
            fact.place,
            "nobody outside can name this resource as the one of its interface",
        ))
        .note(format!("linked with another user of {interface}, the two would have different resources"))
        .help(format!(
            "export it too, in `witc.toml`:\nexpose = {{ \"{}\" = \"{}\" }}",
            fact.interface, fact.provider
        ))
    }
}
