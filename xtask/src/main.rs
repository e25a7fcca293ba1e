//! The tasks of the people who work on witc: `cargo xtask TASK`.
//!
//! Only reads the command line; what a task does is in the library beside it, which the tests use too.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "tasks talk to the person who started them")]

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use xtask::{bench, bless, guards, new_lint};

const USAGE: &str = "\
usage: cargo xtask TASK

  tidy            run all guards
  codegen         make the generated pages of docs/
  codegen --check say which of them are stale
  bench [--large] [--witc PATH] [--real FOLDER] [--compile] [--runs N] [--only TEXT] [--write FILE]
                  measure witc, or the one at PATH, against cp and the tools wac and wasm-tools, where they are installed,
                  and print the page docs/benchmarks.md, or write it to FILE; with copies of the real components
                  c/processor.wasm and python/processor.wasm of FOLDER, if one is given; --compile asks Wasmtime how long
                  it compiles what comes out; only sets whose name contains TEXT
  fuzz [SEEDS]    hold the laws over random worlds: so many of them, 20000 if not said
  fuzz SEEDS --peers
                  hold what is linked of so many random worlds against what other linkers make of them
  fuzz-bytes SECONDS
                  feed witc with damaged inputs of the cases: loading, manifests and linking, each for so long
  fuzz-coverage TARGET SECONDS
                  the same with cargo-fuzz, which sees what code an input reaches: load, manifest or link
  new-lint NAME   make the file, the page and two cases of the lint policy/NAME
  bless [FILTER]  rewrite the wording in snapshots/ and on pages, for all tests or those whose name contains FILTER
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the root folder");
    let problems = match arguments.as_slice() {
        ["tidy"] => guards::all(root),
        ["codegen"] => bless::codegen(root, false),
        ["codegen", "--check"] => bless::codegen(root, true),
        ["bench", flags @ ..] => benchmark(root, flags),
        ["bench-set", shape, real, folder] => {
            let made = bench::make_set(shape, Path::new(real), Path::new(folder));
            made.err().map(|error| format!("{shape}: {error}")).into_iter().collect()
        }
        ["fuzz"] => fuzz(root, "20000"),
        ["fuzz", seeds] => fuzz(root, seeds),
        ["fuzz", seeds, "--peers"] => fuzz_peers(root, seeds),
        ["fuzz-bytes", seconds] => fuzz_bytes(root, seconds),
        ["fuzz-coverage", target, seconds] => fuzz_coverage(root, target, seconds),
        ["new-lint", name] => new_lint::new_lint(root, name),
        ["bless"] => bless::bless(root, None),
        ["bless", filter] => bless::bless(root, Some(filter)),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    for problem in &problems {
        println!("{problem}");
    }
    if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints the table; what is printed on the way goes to standard error.
fn benchmark(root: &Path, flags: &[&str]) -> Vec<String> {
    if let Some(unknown) = unknown_flag(flags) {
        return vec![format!("bench knows no {unknown}\n\n{USAGE}")];
    }
    let given = |flag: &str| flags.iter().position(|it| *it == flag).and_then(|at| flags.get(at + 1));
    let witc = match given("--witc") {
        Some(witc) => PathBuf::from(witc),
        None => {
            let built = run(cargo().args(["build", "--release", "--bin", "witc"]).current_dir(root));
            if !built.is_empty() {
                return built;
            }
            root.join("target/release/witc")
        }
    };
    let mut compile = Vec::new();
    if flags.contains(&"--compile") {
        let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let arguments = ["run", "--quiet", "-p", "witc-runtime-tests", "--example", "compile"];
        let manifest = ["--manifest-path".to_owned(), root.join("Cargo.toml").display().to_string()];
        compile.push(program);
        compile
            .extend(arguments.map(ToString::to_string).into_iter().chain(manifest).chain(["--".to_owned()]));
        // Without a file it only builds.
        let built = run(Command::new(&compile[0]).args(&compile[1..]));
        if !built.is_empty() {
            return built;
        }
    }
    let bench = bench::Bench {
        witc,
        large: flags.contains(&"--large"),
        real: given("--real").map(PathBuf::from),
        compile,
        runs: given("--runs").and_then(|runs| runs.parse().ok()).unwrap_or(5),
        filter: given("--only").map(ToString::to_string).unwrap_or_default(),
    };
    match bench::run(&bench, &mut |line| eprintln!("{line}")) {
        Ok(page) => match given("--write") {
            Some(file) => {
                std::fs::write(file, page).err().map(|error| format!("{file}: {error}")).into_iter().collect()
            }
            None => {
                print!("{page}");
                Vec::new()
            }
        },
        Err(error) => vec![error.to_string()],
    }
}

/// The first of the arguments of `bench` that means nothing.
fn unknown_flag<'f>(flags: &[&'f str]) -> Option<&'f str> {
    let mut flags = flags.iter();
    while let Some(flag) = flags.next() {
        match *flag {
            "--large" | "--compile" => {}
            "--witc" | "--real" | "--runs" | "--only" | "--write" => {
                flags.next()?;
            }
            unknown => return Some(unknown),
        }
    }
    None
}

/// The laws over random worlds, optimised, over as many seeds as were asked for.
fn fuzz(root: &Path, seeds: &str) -> Vec<String> {
    let mut command = cargo();
    command.args(["test", "--release", "--test", "it", "random::"]).current_dir(root);
    run(command.env("WITC_SEEDS", format!("0..{seeds}")))
}

/// The same worlds, held against other linkers.
fn fuzz_peers(root: &Path, seeds: &str) -> Vec<String> {
    let mut command = cargo();
    command.args(["test", "--release", "--test", "it", "differential::seeds"]).current_dir(root);
    run(command.env("WITC_PEERS", format!("0..{seeds}")))
}

/// Damaged inputs of the cases, optimised, for so long for each target.
fn fuzz_bytes(root: &Path, seconds: &str) -> Vec<String> {
    let mut command = cargo();
    command.args(["test", "--release", "--test", "it", "mutations::"]).current_dir(root);
    run(command.env("WITC_MUTATIONS", seconds))
}

/// cargo-fuzz for so long, from a corpus of the cases. A stable compiler is told to take the flags that it needs.
fn fuzz_coverage(root: &Path, target: &str, seconds: &str) -> Vec<String> {
    let mut corpus = cargo();
    corpus.args(["test", "--test", "it", &format!("mutations::{target}")]).current_dir(root);
    let problems = run(corpus.env("WITC_CORPUS", root.join("fuzz/corpus")));
    if !problems.is_empty() {
        return problems;
    }
    let mut fuzz = cargo();
    // No memory tricks, no sanitizer: it would only cost time.
    fuzz.args(["fuzz", "run", "--sanitizer", "none", target, "--"]).current_dir(root);
    fuzz.arg(format!("-max_total_time={seconds}"));
    fuzz.args(["-max_len=100000", "-timeout=60", "-rss_limit_mb=3000", "-print_final_stats=1"]);
    run(fuzz.env("RUSTC_BOOTSTRAP", "1"))
}

/// The cargo that runs this program, which may be another one than built it.
fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn run(command: &mut Command) -> Vec<String> {
    match command.status() {
        Ok(status) if status.success() => Vec::new(),
        Ok(status) => vec![format!("{command:?}: {status}")],
        Err(error) => vec![format!("{command:?}: {error}")],
    }
}
