//! What this stage can report: one struct a diagnostic, holding facts; the words are added here and nowhere else.
//!
//! Differs from `check`'s diagnostics about hosts: there the artifact does not run, here its deployment cannot be written down.

use std::path::PathBuf;

use crate::config::Spanned;
use crate::diag::{Diagnostic, Label, code, escape, list, quoted};
use crate::source::Span;

/// witc knows no form in which the host takes a deployment.
pub(super) struct NoForm {
    pub(super) host: String,
    /// Why there is none, and what to do.
    pub(super) why: Option<String>,
}

impl From<NoForm> for Diagnostic {
    fn from(found: NoForm) -> Self {
        let message = format!("witc writes no deployment for the host {}", quoted(&found.host));
        let diagnostic = Self::new(code::NO_FORM, message);
        match found.why {
            Some(why) => diagnostic.note(escape(&why)).help("link with `witc compose`, and deploy the result as the host says"),
            None => diagnostic.note("its profile names no `form`").help(
                "write in the profile which form it takes, such as `form = \"wasmtime-serve\"`, or deploy what \
                 `witc compose` writes",
            ),
        }
    }
}

/// The host takes one artifact, not a graph of components.
pub(super) struct NoGraph {
    pub(super) host: String,
}

impl From<NoGraph> for Diagnostic {
    fn from(found: NoGraph) -> Self {
        let message = format!("{} takes one artifact, and no graph of components", quoted(&found.host));
        Self::new(code::CANNOT_CARRY, message)
            .help("leave `--graph` out: then the components are linked into one")
    }
}

/// Several compositions, of which one can be deployed into a folder.
pub(super) struct SeveralCompositions {
    pub(super) names: Vec<String>,
}

impl From<SeveralCompositions> for Diagnostic {
    fn from(found: SeveralCompositions) -> Self {
        let names: Vec<String> = found.names.iter().map(|name| quoted(name)).collect();
        Self::new(code::SEVERAL_COMPOSITIONS, format!("{} could be deployed", list(&names)))
            .note("a deployment is of one composition")
            .help("name it: `-c NAME`")
    }
}

/// A file is asked for that the deployment does not have.
pub(super) struct NoSuchFile {
    pub(super) path: String,
    pub(super) known: Vec<String>,
}

impl From<NoSuchFile> for Diagnostic {
    fn from(found: NoSuchFile) -> Self {
        let known: Vec<String> = found.known.iter().map(|path| quoted(path)).collect();
        Self::new(code::ONE_FILE, format!("the deployment has no file {}", quoted(&found.path)))
            .note(format!("its files are {}", known.join(", ")))
            .help("name one of them with `--only`")
    }
}

/// Several files for standard output, which takes one.
pub(super) struct SeveralFiles {
    pub(super) paths: Vec<String>,
}

impl From<SeveralFiles> for Diagnostic {
    fn from(found: SeveralFiles) -> Self {
        let paths: Vec<String> = found.paths.iter().map(|path| quoted(path)).collect();
        Self::new(code::ONE_FILE, "standard output takes one file, and the deployment has several")
            .note(format!("they are {}", paths.join(", ")))
            .help("name one of them with `--only FILE`, or a folder with `-o`")
    }
}

/// A form cannot say what the composition or its policy needs.
pub(super) struct CannotCarry {
    pub(super) host: String,
    /// What cannot be said: a clause.
    pub(super) what: String,
    /// What is so at the place.
    pub(super) label: String,
    pub(super) help: String,
    pub(super) span: Span,
}

impl From<CannotCarry> for Diagnostic {
    fn from(found: CannotCarry) -> Self {
        Self::new(
            code::CANNOT_CARRY,
            format!("the form of {} cannot carry {}", quoted(&found.host), found.what),
        )
        .label(Label::primary(found.span, found.label))
        .help(found.help)
    }
}

/// A component is given a value that its composition does not allow.
pub(super) struct BeyondCeiling {
    text: String,
    kind: String,
    by: Ceiling,
    span: Span,
}

/// What allows less than a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ceiling {
    /// The table of the composition.
    Composition,
    /// A policy that this one builds on, or that builds on it.
    Base,
}

impl BeyondCeiling {
    pub(super) fn new(kind: &str, value: &Spanned<String>, by: Ceiling) -> Self {
        Self { text: value.value.clone(), kind: kind.to_owned(), by, span: value.span }
    }
}

impl From<BeyondCeiling> for Diagnostic {
    fn from(found: BeyondCeiling) -> Self {
        let (text, kind) = (quoted(&found.text), quoted(&found.kind));
        let (who, label, help) = match found.by {
            Ceiling::Composition => (
                "the composition",
                "granted to a component",
                "name it in the `scope` of the composition too, or take it out here",
            ),
            Ceiling::Base => (
                "another policy that holds here",
                "allowed by this one alone",
                "policies that build on others only tighten them: take it out here, or name it there too",
            ),
        };
        Self::new(code::BEYOND_CEILING, format!("{who} does not allow {text} within {kind}: it is left out"))
            .label(Label::primary(found.span, label))
            .help(help)
    }
}

