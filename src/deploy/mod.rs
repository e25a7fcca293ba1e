//! What a deployment of a composition needs on a host: manifests, configuration, command lines, and the binaries in their places.
//!
//! Made of the wiring, the policy and the profile of the host. What a form cannot carry is reported, never left out; secrets are
//! named, never written. Differs from `emit`, which makes the artifact itself, and writes nothing either: the pipeline does.

mod admitted;
mod asked;
mod capnp;
mod diagnostics;
mod egress;
mod fastly;
mod jco;
mod limits;
mod names;
mod package;
mod pod;
mod shell;
mod spin;
mod unit;
mod value;
mod wadm;
mod wasmcloud;
mod wasmtime;
mod wassette;
mod wiring;
mod workerd;

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::check::{HostFit, Wiring};
use crate::config::{Policy, ResourceLimits};
use crate::diag::Run;
use crate::host::{Form, HostProfile};
use crate::load::Inputs;
use crate::model::InterfaceName;
use crate::policy::HeldScope;
use asked::{Asked, asked};
use diagnostics::{CannotCarry, InForce, NoForm, NoGraph, NoSuchFile, SeveralCompositions, SeveralFiles};
use names::FileNames;

/// What is to be deployed, where.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The name of what is deployed.
    pub name: &'a str,
    /// The name of the composition in the policy.
    pub composition: &'a str,
    /// The components.
    pub inputs: &'a mut Inputs,
    /// Who provides what to whom.
    pub wiring: &'a Wiring,
    /// What came of holding the whole against the host: it links.
    pub fit: &'a HostFit,
    /// The host.
    pub profile: &'a HostProfile,
    /// What is granted. Without one, nothing is beyond what the host grants by itself.
    pub policy: Option<&'a Policy>,
    /// Without one: the policy that is there all the same, though nobody names it.
    pub unread_policy: Option<PathBuf>,
    /// The command that writes a first policy.
    pub init: String,
    /// The limits of what is granted of the host.
    pub scopes: &'a [HeldScope],
    /// Whether the components are deployed one by one, and linked by the host.
    pub as_graph: bool,
    /// Where images are pushed to and pulled from: `ghcr.io/company`.
    pub registry: &'a str,
    /// The tag of images.
    pub tag: &'a str,
}

impl Subject<'_> {
    fn in_force(&self) -> InForce {
        match self.policy {
            Some(_) => InForce::Policy,
            None => InForce::Nothing { unread: self.unread_policy.clone(), init: self.init.clone() },
        }
    }
}

/// What a deployment is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deployment {
    /// The id of the host.
    pub host: String,
    /// The name of the composition, fit for a path.
    pub name: String,
    /// Whether the host links the components.
    pub is_graph: bool,
    /// The files, in the order in which a reader wants them.
    pub files: Vec<DeploymentFile>,
    /// What is left to do, as command lines for a shell in the folder of the deployment.
    pub commands: Vec<String>,
    /// What whoever deploys must give: names of environment variables and secrets, never their values.
    pub secrets: Vec<String>,
}

/// One file of a deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeploymentFile {
    /// Its path, relative to the folder of the deployment, with `/` between its steps.
    pub path: String,
    /// What it is for, in a few words.
    pub what: &'static str,
    /// What is in it.
    pub content: Content,
}

/// What is in a file of a deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// This text.
    Text(String),
    /// The linked artifact.
    Artifact,
    /// A component as it was given: an index into [`Inputs::components`].
    Component(usize),
    /// An archive with the artifact and these texts, by their paths in it.
    Package {
        /// Where the artifact is.
        artifact: String,
        /// The other files.
        texts: Vec<(String, String)>,
    },
}

impl DeploymentFile {
    /// The path as one of this machine.
    pub fn relative_path(&self) -> PathBuf {
        self.path.split('/').collect()
    }
}

pub use package::archive;

/// What a form makes.
struct Made {
    texts: Vec<(String, &'static str, String)>,
    commands: Vec<String>,
}

impl Made {
    fn new() -> Self {
        Self { texts: Vec::new(), commands: Vec::new() }
    }

