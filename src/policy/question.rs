//! What a question is about: a capability in any of the spellings that people try, held against what there is.
//!
//! Differs from `grant.rs`: an entry of a policy says exactly what it allows, a question may be vague.

use std::collections::BTreeSet;

use super::capability::{Capability, Import, Instance};
use super::taxonomy::taxonomy;
use crate::config::{BUILT_IN_GROUPS, Labels, Pattern, Selector, Target};
use crate::diag::closest;
use crate::model::{CapabilityName, short_function_name};

/// What is meant.
pub(super) enum Meaning {
    /// A package, an interface or a function by its name, or a plain import.
    Exactly(Pattern),
    /// A built-in group, or a class of the taxonomy.
    Class(String),
    /// The interfaces of this name, in any package, or all of a package whose own name it is.
    Interface(String),
    /// The functions of this name, in any interface; of a method, the name alone will do.
    Function(String),
    /// The functions of a name in the interfaces of a name.
    FunctionOf(String, String),
}

impl Meaning {
    /// What a text means, given what is imported; `None` where nothing that is imported is meant.
    pub(super) fn of(text: &str, instances: &[Instance]) -> Option<Self> {
        meanings(text).into_iter().find(|meaning| {
            instances.iter().flat_map(|instance| &instance.imports).any(|import| meaning.is_about_any(import))
        })
    }

    fn is_about_any(&self, import: &Import) -> bool {
        self.is_about_types(import) || import.capabilities.iter().any(|it| self.is_about(it))
    }

    /// Whether it is about a capability.
    pub(super) fn is_about(&self, capability: &Capability) -> bool {
        let name = &capability.name;
        match self {
            Self::Exactly(pattern) => pattern.matches(name, Labels::All),
            Self::Class(class) => {
                let is = capability.rating.class;
                is == class || taxonomy().is_in_group(is, class)
            }
            Self::Interface(word) => is_in(name, word),
            Self::Function(word) => has_function(name, word),
            Self::FunctionOf(interface, word) => is_in(name, interface) && has_function(name, word),
        }
    }

    /// Whether it is about an import that has only types.
    pub(super) fn is_about_types(&self, import: &Import) -> bool {
        import.capabilities.is_empty()
            && match self {
                Self::Exactly(pattern) => {
                    pattern.function.is_none() && pattern.matches(&import.name, Labels::All)
                }
                Self::Interface(word) => is_in(&import.name, word),
                Self::Class(_) | Self::Function(_) | Self::FunctionOf(..) => false,
            }
    }
}

/// Whether something is in an interface, or a package, of this name.
fn is_in(name: &CapabilityName, word: &str) -> bool {
    let interface = name.interface.as_ref();
    interface.is_some_and(|it| it.interface == word || it.package.rsplit(':').next() == Some(word))
}

/// Whether something is a function of this name; of a method, the name alone will do.
fn has_function(name: &CapabilityName, word: &str) -> bool {
    name.function.as_ref().is_some_and(|function| {
        let short = short_function_name(function);
        word == function || word == short || short.rsplit(['.', '/']).next() == Some(word)
    })
}

/// Whether a text can be a question at all.
///
/// # Errors
/// What it must be, in one line.
pub fn understood(text: &str) -> Result<String, String> {
    if meanings(text).is_empty() {
        return Err("it must be a name such as `wasi:http/outgoing-handler@0.2#handle`, `wasi:filesystem`, \
                    `get-environment` or `@net-out`"
            .to_owned());
    }
    Ok(text.to_owned())
}

/// What a text can mean, the most exact first: what is called so, before a class of such.
fn meanings(text: &str) -> Vec<Meaning> {
    let text = text.trim();
    let mut found = Vec::new();
    let mut exactly = |text: &str| {
        if let Ok(Selector::Capability(pattern)) = Selector::asked_for(text) {
            found.push(Meaning::Exactly(pattern));
        }
    };
    exactly(text);
    // `wasi:filesystem/types/descriptor.read`, `wasi:filesystem/types.descriptor.read`
    if let Some((start, rest)) = text.split_once('/').filter(|_| !text.contains('#')) {
        for separator in ['/', '.'] {
            if let Some((interface, function)) = rest.split_once(separator) {
                exactly(&format!("{start}/{interface}#{function}"));
            }
        }
    }
    let is_name = |word: &str| !word.is_empty() && !word.contains([':', '/', '#', '@']);
    let (interface, function) = text.split_once('#').unwrap_or((text, text));
    if is_name(text) {
        found.push(Meaning::Interface(text.to_owned()));
    }
    if is_name(function) && (interface.is_empty() || interface == function) {
        found.push(Meaning::Function(function.to_owned()));
    } else if is_name(function) && is_name(interface) {
        found.push(Meaning::FunctionOf(interface.to_owned(), function.to_owned()));
    }
    let class = text.strip_prefix('@').unwrap_or(text);
    if BUILT_IN_GROUPS.contains(&class) || taxonomy().classes().any(|it| it == class) {
        found.push(Meaning::Class(class.to_owned()));
    }
    found
}

