//! Flags that several commands share.
//!
//! Differs from `inputs.rs`, which turns paths into inputs.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::builder::{EnumValueParser, PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches, ValueEnum};

use crate::config::ALL_HOSTS;
use crate::config::Request;
use crate::diag::{
    CODES, Code, CodeRow, LINT_GROUPS, Level, Levels, closest_or_longer, find, lint_names, lints_named,
};
use crate::host::profiles;
use crate::model::Date;

/// Flags of every command.
#[derive(Debug, Default, Args)]
pub(super) struct GlobalFlags {
    /// When to use colour
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "WHEN",
        help_heading = "Global options"
    )]
    pub(super) color: Color,
    /// Say only what must be looked at
    #[arg(short, long, global = true, overrides_with = "quiet", help_heading = "Global options")]
    pub(super) quiet: bool,
    /// Validate every input anew, whatever earlier runs found out
    #[arg(long, global = true, help_heading = "Global options")]
    pub(super) no_cache: bool,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless the environment says otherwise
    #[default]
    Auto,
    /// Even into a file
    Always,
    /// Not at all
    Never,
}

/// How a report is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people, on standard error
    #[default]
    Human,
    /// One document, schema `witc/1`
    Json,
    /// For code scanning: SARIF 2.1.0
    Sarif,
    /// Annotations of a GitHub workflow
    Github,
    /// A summary for the page of a job
    Markdown,
    /// The code quality report of GitLab
    Gitlab,
    /// The XML of JUnit
    Junit,
}

/// Flags of every command that reports.
#[derive(Debug, Args)]
pub(super) struct ReportFlags {
    /// How to report
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: Format,
    /// Fail on warnings
    #[arg(long)]
    pub(super) deny_warnings: bool,
    #[command(flatten)]
    pub(super) levels: LevelFlags,
}

/// How an answer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum AnswerFormat {
    /// For people
    #[default]
    Human,
    /// One document, schema `witc/1`
    Json,
    /// A section of a page
    Markdown,
}

/// Flags of every command that answers a question.
#[derive(Debug, Args)]
pub(super) struct AnswerFlags {
    /// How to answer
    #[arg(long, value_parser = AnswerFormats, default_value = "human", value_name = "FORMAT")]
    pub(super) format: AnswerFormat,
    /// Fail on warnings
    #[arg(long)]
    deny_warnings: bool,
    #[command(flatten)]
    levels: LevelFlags,
}

impl AnswerFlags {
    /// The same for who reports.
    pub(super) fn report(self) -> ReportFlags {
        let format = match self.format {
            AnswerFormat::Human => Format::Human,
            AnswerFormat::Json => Format::Json,
            AnswerFormat::Markdown => Format::Markdown,
        };
        ReportFlags { format, deny_warnings: self.deny_warnings, levels: self.levels }
    }
}

/// Reads an [`AnswerFormat`], and says of a format for findings where there are any.
#[derive(Clone, Debug)]
struct AnswerFormats;

impl TypedValueParser for AnswerFormats {
    type Value = AnswerFormat;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<AnswerFormat, clap::Error> {
        let of_findings = value.to_str().filter(|value| {
            <Format as ValueEnum>::from_str(value, false).is_ok()
                && <AnswerFormat as ValueEnum>::from_str(value, false).is_err()
        });
        match of_findings {
            None => EnumValueParser::<AnswerFormat>::new().parse_ref(command, argument, value),
            Some(format) => Err(clap::Error::raw(
                clap::error::ErrorKind::InvalidValue,
                format!(
                    "`{format}` is a format for findings, and `witc {}` answers a question: use `human`, `json` or \
                     `markdown`; for findings, `witc lint --format {format}`\n",
                    command.get_name()
                ),
            )
            .with_cmd(command)),
        }
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let values = AnswerFormat::value_variants().iter();
        Some(Box::new(values.filter_map(ValueEnum::to_possible_value)))
    }
}

/// The levels of single lints, in the order of the command line: the last one for a code wins.
#[derive(Debug, Default)]
pub(super) struct LevelFlags(Vec<(Code, Level)>);

