//! What the whole exports although nobody asked for it.

use super::string;
use crate::check::Port;
use crate::check::exposed::Use;
use crate::check::set::Set;
use crate::diag::{Alike, Diagnostic, Label, Run, code, quoted};
use crate::model::{ItemPath, Side, Sort};

/// An export uses a type that has its name in another one, which therefore is exported as well.
pub(in crate::check) struct ImpliedExport {
    /// The export that uses the type.
    pub(in crate::check) user: Port,
    /// The type, as the component of the user names it.
    pub(in crate::check) used: Use,
    /// The export that it has its name in.
    pub(in crate::check) export: Port,
}

impl ImpliedExport {
    pub(in crate::check) fn report(&self, set: &mut Set<'_>, run: &mut Run) {
        let place = set.span(run, self.user.instance, &ItemPath::item(Side::Export, &self.user.name));
        let (user, export) = (quoted(&self.user.name), quoted(&self.export.name));
        let provider = quoted(set.name(self.export.instance));
        let item = set.item(self.export.instance, Side::Export, &self.export.name);
        let message = match item.map(|item| item.kind.sort()) {
            Some(Sort::Type) => {
                format!("export {user} uses type {export}, so that the whole exports that too")
            }
            _ => {
                let last = self.used.named.steps.last().map(ToString::to_string);
                let name = quoted(&last.unwrap_or_default());
                format!("export {user} uses {name} of {export}, so that the whole exports that interface too")
            }
        };
        let alike = Alike {
            message: format!("{{count}} exports of {provider} are exported for the types in them"),
            row: format!("{export}, for {user}"),
            ..Alike::default()
        };
        run.diagnostics.report(
            Diagnostic::new(code::IMPLIED_EXPORT, message)
                .one_of_many(alike)
                .label(Label::primary(place, format!("{provider} provides {export}")))
                .note("whoever calls an export must be able to name each type in it")
                .help(format!(
                    "say that it is meant, in the table of the composition in a `witc.toml`:\n  expose.{} = {}",
                    string(&self.export.name),
                    string(set.name(self.export.instance)),
                )),
        );
    }
}
