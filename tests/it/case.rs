//! Reads a case.toml; what its keys mean is told at the top of `fixtures.rs`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::make::Make;

/// A case.toml as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// What the case shows, for the person whose change breaks it.
    pub(crate) why: String,
    run: Option<Vec<String>>,
    runs: Option<Vec<Vec<String>>>,
    exit: Exit,
    /// The codes that all runs together report, with repetitions.
    pub(crate) codes: Vec<String>,
    /// The file that standard input is read from.
    pub(crate) stdin: Option<String>,
    /// The files that the runs write.
    #[serde(default)]
    pub(crate) produces: Vec<String>,
    /// Texts that differ from machine to machine, and what stands for them in the snapshot.
    #[serde(default)]
    pub(crate) normalise: BTreeMap<String, String>,
    /// Inputs that are no text.
    #[serde(default)]
    pub(crate) make: BTreeMap<String, Make>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Exit {
    Last(i32),
    Each(Vec<i32>),
}

impl Case {
    /// Reads the case.toml of `folder`.
    pub(crate) fn read(folder: &Path) -> Result<Self, String> {
        let path = folder.join("case.toml");
        let text = std::fs::read_to_string(&path).map_err(|error| format!("case.toml: {error}"))?;
        let case: Self = toml::from_str(&text).map_err(|error| format!("case.toml: {error}"))?;
        if case.why.trim().is_empty() {
            return Err("case.toml: `why` is empty; say what the case shows".into());
        }
        case.runs().map(|_| case)
    }

    /// The commands in order, each with its exit code: `exit` is that of the last one, the others end with 0, unless
    /// it is a list.
    pub(crate) fn runs(&self) -> Result<Vec<(Vec<String>, i32)>, String> {
        let commands = match (&self.run, &self.runs) {
            (Some(run), None) => vec![run.clone()],
            (None, Some(runs)) if !runs.is_empty() => runs.clone(),
            _ => return Err("case.toml: needs either `run`, one command, or `runs`, several".into()),
        };
        let exits = match &self.exit {
            Exit::Last(last) => {
                let mut exits = vec![0; commands.len()];
                exits[commands.len() - 1] = *last;
                exits
            }
            Exit::Each(exits) if exits.len() == commands.len() => exits.clone(),
            Exit::Each(_) => return Err("case.toml: `exit` needs one number for each of `runs`".into()),
        };
        Ok(commands.into_iter().zip(exits).collect())
    }

    /// Whether all runs fail, so that nothing may be written.
    pub(crate) fn fails(&self) -> bool {
        self.runs().is_ok_and(|runs| runs.iter().all(|(_, exit)| *exit != 0))
    }
}