const LEVEL_FLAGS: [(&str, char, Level, &str); 4] = [
    ("allow", 'A', Level::Allow, "Do not report a lint, or a group of them"),
    ("note", 'N', Level::Note, "Report a lint, or a group of them, as a note"),
    ("warn", 'W', Level::Warn, "Report a lint, or a group of them, as a warning"),
    ("deny", 'D', Level::Deny, "Report a lint, or a group of them, as an error"),
];

/// By hand, because derived flags forget which of `-A x -D x` came last.
impl Args for LevelFlags {
    fn augment_args(mut command: clap::Command) -> clap::Command {
        for (name, short, _, help) in LEVEL_FLAGS {
            let flag = Arg::new(name).short(short).long(name).help(help).value_name("CODE");
            let flag = flag.action(ArgAction::Append).value_parser(parse_lints);
            command = command.arg(flag.help_heading("Lint levels"));
        }
        command
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for LevelFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut levels = Vec::new();
        for (name, _, level, _) in LEVEL_FLAGS {
            let codes = matches.get_many::<Vec<Code>>(name).into_iter().flatten();
            let places = matches.indices_of(name).into_iter().flatten();
            for (place, codes) in places.zip(codes) {
                levels.extend(codes.iter().map(|code| (place, *code, level)));
            }
        }
        levels.sort_by_key(|(place, ..)| *place);
        Ok(Self(levels.into_iter().map(|(_, code, level)| (code, level)).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The lints that a name means: one, or those of a group.
fn parse_lints(text: &str) -> Result<Vec<Code>, String> {
    let lints = lints_named(text);
    if !lints.is_empty() {
        return Ok(lints);
    }
    match find_code(text) {
        Ok(row) if row.is_lint() => Ok(vec![row.code]),
        Ok(row) => Err(format!("`{}` is an error: it has no level", row.code)),
        Err(_) => Err(unknown(text, lint_names())),
    }
}

/// The row of a code by its full name, a former name, or its name without the stage.
pub(super) fn find_code(text: &str) -> Result<&'static CodeRow, String> {
    let text = text.to_ascii_lowercase();
    let text = text.as_str();
    if let Some(row) = find(text) {
        return Ok(row);
    }
    let mut same_name =
        CODES.iter().filter(|row| row.code.as_str().split_once('/').is_some_and(|it| it.1 == text));
    match (same_name.next(), same_name.next()) {
        (Some(row), None) => Ok(row),
        (Some(row), Some(other)) => Err(format!("could be `{}` or `{}`", row.code, other.code)),
        (None, _) => Err(unknown(text, CODES.iter().map(|row| row.code.as_str()))),
    }
}

fn unknown(text: &str, names: impl IntoIterator<Item = &'static str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let is_begun =
        |name: &&str| text.len() > 2 && name.split('/').next_back().is_some_and(|it| it.starts_with(text));
    let tip = closest_or_longer(text, names.iter().copied()).or(names.iter().copied().find(is_begun));
    let tip = tip.map_or(String::new(), |name| format!("; did you mean `{name}`?"));
    format!("no such code{tip} (`witc explain --list` lists them)")
}

impl ReportFlags {
    /// What the flags say about levels.
    pub(super) fn levels(&self) -> Levels {
        let mut levels = Levels::default();
        levels.deny_warnings = self.deny_warnings;
        for (code, level) in &self.levels.0 {
            levels.set(*code, *level);
        }
        levels
    }
}

/// Any text, with words that a shell may complete it to.
#[derive(Clone, Copy, Debug)]
pub(super) struct OneOf(pub(super) fn() -> Vec<&'static str>);

impl TypedValueParser for OneOf {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.0)().into_iter().map(PossibleValue::new)))
    }
}

/// Words for `--host`.
pub(super) const HOSTS: OneOf = OneOf(|| profiles().iter().map(|profile| profile.id.as_str()).collect());

/// The same where one host is meant: what is for one cannot be for all.
pub(super) fn one_host() -> impl TypedValueParser<Value = String> {
    HOSTS.try_map(|host| match host == ALL_HOSTS {
        true => Err("this is for one host: name it, `witc hosts` lists them"),
        false => Ok(host),
    })
}

