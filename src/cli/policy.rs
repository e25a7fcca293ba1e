//! `witc policy`: writes policy files and capability locks.
//!
//! Differs from `lint.rs`, which reads them.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::flags::{CompositionFlag, Format, ReportFlags, parse_day};
use super::terminal::Terminal;
use super::{Ending, inputs, misuse};
use crate::config::{LOCK_HEADER, LOCK_NAME, OutputPath, POLICY_NAME, Request};
use crate::diag::{CLEAN, Code, Diagnostic, Level, Severity, code, list, quoted};
use crate::model::Date;
use crate::pipeline;
use crate::report::{Answer, Done, Outcome};
use crate::source::{Disk, Files};

/// Write policy files
#[derive(Debug, Args)]
pub(super) struct Policy {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Init(Init),
    Snapshot(Snapshot),
    Prune(Prune),
}

/// Write a first policy, under which `witc lint` passes
///
/// Without a PATH: for the compositions of the nearest `witc.toml`.
#[derive(Debug, Args)]
struct Init {
    #[command(flatten)]
    target: Target,
}

/// Write the capability lock, `witc.caps.lock`, which `witc lint --locked` holds
///
/// Without a PATH: for the compositions of the nearest `witc.toml`. What a lock that is there says of other compositions and
/// components stays, and goes with `--force`.
#[derive(Debug, Args)]
struct Snapshot {
    #[command(flatten)]
    target: Target,
}

/// Take dead entries out of the policy
///
/// Dead are grants and functions that match nothing, and exceptions that silence nothing or have ended. What looks misspelt is
/// told and left: write it as you mean it. Without a PATH: for the compositions of the nearest `witc.toml`. Comments and layout stay. Give all that the policy is
/// for: what nothing of it needs is dead.
#[derive(Debug, Args)]
struct Prune {
    /// Components, core modules, or a `witc.toml`
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The policy; without it `witc-policy.toml`
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    #[command(flatten)]
    composition: CompositionFlag,
    /// Where to write the policy; `-` is standard output. Else where it is
    #[arg(short, long, value_name = "FILE", conflicts_with = "check")]
    output: Option<PathBuf>,
    /// Write over another file that is there
    #[arg(long)]
    force: bool,
    /// Change nothing, and fail if there is something to take out
    #[arg(long)]
    check: bool,
    /// The day that exceptions must not have expired on
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_day)]
    today: Option<Date>,
    #[command(flatten)]
    report: ReportFlags,
}

/// What to look at, and where to write.
#[derive(Debug, Args)]
struct Target {
    /// Components, core modules, or a `witc.toml`; `-` is standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    composition: CompositionFlag,
    /// Where to write it; `-` is standard output. Else beside the manifest, else in the current folder
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write over a file that is there
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    report: ReportFlags,
}

/// A kind of file that is written.
struct Kind {
    /// What writes it.
    command: &'static str,
    name: &'static str,
    /// Makes it, given the file of this kind that it is to stand for.
    make: fn(&Request, Option<&Path>, &dyn Files) -> Outcome,
    /// Whether a file with this content may be written over without being asked to.
    may_replace: fn(&[u8]) -> bool,
    /// What to do with the file.
    advice: &'static str,
}

const FIRST_POLICY: Kind = Kind {
    command: "witc policy init",
    name: POLICY_NAME,
    make: |request, _, files| pipeline::first_policy(request, files),
    may_replace: |_| false,
    advice: "read each entry, and say why it is needed",
};

const LOCK: Kind = Kind {
    command: "witc policy snapshot",
    name: LOCK_NAME,
    make: pipeline::snapshot,
    may_replace: |content| content.starts_with(LOCK_HEADER.as_bytes()),
    advice: "commit it, and review what changes in it",
};

impl Policy {
    pub(super) fn run(self, terminal: &Terminal) -> Ending {
        match self.action {
            Action::Init(init) => init.target.write(&FIRST_POLICY, terminal),
            Action::Snapshot(snapshot) => snapshot.target.write(&LOCK, terminal),
            Action::Prune(prune) => prune.run(terminal),
        }
    }
}

/// What is found about entries that are dead.
const DEAD: &[Code] = &[code::UNUSED_GRANT, code::STALE_EXCEPTION];

/// What the closing line of `prune` says: other lints of the policy are not looked at.
const HELD: Done = Done { verb: "looked for dead entries with", clean: "none" };

