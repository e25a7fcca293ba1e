//! What is known about one host, as plain data.
//!
//! Differs from `profile_file.rs`, which reads a file into this form.

use std::path::PathBuf;

use semver::Version;

use crate::model::{Date, Feature, InterfaceName};

/// One host: what it links, what an artifact must export there, and what it may do.
#[derive(Clone, Debug)]
pub struct HostProfile {
    /// Its id: `wasmtime-serve`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Other words that somebody may ask for it by, which are told and not taken.
    pub also: Vec<String>,
    /// The version that this is about.
    pub version: String,
    /// The day of which this is the state.
    pub date: Date,
    /// Whether it runs components.
    pub components: Running,
    /// What must be known about it, each a sentence.
    pub notes: Vec<String>,
    /// Where the facts are from.
    pub sources: Vec<Fact>,
    /// What an artifact must export.
    pub exports: Exports,
    /// What it provides.
    pub provides: Vec<Provided>,
    /// The scopes that it enforces.
    pub scopes: Vec<EnforcedScope>,
    /// The features that it lacks, or has only by a flag; nothing where nobody wrote down which these are.
    pub features: Option<Vec<FeatureRule>>,
    /// What it takes at most.
    pub limits: Limits,
    /// How a graph of components is deployed there; without it, only as one artifact.
    pub graph: Option<String>,
    /// A folder with the WIT of what it provides, or a file.
    pub wit: Option<PathBuf>,
    /// The form of a deployment there.
    pub form: Option<Form>,
    /// Why there is no form, and what to do instead; a sentence or two.
    pub no_form: Option<String>,
}

/// A form in which hosts take a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // each is explained where it is made, in `deploy`
pub enum Form {
    WasmtimeRun,
    WasmtimeServe,
    Workerd,
    JcoNode,
    JcoBrowser,
    Fastly,
    Spin,
    Wasmcloud,
    Wadm,
    Wassette,
    Pod,
    Unit,
}

/// The forms by the names that profiles use.
pub const FORMS: &[(&str, Form)] = &[
    ("wasmtime-run", Form::WasmtimeRun),
    ("wasmtime-serve", Form::WasmtimeServe),
    ("workerd", Form::Workerd),
    ("jco-node", Form::JcoNode),
    ("jco-browser", Form::JcoBrowser),
    ("fastly", Form::Fastly),
    ("spin", Form::Spin),
    ("wasmcloud", Form::Wasmcloud),
    ("wadm", Form::Wadm),
    ("wassette", Form::Wassette),
    ("pod", Form::Pod),
    ("unit", Form::Unit),
];

impl Form {
    /// Whether the host can link the components by itself.
    pub fn takes_graph(self) -> bool {
        matches!(self, Self::Spin | Self::Wasmcloud | Self::Wadm)
    }
}

/// How a host runs components.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Running {
    /// As they are.
    Native,
    /// Taken apart into core modules and glue first.
    Transpiled,
    /// Only those that import nothing, have no components in them, and export functions of numbers at their root.
    Flat,
    /// Not at all.
    No,
}

/// Which names of an import a host provides for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchRule {
    /// The exact name, else any version on the same track.
    Track,
    /// The exact name only.
    Exact,
}

/// Where a fact is from.
#[derive(Clone, Debug)]
pub struct Fact {
    /// What it is about: `linked interfaces`.
    pub about: String,
    /// The document, the source file, or who said it.
    pub from: String,
    /// Whether it was looked up there; else it is taken on trust.
    pub is_verified: bool,
}

/// What an artifact must export to be run.
#[derive(Clone, Debug, Default)]
pub struct Exports {
    /// Interfaces, each with its track, of which there must be one.
    pub one_of: Vec<InterfaceName>,
    /// Those of which there must be no two: a group for each way in which the host starts something.
    pub exclusive: Vec<Vec<InterfaceName>>,
    /// Which functions do as well.
    pub functions: CalledFunctions,
    /// What an artifact is run for that has neither: `each function is a tool`. Nothing if it is not run.
    pub otherwise: Option<String>,
}

/// The functions that a host calls by name, where no interface is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CalledFunctions {
    /// None.
    #[default]
    None,
    /// Those at the root of the artifact.
    AtRoot,
    /// Those at the root, and those of the interfaces that it exports.
    Anywhere,
}

