//! Laws: what holds for every case, whatever it shows. A test is called `laws::<law>::<stage>::<case>`.
//!
//! Differs from `fixtures.rs`, where a case says what its own runs mean.

use std::collections::BTreeMap;

use libtest_mimic::Trial;

use crate::case::Case;
use crate::fixtures::{cases, folder, prepared};
use crate::json;
use crate::sandbox::Sandbox;

type Law = fn(&Subject) -> Result<(), String>;
type IsAbout = fn(&Subject) -> bool;

/// The laws, each with the cases that it is about.
const LAWS: &[(&str, IsAbout, Law)] = &[
    ("the_same_bytes_again", Subject::has_products, the_same_bytes_again),
    ("the_same_in_any_order", Subject::has_order, the_same_in_any_order),
    ("products_pass_check", Subject::has_components, products_pass_check),
    ("records_say_what_is_there", Subject::has_components, records_say_what_is_there),
    ("components_fit_themselves", Subject::has_dummies, components_fit_themselves),
];

/// A case that the laws are held against.
struct Subject {
    name: String,
    case: Case,
    runs: Vec<Vec<String>>,
}

/// What all runs of a case came to, as far as machines see it.
#[derive(Debug, PartialEq, Eq)]
struct Trace {
    exits: Vec<i32>,
    codes: Vec<String>,
    products: BTreeMap<String, Vec<u8>>,
}

/// One test for each law and each case that it is about.
pub(crate) fn tests() -> Vec<Trial> {
    let mut tests = Vec::new();
    for name in cases() {
        let Some(subject) = Subject::read(name.clone()) else { continue };
        for (law_name, _, law) in LAWS.iter().filter(|(_, is_about, _)| is_about(&subject)) {
            let test = format!("laws::{law_name}::{}", name.replace('/', "::"));
            let name = name.clone();
            let run = move || {
                let subject = Subject::read(name).ok_or("the case cannot be read any more")?;
                Ok(law(&subject)?)
            };
            tests.push(Trial::test(test, run));
        }
    }
    tests
}

/// The same inputs twice give the same bytes.
fn the_same_bytes_again(subject: &Subject) -> Result<(), String> {
    expect_equal(&subject.trace(&subject.runs)?, &subject.trace(&subject.runs)?)
}

/// The inputs in another order give the same bytes, codes and exit code.
fn the_same_in_any_order(subject: &Subject) -> Result<(), String> {
    let turned: Vec<Vec<String>> = subject.runs.iter().map(|run| turned(run)).collect();
    expect_equal(&subject.trace(&subject.runs)?, &subject.trace(&turned)?)
}

/// A component that witc wrote is right in the eyes of witc.
fn products_pass_check(subject: &Subject) -> Result<(), String> {
    let sandbox = subject.sandbox()?;
    for run in &subject.runs {
        sandbox.witc(run, subject.case.stdin.as_deref())?;
    }
    subject.components().try_for_each(|product| expect_silence(&sandbox, &["check", product]))
}

/// What witc wrote down in a component is what it reads back from it; a text is put together anew, with other bytes.
fn records_say_what_is_there(subject: &Subject) -> Result<(), String> {
    let sandbox = subject.sandbox()?;
    for run in &subject.runs {
        sandbox.witc(run, subject.case.stdin.as_deref())?;
    }
    let says_otherwise = |product: &str| {
        let output = sandbox.witc(&["graph".to_owned(), product.to_owned()], None)?;
        let text = String::from_utf8_lossy(&output.stdout);
        let wrong: Vec<&str> = text.lines().filter(|line| line.contains("its record says: ")).collect();
        if wrong.is_empty() { Ok(()) } else { Err(format!("{product}: {}", wrong.join("\n"))) }
    };
    subject.components().filter(|product| product.ends_with(".wasm")).try_for_each(says_otherwise)
}

/// A component of a world fits what that component offers and needs: itself.
fn components_fit_themselves(subject: &Subject) -> Result<(), String> {
    let sandbox = subject.sandbox()?;
    subject.dummies().try_for_each(|file| expect_silence(&sandbox, &["check", file, "--against", file]))
}

impl Subject {
    /// A case; none if its case.toml is wrong, which `fixtures.rs` reports.
    fn read(name: String) -> Option<Self> {
        let case = Case::read(&folder(&name)).ok()?;
        let runs = case.runs().ok()?.into_iter().map(|(arguments, _)| arguments).collect();
        Some(Self { name, case, runs })
    }

