//! Chains that do not do what they were written for, and what leads past them.

use super::{is_bare, key, manifest, string, table, wires};
use crate::check::offers::Offer;
use crate::check::set::Set;
use crate::check::{InstanceId, Port};
use crate::config::{Chain, WireChoice};
use crate::diag::{Diagnostic, Label, Run, code, list, quoted};
use crate::model::{InterfaceName, ItemPath, Side};
use crate::source::Span;

/// A chain around an interface that nobody imports.
pub(in crate::check) struct UnusedChain<'a> {
    pub(in crate::check) chain: &'a Chain,
}

impl From<UnusedChain<'_>> for Diagnostic {
    fn from(fact: UnusedChain<'_>) -> Self {
        let interface = &fact.chain.interface;
        let message = format!(
            "no component imports {}: the chain around it changes nothing",
            quoted(interface.as_str())
        );
        Self::new(code::UNUSED_CHAIN, message)
            .label(Label::primary(interface.span, "nobody takes this from the chain"))
            .help("leave the chain out, or add the component that is to use it")
    }
}

/// A wire says something else of an import than the chain around its interface.
pub(in crate::check) struct OverriddenChain<'a> {
    /// The instance that imports.
    pub(in crate::check) user: &'a str,
    pub(in crate::check) wire: &'a WireChoice,
    /// Where the chain names the interface.
    pub(in crate::check) chain: Span,
}

impl From<OverriddenChain<'_>> for Diagnostic {
    fn from(fact: OverriddenChain<'_>) -> Self {
        let (user, import) = (quoted(fact.user), quoted(fact.wire.import.as_str()));
        let message = format!("a wire takes {import} of {user} past the chain around it");
        Self::new(code::OVERRIDDEN_CHAIN, message)
            .label(Label::primary(fact.wire.import.span, "the wire counts"))
            .label(Label::secondary(fact.chain, format!("and not this chain, for {user}")))
            .help("if that is not meant, leave out the wire")
    }
}

/// A chain or a wire that names no version would give an import what is of another track.
pub(in crate::check) struct AcrossTracks<'a> {
    pub(in crate::check) port: &'a Port,
    pub(in crate::check) offer: &'a Offer,
    /// Where the interface is named without a version.
    pub(in crate::check) place: Span,
    /// Whether both are layers of one chain.
    pub(in crate::check) is_layer: bool,
}

impl AcrossTracks<'_> {
    pub(in crate::check) fn report(&self, set: &mut Set<'_>, run: &mut Run) {
        let Self { port, offer, place, is_layer } = *self;
        let (user, provider) = (quoted(set.name(port.instance)), quoted(set.name(offer.instance)));
        let full = |set: &Set<'_>, id, side, name: &str| {
            set.item(id, side, name).map_or_else(|| name.to_owned(), |item| item.full_name(name))
        };
        let import = full(set, port.instance, Side::Import, &port.name);
        let export = full(set, offer.instance, Side::Export, &offer.export);
        let (wanted, found) = (quoted(&import), quoted(&export));
        let message = format!(
            "{user} imports {wanted}, and would take {found} of {provider}: versions on different tracks never match"
        );
        let here = set.span(run, port.instance, &ItemPath::item(Side::Import, &port.name));
        let there = set.span(run, offer.instance, &ItemPath::item(Side::Export, &offer.export));
        let version = InterfaceName::parse(&export).filter(|_| export.contains('@'));
        let help = match (is_layer, version) {
            (true, _) => format!("build {user} and {provider} against one version of the interface"),
            (false, Some(name)) => {
                format!("name the version that is meant, such as {}", quoted(&name.on_track()))
            }
            (false, None) => format!(
                "{found} has no version: if it is meant all the same, say so in {}:\n{}",
                manifest(set, run),
                wires(set, &[(port.clone(), offer.clone())])
            ),
        };
        run.diagnostics.report(
            Diagnostic::new(code::ACROSS_TRACKS, message)
                .label(Label::primary(place, "this names no version"))
                .label(Label::secondary(here, format!("{user} needs this one")))
                .label(Label::secondary(there, format!("{provider} has this one")))
                .help(help),
        );
    }
}

/// The last layer of a chain imports what the chain is around, and the user did not say from whom.
pub(in crate::check) struct UnfinishedChain<'a> {
    pub(in crate::check) chain: &'a Chain,
    /// The import of the last layer.
    pub(in crate::check) port: &'a Port,
    /// The instances outside of the chain that export the interface.
    pub(in crate::check) forgotten: &'a [InstanceId],
}

impl UnfinishedChain<'_> {
    pub(in crate::check) fn report(&self, set: &mut Set<'_>, run: &mut Run) {
        let Some(last) = self.chain.layers.last() else { return };
        let (user, import) = (quoted(set.name(self.port.instance)), quoted(&self.port.name));
        let forgotten: Vec<String> = self.forgotten.iter().map(|id| quoted(set.name(*id))).collect();
        let place = set.span(run, self.port.instance, &ItemPath::item(Side::Import, &self.port.name));
        let message = format!("{user}, the last layer of its chain, takes {import} from the host");
        let mut diagnostic = Diagnostic::new(code::UNFINISHED_CHAIN, message)
            .label(Label::primary(last.span, "nothing comes after this layer"))
            .label(Label::secondary(place, format!("{user} passes it on to this")));
        diagnostic = match forgotten.as_slice() {
            [] => diagnostic.help("name the component that serves it as the last layer"),
            names => {
                diagnostic.help(format!("was {} to be the last layer? it exports the same", list(names)))
            }
        };
        let meant = match is_bare(set, run) {
            true => format!("if the host is to serve it:\n  -A {}", code::UNFINISHED_CHAIN),
            false => {
                let line = format!("{} = \"host\"", string(&self.port.name));
                let lines = table(set, &format!("wire.{}", key(set.name(self.port.instance))), &[line]);
                format!("if the host is to serve it, say so in {}:\n{lines}", manifest(set, run))
            }
        };
        run.diagnostics.report(diagnostic.help(meant));
    }
}