    fn text(mut self, path: impl Into<String>, what: &'static str, text: String) -> Self {
        self.texts.push((path.into(), what, text));
        self
    }

    fn command(mut self, command: impl Into<String>) -> Self {
        self.commands.push(command.into());
        self
    }
}

/// What a form looks at: the subject, and what came of looking at its policy and its names.
struct Scene<'s, 'a> {
    subject: &'s mut Subject<'a>,
    asked: Asked,
    /// The composition, fit for a path.
    name: String,
    /// The instances, fit for a path.
    names: FileNames,
    limits: ResourceLimits,
}

/// Makes a deployment; `None` if that cannot be, which is reported.
///
/// Codes: all of `deploy/`.
pub fn deploy(subject: &mut Subject<'_>, run: &mut Run) -> Option<Deployment> {
    let errors = run.diagnostics.error_count();
    let form = form_of(subject, run)?;
    let names = FileNames::of(subject.wiring.instances.iter().map(|instance| instance.name.as_str()));
    let name = names::file_name(subject.name);
    let asked = asked(subject, run);
    let limits = limits::limits(subject.policy, subject.composition, &subject.profile.id);
    let mut scene = Scene { subject, asked, name, names, limits };
    limits::left_out(form, &scene, run);
    if !matches!(form, Form::JcoBrowser | Form::Wadm | Form::Unit) {
        scene.variables(form, run);
    }
    let made = match form {
        Form::WasmtimeRun => wasmtime::run(&mut scene, run),
        Form::WasmtimeServe => wasmtime::serve(&mut scene, run),
        Form::Workerd => workerd::form(&mut scene, run),
        Form::JcoNode => jco::node(&mut scene, run),
        Form::JcoBrowser => jco::browser(&mut scene, run),
        Form::Fastly => fastly::form(&mut scene, run),
        Form::Spin => spin::form(&mut scene, run),
        Form::Wasmcloud => wasmcloud::form(&mut scene, run),
        Form::Wadm => wadm::form(&mut scene, run),
        Form::Wassette => wassette::form(&mut scene, run),
        Form::Pod => pod::form(&mut scene, run),
        Form::Unit => unit::form(&mut scene, run),
    };
    let mut files = scene.binaries(form, &made);
    let text = |(path, what, text)| DeploymentFile { path, what, content: Content::Text(text) };
    files.splice(0..0, made.texts.into_iter().map(text));
    let deployment = Deployment {
        host: scene.subject.profile.id.clone(),
        name: scene.name.clone(),
        is_graph: scene.subject.as_graph,
        files,
        commands: made.commands,
        secrets: scene.given(form),
    };
    (run.diagnostics.error_count() == errors).then_some(deployment)
}

/// Says that one composition must be chosen.
pub fn several(names: &[&str], run: &mut Run) {
    run.diagnostics
        .report(SeveralCompositions { names: names.iter().map(|name| (*name).to_owned()).collect() });
}

/// Says that no file of the deployment has the path that was asked for.
pub fn no_such_file(path: &str, known: &[String], run: &mut Run) {
    run.diagnostics.report(NoSuchFile { path: path.to_owned(), known: known.to_vec() });
}

/// Says that standard output takes one file.
pub fn several_files(paths: &[String], run: &mut Run) {
    run.diagnostics.report(SeveralFiles { paths: paths.to_vec() });
}

/// The form of the host, which takes what it is asked to.
fn form_of(subject: &Subject<'_>, run: &mut Run) -> Option<Form> {
    let profile = subject.profile;
    let Some(form) = profile.form else {
        run.diagnostics.report(NoForm { host: profile.id.clone(), why: profile.no_form.clone() });
        return None;
    };
    if subject.as_graph && !form.takes_graph() {
        run.diagnostics.report(NoGraph { host: profile.id.clone() });
        return None;
    }
    Some(form)
}

impl Scene<'_, '_> {
    /// The binaries in their places.
    fn binaries(&self, form: Form, made: &Made) -> Vec<DeploymentFile> {
        let file = |path: String, what, content| DeploymentFile { path, what, content };
        if self.subject.as_graph {
            let instances = self.subject.wiring.instances.iter().enumerate();
            let component = |(at, instance): (usize, &crate::check::Instance)| {
                file(self.names.wasm(at), "a component", Content::Component(instance.component))
            };
            return instances.map(component).collect();
        }
        let artifact = |path| file(path, "the linked component", Content::Artifact);
        match form {
            Form::Fastly => {
                let top = &self.name;
                let texts = made.texts.iter().filter(|(path, ..)| path == fastly::MANIFEST);
                let texts = texts.map(|(path, _, text)| (format!("{top}/{path}"), text.clone())).collect();
                let package = Content::Package { artifact: format!("{top}/bin/main.wasm"), texts };
                vec![
                    artifact("bin/main.wasm".to_owned()),
                    file(format!("pkg/{top}.tar.gz"), "the package that Fastly takes", package),
                ]
            }
            Form::WasmtimeRun
            | Form::WasmtimeServe
            | Form::Workerd
            | Form::JcoNode
            | Form::JcoBrowser
            | Form::Spin
            | Form::Wasmcloud
            | Form::Wadm
            | Form::Wassette
            | Form::Pod
            | Form::Unit => vec![artifact(self.artifact_name())],
        }
    }