    fn sandbox(&self) -> Result<Sandbox, String> {
        prepared(&folder(&self.name), &self.case)
    }

    fn has_products(&self) -> bool {
        !self.case.produces.is_empty() && !self.case.fails()
    }

    fn has_order(&self) -> bool {
        self.runs.iter().any(|run| turned(run) != *run)
    }

    fn has_components(&self) -> bool {
        self.has_products() && self.components().next().is_some()
    }

    fn has_dummies(&self) -> bool {
        self.dummies().next().is_some()
    }

    fn components(&self) -> impl Iterator<Item = &str> {
        let products = self.case.produces.iter().map(String::as_str);
        products.filter(|file| file.ends_with(".wasm") || file.ends_with(".wat"))
    }

    fn dummies(&self) -> impl Iterator<Item = &str> {
        self.case.make.iter().filter(|(_, make)| make.is_dummy()).map(|(file, _)| file.as_str())
    }

    fn trace(&self, runs: &[Vec<String>]) -> Result<Trace, String> {
        let sandbox = self.sandbox()?;
        let (mut exits, mut codes) = (Vec::new(), Vec::new());
        for run in runs {
            let arguments = json::arguments(run);
            let output = sandbox.witc(&arguments, self.case.stdin.as_deref())?;
            exits.push(output.exit);
            codes.extend(json::codes(&arguments, &output)?);
        }
        codes.sort();
        let read =
            |file: String| (file.clone(), std::fs::read(sandbox.path().join(file)).unwrap_or_default());
        let products = sandbox.written().into_iter().map(read).collect();
        Ok(Trace { exits, codes, products })
    }
}

/// A command with its input paths in the opposite order; the values of flags stay where they are.
fn turned(run: &[String]) -> Vec<String> {
    /// Flags without a value; what follows any other flag is its value.
    const SWITCHES: &[&str] = &[
        "--wat",
        "--locked",
        "--all-features",
        "-q",
        "--quiet",
        "--deny-warnings",
        "--force",
        "--check",
        "--graph",
    ];
    const ORDERED: &[&str] = &["check", "compose", "lint", "emit"];
    if !run.first().is_some_and(|command| ORDERED.contains(&command.as_str())) {
        return run.to_vec();
    }
    let is_flag = |argument: &String| argument.starts_with('-') && argument != "-";
    let takes_value = |argument: &String| {
        is_flag(argument) && !argument.contains('=') && !SWITCHES.contains(&argument.as_str())
    };
    let is_path = |at: usize| at > 0 && !is_flag(&run[at]) && !takes_value(&run[at - 1]);
    let places: Vec<usize> = (0..run.len()).filter(|&at| is_path(at)).collect();
    let mut turned = run.to_vec();
    for (to, from) in places.iter().zip(places.iter().rev()) {
        turned[*to] = run[*from].clone();
    }
    turned
}

fn expect_equal(once: &Trace, again: &Trace) -> Result<(), String> {
    if once.exits != again.exits || once.codes != again.codes {
        let (once, again) = ((&once.exits, &once.codes), (&again.exits, &again.codes));
        return Err(format!("exit codes and codes are once {once:?}, then {again:?}"));
    }
    let names = |trace: &Trace| trace.products.keys().cloned().collect::<Vec<_>>();
    if names(once) != names(again) {
        return Err(format!("the files written are once {:?}, then {:?}", names(once), names(again)));
    }
    match once.products.iter().find(|(file, bytes)| again.products.get(*file) != Some(bytes)) {
        Some((file, _)) => Err(format!("{file}: other bytes than the first time")),
        None => Ok(()),
    }
}

/// The command ends with 0 and reports nothing.
fn expect_silence(sandbox: &Sandbox, command: &[&str]) -> Result<(), String> {
    let command: Vec<String> = command.iter().map(|&argument| argument.to_owned()).collect();
    let arguments = json::arguments(&command);
    let output = sandbox.witc(&arguments, None)?;
    let codes = json::codes(&arguments, &output)?;
    if output.exit == 0 && codes.is_empty() {
        return Ok(());
    }
    let human = sandbox.witc(&command, None)?.stderr;
    Err(format!("witc {}: ends with {} and reports {codes:?}:\n{human}", command.join(" "), output.exit))
}