/// Words for `explain`.
pub(super) const EXPLAINED: OneOf = OneOf(|| {
    let groups = LINT_GROUPS.iter().map(|(name, _)| *name);
    CODES.iter().map(|row| row.code.as_str()).chain(groups).collect()
});

/// The flag that chooses among the compositions of a manifest.
#[derive(Debug, Args)]
pub(super) struct CompositionFlag {
    /// The composition of the manifest, where not all of them are meant
    #[arg(short, long, value_name = "NAME")]
    pub(super) composition: Option<String>,
}

/// Flags that say how WIT is read.
#[derive(Debug, Args)]
pub(super) struct WitFlags {
    /// A file or folder with more WIT to resolve against
    #[arg(long, value_name = "DIR")]
    pub(super) wit: Vec<PathBuf>,
    /// Open gates of `@unstable`
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub(super) features: Vec<String>,
    /// Open all gates of `@unstable`
    #[arg(long)]
    pub(super) all_features: bool,
}

impl WitFlags {
    /// Puts the flags into a request.
    pub(super) fn apply(self, request: &mut Request) {
        request.wit = self.wit;
        request.features = self.features;
        request.all_features = self.all_features;
    }
}

/// A day, written `YYYY-MM-DD`.
pub(super) fn parse_day(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "no such day; a day is written YYYY-MM-DD".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::code;

    #[derive(Debug, clap::Parser)]
    struct Example {
        #[command(flatten)]
        report: ReportFlags,
    }

    #[track_caller]
    fn check(arguments: &[&str], expected: Level) {
        let arguments = ["example"].iter().chain(arguments);
        let example: Example = clap::Parser::try_parse_from(arguments).expect("the flags are right");
        assert_eq!(example.report.levels().of(code::UNUSED_GRANT), expected);
    }

    #[test]
    fn a_lint_of_any_stage_is_known_without_it() {
        assert_eq!(parse_lints("unmet-import"), Ok(vec![code::UNMET_IMPORT]));
        assert_eq!(parse_lints("host-flag"), Ok(vec![code::HOST_FLAG]));
        assert_eq!(
            parse_lints("type-mismatch"),
            Err("`check/type-mismatch` is an error: it has no level".to_owned())
        );
    }

    #[test]
    fn the_last_flag_of_a_lint_wins() {
        check(&[], Level::Warn);
        check(&["-A", "policy/unused-grant", "-D", "unused-grant"], Level::Deny);
        check(&["-D", "unused-grant", "-N", "unused-grant"], Level::Note);
        check(&["--deny-warnings"], Level::Deny);
    }

    #[test]
    fn errors_have_no_level_and_names_may_leave_the_stage_out() {
        assert!(parse_lints("load/unreadable").is_err_and(|text| text.contains("has no level")));
        assert_eq!(find_code("unreadable").map(|row| row.code.as_str()), Ok("load/unreadable"));
        assert_eq!(find_code("LOAD/Unreadable").map(|row| row.code.as_str()), Ok("load/unreadable"));
        assert!(
            find_code("load/unreadible").is_err_and(|text| text.contains("did you mean `load/unreadable`?"))
        );
    }

    #[derive(Debug, clap::Parser)]
    struct Question {
        #[command(flatten)]
        answer: AnswerFlags,
    }

    #[test]
    fn answers_have_no_format_for_findings() {
        let parse = |format: &str| {
            let question = <Question as clap::Parser>::try_parse_from(["why", "--format", format]);
            question.map(|question| question.answer.format).map_err(|error| error.to_string())
        };
        assert_eq!(parse("markdown"), Ok(AnswerFormat::Markdown));
        for format in ["sarif", "github", "gitlab", "junit"] {
            let help = format!("for findings, `witc lint --format {format}`");
            assert!(parse(format).is_err_and(|error| error.contains(&help)), "{format}");
        }
        assert!(parse("yaml").is_err_and(|error| error.contains("[possible values: human, json, markdown]")));
    }

    #[test]
    fn days_have_a_shape() {
        assert!(parse_day("2026-11-30").is_ok());
        assert!(parse_day("2026-13-30").is_err());
        assert!(parse_day("26-1-3").is_err());
    }
}
