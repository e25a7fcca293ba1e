//! What is said of names in WIT that nothing has.
//!
//! Differs from `mod.rs` beside it, which has what is said of the WIT itself.

use semver::Version;

use super::super::package::PackageName;
use crate::diag::{Diagnostic, Label, code, escape, list, quoted};
use crate::host::with_version;
use crate::source::Span;

/// A name that stands for nothing where a type is wanted.
pub(in crate::load::wit) struct UnknownName {
    pub(in crate::load::wit) span: Span,
    pub(in crate::load::wit) name: String,
    /// Where it was looked for: `interface types`.
    pub(in crate::load::wit) within: String,
    /// The name that may have been meant.
    pub(in crate::load::wit) meant: Option<String>,
    /// Whether the name is that of a function.
    pub(in crate::load::wit) is_function: bool,
    /// An interface of the package that has a type of this name.
    pub(in crate::load::wit) elsewhere: Option<String>,
}

impl From<UnknownName> for Diagnostic {
    fn from(it: UnknownName) -> Self {
        let message = format!("there is no type {} in {}", quoted(&it.name), escape(&it.within));
        let diagnostic =
            Self::new(code::UNKNOWN_NAME, message).label(Label::primary(it.span, meant(it.meant.as_deref())));
        if it.is_function {
            return diagnostic
                .note(format!("{} is a function; only a type can be named here", quoted(&it.name)));
        }
        if let Some(interface) = &it.elsewhere {
            let line = format!("use {}.{{{}}};", escape(interface), escape(&it.name));
            return diagnostic.help(format!("write `{line}` above, to take it from that interface"));
        }
        match it.name.as_str() {
            "float32" => diagnostic.help("write `f32`, its name since 2023"),
            "float64" => diagnostic.help("write `f64`, its name since 2023"),
            _ => diagnostic,
        }
    }
}

/// A path that leads to no interface.
pub(in crate::load::wit) struct UnknownInterface {
    pub(in crate::load::wit) span: Span,
    pub(in crate::load::wit) name: String,
    /// The package in which it was looked for.
    pub(in crate::load::wit) package: Option<PackageName>,
    pub(in crate::load::wit) meant: Option<String>,
    /// Whether the name is that of a world.
    pub(in crate::load::wit) is_world: bool,
}

impl From<UnknownInterface> for Diagnostic {
    fn from(it: UnknownInterface) -> Self {
        let message =
            format!("there is no interface {}{}", quoted(&it.name), in_package(it.package.as_ref()));
        let label =
            if it.is_world { "a world, not an interface".to_owned() } else { meant(it.meant.as_deref()) };
        Self::new(code::UNKNOWN_INTERFACE, message).label(Label::primary(it.span, label))
    }
}

/// An `include` of no world.
pub(in crate::load::wit) struct UnknownWorld {
    pub(in crate::load::wit) span: Span,
    pub(in crate::load::wit) name: String,
    /// The package in which it was looked for.
    pub(in crate::load::wit) package: Option<PackageName>,
    pub(in crate::load::wit) meant: Option<String>,
    /// Whether the name is that of an interface.
    pub(in crate::load::wit) is_interface: bool,
}

impl From<UnknownWorld> for Diagnostic {
    fn from(it: UnknownWorld) -> Self {
        let message = format!("there is no world {}{}", quoted(&it.name), in_package(it.package.as_ref()));
        let label =
            if it.is_interface { "an interface, not a world".to_owned() } else { meant(it.meant.as_deref()) };
        let diagnostic = Self::new(code::UNKNOWN_WORLD, message).label(Label::primary(it.span, label));
        if it.is_interface {
            diagnostic.help(format!("write `import {0};` or `export {0};`", escape(&it.name)))
        } else {
            diagnostic
        }
    }
}

/// A path into a package that is not there.
pub(in crate::load::wit) struct UnknownPackage {
    pub(in crate::load::wit) span: Span,
    pub(in crate::load::wit) name: PackageName,
    pub(in crate::load::wit) meant: Option<String>,
    /// What to do, where more is known than that the package is missing.
    pub(in crate::load::wit) help: Option<String>,
}

impl From<UnknownPackage> for Diagnostic {
    fn from(it: UnknownPackage) -> Self {
        let name = it.name.to_string();
        let diagnostic = Self::new(code::UNKNOWN_PACKAGE, format!("there is no package {}", quoted(&name)))
            .label(Label::primary(it.span, meant(it.meant.as_deref())));
        diagnostic.help(it.help.unwrap_or_else(|| {
            "name its WIT with `--wit PATH`, or put it into `deps/` and check the whole folder".to_owned()
        }))
    }
}

