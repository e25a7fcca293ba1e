//! The serialised types of deployments: the key `deployment` of the format `witc/1`.
//!
//! Differs from `document.rs`, which has the document around them.

use serde::Serialize;

use crate::report::{DeployedFile, DeploymentRow};

/// What was made for a deployment.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Deployment"))]
pub(super) struct JsonDeployment<'o> {
    /// The id of the host.
    host: &'o str,
    /// The name of the composition, as it is in paths and manifests.
    name: &'o str,
    /// Whether the host links the components.
    graph: bool,
    /// The folder that the files were written into; null where nothing was written.
    folder: Option<String>,
    /// The files.
    files: Vec<JsonFile<'o>>,
    /// What is left to do in the folder, as command lines for a shell.
    commands: &'o [String],
    /// The names of what whoever deploys must give; values are written nowhere.
    secrets: &'o [String],
}

/// One file of a deployment.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "DeployedFile"))]
struct JsonFile<'o> {
    /// Its path in the folder, with `/` between its steps.
    path: &'o str,
    /// What it is for, for people.
    what: &'o str,
    /// Its size.
    bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    sha256: &'o str,
    /// Its content; null where it is no text.
    text: Option<&'o str>,
}

impl<'o> JsonDeployment<'o> {
    pub(super) fn of(row: &'o DeploymentRow) -> Self {
        let file = |file: &'o DeployedFile| JsonFile {
            path: &file.path,
            what: file.what,
            bytes: file.bytes,
            sha256: &file.sha256,
            text: file.text.as_deref(),
        };
        Self {
            host: &row.host,
            name: &row.name,
            graph: row.is_graph,
            folder: row.folder.as_ref().map(|folder| folder.display().to_string()),
            files: row.files.iter().map(file).collect(),
            commands: &row.commands,
            secrets: &row.secrets,
        }
    }
}