    /// The file of the artifact.
    fn artifact_name(&self) -> String {
        format!("{}.wasm", self.name)
    }

    /// The name of the export of an interface, in whichever version.
    fn export(&self, path: &str) -> Option<&str> {
        let mut names = self.subject.wiring.exports.iter().map(|exposed| exposed.name.as_str());
        names.find(|name| InterfaceName::parse(name).is_some_and(|name| name.path() == path))
    }

    /// The environment variables with which whoever deploys gives what is not written down, each once.
    fn given(&self, form: Form) -> Vec<String> {
        let keys = self.asked.values("env-keys").map(|key| given_variable(form, &key.text));
        // wassette takes the key of a configuration itself.
        let of_config =
            |key: &str| if form == Form::Wassette { key.to_owned() } else { shell::variable(key) };
        let config = self.asked.values("config-keys").map(|key| of_config(&key.text));
        let of_form = if form == Form::Spin { spin::given(self) } else { Vec::new() };
        let mut given: Vec<String> = Vec::new();
        for name in keys.chain(config).chain(of_form) {
            if !given.contains(&name) {
                given.push(name);
            }
        }
        given
    }

    /// Reports the names that no variable of an environment can have, and those that would be given as one. Forms without an
    /// environment report all of them.
    fn variables(&self, form: Form, run: &mut Run) {
        let mut taken = BTreeSet::new();
        for key in self.asked.values("env-keys") {
            if !admitted::is_variable(&key.text) {
                self.cannot_say(key, "no environment variable has such a name", "take it out", run);
            } else if !taken.insert(given_variable(form, &key.text)) {
                self.cannot_say(key, "two names would be given as one variable", "rename one of them", run);
            }
        }
    }

    fn host(&self) -> String {
        self.subject.profile.id.clone()
    }

    /// Says that the form cannot say a value of the policy.
    fn cannot_say(&self, value: &asked::Asking, why: &str, help: &str, run: &mut Run) {
        run.diagnostics.report(CannotCarry {
            host: self.host(),
            what: format!("{}: {why}", crate::diag::quoted(&value.text)),
            label: "what the policy names".to_owned(),
            help: help.to_owned(),
            span: value.span,
        });
    }
}

/// The environment variable from which a form takes the value of another one: itself, or as a shell can name it.
fn given_variable(form: Form, key: &str) -> String {
    match form {
        Form::Spin | Form::Wasmcloud | Form::Wadm | Form::Pod => shell::variable_of(key),
        Form::WasmtimeRun
        | Form::WasmtimeServe
        | Form::Workerd
        | Form::JcoNode
        | Form::JcoBrowser
        | Form::Fastly
        | Form::Wassette
        | Form::Unit => key.to_owned(),
    }
}