/// Whether a text names something that the taxonomy knows, so that it is no slip.
pub(super) fn is_known(text: &str) -> bool {
    meanings(text).iter().any(|meaning| match meaning {
        Meaning::Exactly(pattern) => match &pattern.target {
            Target::Package { package, interface, .. } => taxonomy().knows(package, interface.as_deref()),
            Target::Any => true,
            Target::Plain(_) => false,
        },
        Meaning::Class(_) => true,
        Meaning::Function(word) | Meaning::FunctionOf(_, word) => taxonomy().has_function(word),
        Meaning::Interface(_) => false,
    })
}

/// What was likely meant by a text that means nothing: something that is imported, or a group.
pub(super) fn meant(text: &str, instances: &[Instance]) -> Option<String> {
    let mut names: BTreeSet<String> = BUILT_IN_GROUPS.iter().map(|group| format!("@{group}")).collect();
    names.extend(taxonomy().classes().map(str::to_owned));
    for import in instances.iter().flat_map(|instance| &instance.imports) {
        names.insert(import.name.to_string());
        if let Some(interface) = &import.name.interface {
            names.extend([interface.package.clone(), interface.path(), interface.interface.clone()]);
            names.extend(interface.package.rsplit(':').next().map(str::to_owned));
        }
        for capability in &import.capabilities {
            names.insert(capability.name.to_string());
            let Some(function) = &capability.name.function else { continue };
            names.insert(short_function_name(function).to_owned());
            if let Some(interface) = &capability.name.interface {
                names.insert(format!("{}#{}", interface.path(), short_function_name(function)));
            }
        }
    }
    closest(text, names.iter().map(String::as_str)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::side_by_side;
    use crate::diag::Run;
    use crate::policy::capability::instances;
    use crate::policy::tests::{SHOP, loaded};

    /// How many of the functions of `SHOP` a question is about.
    #[track_caller]
    fn check(text: &str, expected: usize) {
        let inputs = loaded(&[("shop", SHOP)], &mut Run::default());
        let instances = instances(&inputs, &side_by_side(&inputs));
        let meaning = Meaning::of(text, &instances);
        let about = |meaning: Meaning| instances[0].capabilities().filter(|it| meaning.is_about(it)).count();
        assert_eq!(meaning.map_or(0, about), expected, "{text}");
    }

    #[test]
    fn questions_are_understood_as_people_write_them() {
        for text in
            ["wasi:filesystem", "wasi:filesystem@0.2.3", "wasi:filesystem@0.2", "filesystem", "@fs", "fs"]
        {
            check(text, 3);
        }
        for text in ["wasi:filesystem/types", "wasi:filesystem/types@0.2.3", "types"] {
            check(text, 2);
        }
        for text in [
            "wasi:filesystem/types@0.2#descriptor.open-at",
            "wasi:filesystem/types#[method]descriptor.open-at",
            "wasi:filesystem/types@0.2.3#[method]descriptor.open-at",
            "wasi:filesystem/types/descriptor.open-at",
            "wasi:filesystem/types.descriptor.open-at",
            "[method]descriptor.open-at",
            "descriptor.open-at",
            "open-at",
            "#open-at",
            "types#open-at",
            "filesystem#descriptor.open-at",
            "environment#get-environment",
            "secret-read",
            "@secret-read",
            "log",
        ] {
            check(text, 1);
        }
        for text in ["wasi:sockets", "wasi:filesytem", "", "#", "@", "wasi:", "a b\u{1b}[31m"] {
            check(text, 0);
        }
    }

    #[test]
    fn slips_are_told_from_what_is_not_there() {
        let inputs = loaded(&[("shop", SHOP)], &mut Run::default());
        let instances = instances(&inputs, &side_by_side(&inputs));
        for (text, expected) in [
            ("wasi:filesytem", Some("wasi:filesystem")),
            ("wasi:cli/enviroment", Some("wasi:cli/environment")),
            ("get-enviroment", Some("get-environment")),
            ("@netout", Some("@net-out")),
            ("acme:secret/store", None),
        ] {
            assert_eq!(meant(text, &instances).as_deref(), expected, "{text}");
            assert!(!is_known(text));
        }
        for text in ["", "@", "#", "wasi:", "/", "a:b/"] {
            assert!(understood(text).is_err(), "{text}");
        }
        assert!(is_known("wasi:sockets") && is_known("wasi:sockets/tcp@0.2.3") && is_known("@net-out"));
    }
}