/// Interfaces of one package that a host provides in the same way.
#[derive(Clone, Debug)]
pub struct Provided {
    /// `namespace:package`.
    pub package: String,
    /// Its versions; none where the package has none.
    pub versions: Vec<Version>,
    /// Its interfaces; all of them where none is named.
    pub interfaces: Vec<String>,
    /// Which names these provide for.
    pub rule: MatchRule,
    /// The flag without which they are not linked.
    pub flag: Option<String>,
    /// Whether they may be used.
    pub power: Power,
    /// What must be known about them.
    pub note: Option<String>,
}

/// Whether what is linked may then do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Power {
    /// From the start.
    Granted,
    /// Where this is said: a flag or a line of a manifest.
    Asked(String),
    /// Never: calls fail.
    Never,
}

/// A kind of scope that a host enforces.
#[derive(Clone, Debug)]
pub struct EnforcedScope {
    /// The kind, as a policy names it: `hosts`.
    pub kind: String,
    /// By what.
    pub by: String,
}

/// A feature that a host lacks.
#[derive(Clone, Debug)]
pub struct FeatureRule {
    /// The feature.
    pub feature: Feature,
    /// The flag that turns it on; without one there is no way.
    pub flag: Option<String>,
}

/// What a host takes at most.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// The size of an artifact in bytes.
    pub bytes: Option<u64>,
    /// The same of what gzip makes of it.
    pub compressed_bytes: Option<u64>,
    /// How deep components may lie in each other.
    pub depth: Option<usize>,
}

/// What a host has for one import.
#[derive(Clone, Debug)]
pub struct Supply<'p> {
    /// The entry of the profile.
    pub row: &'p Provided,
    /// The interface in the version of the host.
    pub name: InterfaceName,
}

impl HostProfile {
    /// What the host has for an import of this name: the very name first, else the newest on its track.
    pub fn supply(&self, name: &InterfaceName) -> Option<Supply<'_>> {
        let offers = || self.rows(&name.package).flat_map(|row| row.offers(&name.interface));
        let exact = offers().find(|offer| offer.name == *name);
        exact.or_else(|| {
            let fits = |offer: &Supply<'_>| offer.row.rule == MatchRule::Track && offer.name.stands_for(name);
            offers().filter(fits).max_by(|a, b| a.name.version.cmp(&b.name.version))
        })
    }

    /// The versions in which the host has an interface that it does not have on the track of `name`.
    pub fn other_versions(&self, name: &InterfaceName) -> Vec<String> {
        let offers = self.rows(&name.package).flat_map(|row| row.offers(&name.interface));
        offers.map(|offer| offer.name.to_string()).collect()
    }

    /// Whether it is known of a feature that the host has it or not: where the features are written down, and of
    /// asynchronous functions where it provides WASI 0.3 without a flag, which is made of them.
    pub fn knows(&self, feature: Feature) -> bool {
        let is_three = |row: &Provided| row.versions.iter().any(|it| (it.major, it.minor) == (0, 3));
        let has_async = || {
            self.provides
                .iter()
                .any(|row| row.package.starts_with("wasi:") && row.flag.is_none() && is_three(row))
        };
        self.features.is_some() || (feature.name() == "async" && has_async())
    }

    fn rows<'p>(&'p self, package: &str) -> impl Iterator<Item = &'p Provided> {
        self.provides.iter().filter(move |row| row.package == package)
    }

    /// Whether any of its facts was looked up.
    pub fn is_verified(&self) -> bool {
        self.sources.iter().any(|fact| fact.is_verified)
    }

    /// By what the host enforces a kind of scope.
    pub fn enforces(&self, kind: &str) -> Option<&EnforcedScope> {
        self.scopes.iter().find(|scope| scope.kind == kind)
    }
}

impl Provided {
    /// The interface in each version of the package, if it belongs to it.
    fn offers(&self, interface: &str) -> Vec<Supply<'_>> {
        let has_it = self.interfaces.is_empty() || self.interfaces.iter().any(|it| it == interface);
        if !has_it {
            return Vec::new();
        }
        let name = |version: &str| InterfaceName::parse(&format!("{}/{interface}{version}", self.package));
        let mut names: Vec<Option<InterfaceName>> =
            self.versions.iter().map(|version| name(&format!("@{version}"))).collect();
        if self.versions.is_empty() {
            names.push(name(""));
        }
        names.into_iter().flatten().map(|name| Supply { row: self, name }).collect()
    }
}

impl Running {
    /// In a word or two.
    pub fn words(self) -> &'static str {
        match self {
            Self::Native => "yes",
            Self::Transpiled => "transpiled",
            Self::Flat => "import-free and flat only",
            Self::No => "no",
        }
    }
}