/// A package that is there, in other versions than the one asked for.
pub(in crate::load::wit) struct UnknownVersion {
    pub(in crate::load::wit) span: Span,
    pub(in crate::load::wit) asked: PackageName,
    /// The versions that are there, the oldest first.
    pub(in crate::load::wit) known: Vec<Option<Version>>,
    /// What to write instead, with a version that has it.
    pub(in crate::load::wit) instead: Option<String>,
}

impl From<UnknownVersion> for Diagnostic {
    fn from(it: UnknownVersion) -> Self {
        let message = match &it.asked.version {
            Some(version) => {
                format!("there is no version {version} of the package {}", quoted(&it.asked.name))
            }
            None => format!("the package {} is there only with a version", quoted(&it.asked.name)),
        };
        let known = it.known.iter().map(|version| match version {
            Some(version) => version.to_string(),
            None => "one without a version".to_owned(),
        });
        let known: Vec<_> = known.collect();
        let mut diagnostic = Self::new(code::UNKNOWN_VERSION, message)
            .label(Label::primary(it.span, "asked for here"))
            .note(format!("known: {}", known.join(", ")));
        if it.asked.version.as_ref().is_some_and(|version| !version.pre.is_empty()) {
            diagnostic = diagnostic.note("a prerelease is a version of its own: no other can stand for it");
        }
        let hosts = it.asked.version.as_ref().map(|version| with_version(&it.asked.name, version));
        let hosts: Vec<String> = hosts.unwrap_or_default().into_iter().map(quoted).collect();
        if !hosts.is_empty() {
            diagnostic =
                diagnostic.note(format!("{} has this very version, and publishes its WIT", list(&hosts)));
        }
        if let Some(instead) = it.instead {
            diagnostic = diagnostic.help(format!("write `{}`", escape(&instead)));
        }
        diagnostic.help("or name the WIT of the version asked for with `--wit PATH`")
    }
}

/// A world that was asked for by name, and that the package does not have.
pub(in crate::load::wit) struct NoSuchWorld {
    pub(in crate::load::wit) span: Span,
    /// Where a manifest names the world, or the WIT of it.
    pub(in crate::load::wit) place: Option<Span>,
    pub(in crate::load::wit) package: String,
    pub(in crate::load::wit) asked: String,
    pub(in crate::load::wit) known: Vec<String>,
    pub(in crate::load::wit) meant: Option<String>,
}

impl From<NoSuchWorld> for Diagnostic {
    fn from(it: NoSuchWorld) -> Self {
        let mut message = format!("the package {} has no world", quoted(&it.package));
        if !it.asked.is_empty() {
            message = format!("{message} {}", quoted(&it.asked));
        }
        let text = match &it.meant {
            Some(_) => meant(it.meant.as_deref()),
            None if it.place.is_some() => "there is no such world".to_owned(),
            None => "declares no such world".to_owned(),
        };
        let diagnostic = Self::new(code::NO_SUCH_WORLD, message);
        let diagnostic = match it.place {
            Some(place) => diagnostic
                .label(Label::primary(place, text))
                .label(Label::secondary(it.span, "this package is meant")),
            None => diagnostic.label(Label::primary(it.span, text)),
        };
        diagnostic.note(if it.known.is_empty() {
            "it has no world at all".to_owned()
        } else {
            format!("its worlds: {}", quoted_list(&it.known))
        })
    }
}

/// A package with several worlds, where one is needed.
pub(in crate::load::wit) struct SeveralWorlds {
    pub(in crate::load::wit) span: Span,
    /// Where a manifest names the WIT.
    pub(in crate::load::wit) place: Option<Span>,
    pub(in crate::load::wit) package: String,
    pub(in crate::load::wit) known: Vec<String>,
}

impl From<SeveralWorlds> for Diagnostic {
    fn from(it: SeveralWorlds) -> Self {
        let message = format!("the package {} has several worlds", quoted(&it.package));
        let diagnostic = Self::new(code::SEVERAL_WORLDS, message)
            .label(Label::primary(it.place.unwrap_or(it.span), "one world must be named"));
        let declared = it.place.map(|_| Label::secondary(it.span, "this package declares them"));
        declared
            .into_iter()
            .fold(diagnostic, Diagnostic::label)
            .note(format!("its worlds: {}", quoted_list(&it.known)))
            .help("name one with `world = \"…\"` beside `wit`")
    }
}

fn meant(candidate: Option<&str>) -> String {
    candidate.map_or_else(|| "not found".to_owned(), |name| format!("did you mean {}?", quoted(name)))
}

fn in_package(package: Option<&PackageName>) -> String {
    package.map_or_else(String::new, |package| format!(" in the package {}", quoted(&package.to_string())))
}

fn quoted_list(names: &[String]) -> String {
    names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}