/// What one component in an artifact may use, another one may too, against its own limits.
pub(super) struct SharedScope {
    pub(super) component: String,
    pub(super) kind: String,
    pub(super) more: Vec<String>,
    pub(super) can_be_graph: bool,
    pub(super) span: Span,
}

impl From<SharedScope> for Diagnostic {
    fn from(found: SharedScope) -> Self {
        let more: Vec<String> = found.more.iter().map(|value| quoted(value)).collect();
        let (component, kind) = (quoted(&found.component), quoted(&found.kind));
        let message = format!("linked into one, {component} may use {} too, beyond its {kind}", list(&more));
        let help = match found.can_be_graph {
            true => "deploy the components one by one, each with its own limits: `--graph`",
            false => {
                "link a component between that holds each to its limits, or accept that the host sees one artifact"
            }
        };
        Self::new(code::WIDER_SCOPE, message)
            .label(Label::primary(found.span, "all that it is granted"))
            .note("a host holds an artifact to its limits, not the components in it")
            .help(help)
    }
}

/// The label of a text of the policy.
pub(super) const ALLOWED: &str = "what the policy allows";

/// The form says less than the policy: the host lets more through.
pub(super) struct WiderScope {
    pub(super) host: String,
    pub(super) text: String,
    /// What is let through as well: a clause.
    pub(super) more: &'static str,
    /// What is so at the place.
    pub(super) label: &'static str,
    pub(super) span: Span,
}

impl From<WiderScope> for Diagnostic {
    fn from(found: WiderScope) -> Self {
        let (host, text) = (quoted(&found.host), quoted(&found.text));
        Self::new(code::WIDER_SCOPE, format!("the form of {host} cannot say {text} exactly: {}", found.more))
            .label(Label::primary(found.span, found.label))
            .help("if that will do, say so: `-A wider-scope`; or deploy on a host that can say it")
    }
}

/// The host grants something by a list that the policy does not fill.
pub(super) struct UnnamedGrant {
    pub(super) import: String,
    pub(super) kind: Option<&'static str>,
    pub(super) host: String,
    pub(super) by: String,
    pub(super) policy: InForce,
    pub(super) span: Span,
}

/// What a deployment is granted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum InForce {
    /// A policy.
    Policy,
    /// Nothing.
    Nothing {
        /// The policy that lies where one could be, though nobody names it.
        unread: Option<PathBuf>,
        /// The command that writes a first one.
        init: String,
    },
}

impl From<UnnamedGrant> for Diagnostic {
    fn from(found: UnnamedGrant) -> Self {
        let (import, host) = (quoted(&found.import), quoted(&found.host));
        let message = format!("nobody says what {import} may be used for on {host}: it is granted nothing");
        let diagnostic = Self::new(code::UNNAMED_GRANT, message)
            .label(Label::primary(found.span, "links, and then may do nothing"))
            .note(format!("{host} grants it by {}", quoted(&found.by)));
        let diagnostic = match &found.policy {
            InForce::Policy => diagnostic,
            InForce::Nothing { unread: None, init } => diagnostic.note("no policy is in force").help(format!(
                "write one with {}, and name it: `policy = \"FILE\"` in the `witc.toml`, or `--policy FILE`",
                quoted(init)
            )),
            InForce::Nothing { unread: Some(path), .. } => {
                let path = path.display().to_string();
                let name = escape(path.rsplit('/').next().unwrap_or_default());
                diagnostic.note(format!("no policy is in force: {} is there, and is not read", quoted(&path))).help(
                    format!("name it: `policy = \"{name}\"` in the `witc.toml`, or `--policy {}`", escape(&path)),
                )
            }
        };
        match found.kind {
            Some(kind) => diagnostic.help(format!(
                "say it in the policy, in the grant of this capability: scope = {{ {kind} = [\"…\"] }}"
            )),
            None => diagnostic.help("grant it in the policy, or add what is missing by hand"),
        }
    }
}

/// The deployment does not say all that is needed: one way to run it has no place for something, or somebody must fill it in.
pub(super) struct Incomplete {
    /// What is not said, and what comes of that: a sentence.
    pub(super) what: String,
    /// What is so at the place.
    pub(super) label: String,
    pub(super) help: String,
    pub(super) span: Span,
}

impl From<Incomplete> for Diagnostic {
    fn from(found: Incomplete) -> Self {
        Self::new(code::INCOMPLETE, found.what)
            .label(Label::primary(found.span, found.label))
            .help(found.help)
    }
}