impl Prune {
    fn run(self, terminal: &Terminal) -> Ending {
        let mut levels = self.report.levels();
        DEAD.iter().for_each(|code| levels.set(*code, Level::Warn));
        let mut request = Request {
            command: "witc policy prune",
            composition: self.composition.composition,
            policy: self.policy,
            today: self.today,
            levels,
            validate_bodies: true,
            ..Request::default()
        };
        inputs::add_or_find(self.paths, &mut request)?;
        inputs::refuse_standard_input(&request, "prune")?;
        if pipeline::is_policy_shared(&request, &Disk) {
            return Err(misuse(
                "`-c` names one composition, and others of the manifest have the same policy: leave it out, so that all are looked at",
            ));
        }
        let output = self.output.map(inputs::output);
        refuse_mixture(output.as_ref(), &self.report)?;
        if let Some(OutputPath::Path(path)) = &output
            && !self.force
            && Disk.kind(path).is_ok()
        {
            return Err(there_already(path));
        }
        let is_told = |found: &Diagnostic| DEAD.contains(&found.code) || !found.is_judgement();
        if self.check {
            let mut outcome = terminal.watch("judging", |files| pipeline::lint_for(&request, DEAD, files));
            outcome.diagnostics.retain(is_told);
            // What would be taken out fails the run; what would be left is only told, as without `--check`.
            let dead = outcome.diagnostics.iter_mut().filter(|found| !found.fix.is_empty());
            dead.for_each(|found| found.severity = Severity::Error);
            return Ok(terminal.show(&outcome, &self.report, HELD, |_, _| None));
        }
        let mut mended = terminal.watch("judging", |files| pipeline::mend(&request, DEAD, files));
        mended.outcome.diagnostics.retain(is_told);
        let is_sound = mended.outcome.diagnostics.iter().all(Diagnostic::is_judgement);
        let is_mended = !mended.files.is_empty();
        if output.is_some() && !is_mended {
            mended.files = std::mem::take(&mut mended.unchanged);
        }
        if let (true, Some(_), [_, _, ..]) = (is_sound, &output, mended.files.as_slice()) {
            let paths: Vec<_> =
                mended.files.iter().map(|file| quoted(&file.path.display().to_string())).collect();
            return Err(misuse(format!(
                "`--output` names one file, and {} are the policies: name one with `--policy`",
                list(&paths)
            )));
        }
        let written = match is_sound {
            true => terminal.write_mended(&mut mended, output.as_ref(), "took out of", &self.report),
            false => CLEAN,
        };
        if is_mended {
            mended.outcome.looked_at.clear(); // what was taken out is told, and says enough
        }
        let status = terminal.show(&mended.outcome, &self.report, HELD, |_, _| None);
        Ok(if written == CLEAN { status } else { written })
    }
}

/// Refuses to write a file and a report of another format to one stream.
fn refuse_mixture(output: Option<&OutputPath>, report: &ReportFlags) -> Result<(), clap::Error> {
    if output == Some(&OutputPath::StandardOutput) && report.format != Format::Human {
        return Err(misuse(
            "the file and a report on standard output would mix: write the file with `-o FILE`",
        ));
    }
    Ok(())
}

fn there_already(output: &Path) -> clap::Error {
    let shown = quoted(&output.display().to_string());
    misuse(format!("{shown} is there already: add `--force` to write over it"))
}

impl Target {
    fn write(self, kind: &Kind, terminal: &Terminal) -> Ending {
        let mut request = Request {
            command: kind.command,
            composition: self.composition.composition,
            levels: self.report.levels(),
            validate_bodies: true,
            ..Request::default()
        };
        inputs::add_or_find(self.paths, &mut request)?;
        let output = self.output.unwrap_or_else(|| request.beside_manifest(kind.name));
        let output = inputs::output(output);
        refuse_mixture(Some(&output), &self.report)?;
        if let OutputPath::Path(path) = &output
            && !self.force
            && Disk.kind(path).is_ok()
            && !(kind.may_replace)(&Disk.read(path).unwrap_or_default())
        {
            return Err(there_already(path));
        }
        let before = match &output {
            OutputPath::Path(path) if !self.force && Disk.kind(path).is_ok() => Some(path.as_path()),
            OutputPath::Path(_) | OutputPath::StandardOutput => None,
        };
        let outcome = terminal.watch("reading", |files| (kind.make)(&request, before, files));
        let status = terminal.show(&outcome, &self.report, "", |_, _| None);
        let Some(Answer::Policy(text)) = &outcome.answer else { return Ok(status) };
        if status != CLEAN {
            return Ok(status);
        }
        let OutputPath::Path(output) = &output else { return Ok(terminal.product(text.as_bytes())) };
        let shown = quoted(&output.display().to_string());
        if before.is_none()
            && let Some(read) = outcome.sources.read_from(output, &Disk)
        {
            let message =
                format!("{shown} is {}, which was read for it: choose another place", quoted(&read.name));
            return Err(misuse(message));
        }
        match Disk.write(output, &[text.as_bytes()]) {
            Ok(()) => {
                if !terminal.quiet && self.report.format == Format::Human {
                    terminal.say(&format!("wrote {shown}: {}\n", kind.advice));
                }
                Ok(status)
            }
            Err(error) => Ok(terminal.cannot_write(&shown, &error)),
        }
    }
}
