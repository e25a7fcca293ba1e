//! Wasmtime: a configuration file, and the command line that names it.
//!
//! Differs from `jco.rs`: here a runtime takes flags, there JavaScript takes settings.

use std::collections::BTreeSet;

use super::asked::Asking;
use super::shell::{variable, word};
use super::value::{MADE_BY, Value};
use super::{Made, Scene};
use crate::diag::Run;

/// What must be asked for beyond linking, by the beginning of the path of an interface: the option in the section `wasi`.
const NETWORK: &[(&str, &str)] = &[
    ("wasi:sockets/ip-name-lookup", "allow-ip-name-lookup"),
    ("wasi:sockets/tcp", "inherit-network"),
    ("wasi:sockets/udp", "inherit-network"),
    ("wasi:sockets/types", "inherit-network"),
];

/// The shell function behind options that take their value from the environment: a comma would begin another option.
const NO_COMMA: &str = "\
no_comma() {
  case $2 in *,*) echo \"$1 has a comma, which -S cannot carry\" >&2; exit 2 ;; esac
}
";

/// What stands before the command line of an artifact that is no command: a function of it is called, which one must say.
const ONE_CALL: &str = "\
if [ $# -ne 1 ]; then
  echo \"name what to call: 'NAME(ARGUMENTS)'\" >&2
  exit 2
fi
";

/// `wasmtime run`.
pub(super) fn run(scene: &mut Scene<'_, '_>, run: &mut Run) -> Made {
    made("run", scene, run)
}

/// `wasmtime serve`.
pub(super) fn serve(scene: &mut Scene<'_, '_>, run: &mut Run) -> Made {
    made("serve", scene, run)
}

fn made(command: &str, scene: &Scene<'_, '_>, run: &mut Run) -> Made {
    let script = format!("{command}.sh");
    let to_run = match calls(command, scene) {
        true => format!("sh {script} 'NAME(ARGUMENTS)'"),
        false => format!("sh {script}"),
    };
    Made::new()
        .text(script.clone(), "the command line", command_line(command, scene, run))
        .text("wasmtime.toml", "the configuration that it names", configuration(scene))
        .command(to_run)
}

/// Whether there is no command in the artifact that would start, so that functions of it are called.
fn calls(command: &str, scene: &Scene<'_, '_>) -> bool {
    command == "run" && scene.export("wasi:cli/run").is_none()
}

/// What the configuration file can hold: options that are on or off, and numbers. Wasmtime reads lists from the command line only.
fn configuration(scene: &Scene<'_, '_>) -> String {
    let asked_for = scene.subject.fit.flags();
    let flags: Vec<(&str, &str)> = asked_for.iter().filter_map(|flag| flag.split_once(' ')).collect();
    let of = |option: &str| -> BTreeSet<String> {
        flags.iter().filter(|(letter, _)| *letter == option).map(|(_, name)| (*name).to_owned()).collect()
    };
    let mut wasi = of("-S");
    let permitted = NETWORK.iter().filter(|(interface, _)| scene.asked.permits(interface));
    wasi.extend(permitted.map(|(_, option)| (*option).to_owned()));
    let on =
        |options: BTreeSet<String>| Value::named(options.into_iter().map(|name| (name, Value::Flag(true))));
    let mut wasm = on(of("-W"));
    for (option, limit) in [("fuel", &scene.limits.fuel), ("max-memory-size", &scene.limits.memory)] {
        if let Some(limit) = limit {
            wasm = wasm.and(option, Value::Number(limit.value));
        }
    }
    Value::empty().and("wasm", wasm).and("wasi", on(wasi)).toml()
}

fn command_line(command: &str, scene: &Scene<'_, '_>, run: &mut Run) -> String {
    let mut words = vec![format!("exec wasmtime {command}"), "--config wasmtime.toml".to_owned()];
    // The file has no form for a time.
    words.extend(scene.limits.timeout.as_ref().map(|limit| format!("-W timeout={}", word(&limit.value))));
    // A name without a value is taken from the environment of the host: secrets are named, never written.
    words.extend(scene.asked.values("env-keys").map(|key| format!("--env {}", word(&key.text))));
    words.extend(scene.asked.values("paths").filter_map(|path| folder(path, scene, run)));
    let (checks, variables) = variables(scene, run);
    words.extend(variables);
    for model in scene.asked.values("models") {
        match model.text.contains(',') || !model.text.contains("::") {
            true => scene.cannot_say(model, "a model is FORMAT::FOLDER, without a comma", "name it so", run),
            false => words.push(format!("-S {}", word(&format!("nn-graph={}", model.text)))),
        }
    }
    let artifact = word(&format!("./{}", scene.artifact_name()));
    // What follows a command is for the program; a server has no arguments, but flags of its own, such as `--addr`.
    let calls = calls(command, scene);
    match command {
        "run" if calls => words.extend(["--invoke \"$1\"".to_owned(), artifact]),
        "serve" => words.extend(["\"$@\"".to_owned(), artifact]),
        _ => words.extend([artifact, "\"$@\"".to_owned()]),
    }
    let one_call = if calls { ONE_CALL } else { "" };
    format!(
        "#!/bin/sh\n# {MADE_BY}\ncd \"$(dirname \"$0\")\" || exit\n{one_call}{checks}{}\n",
        words.join(" \\\n  ")
    )
}

/// `HOST::GUEST`, or one name for both.
fn folder(path: &Asking, scene: &Scene<'_, '_>, run: &mut Run) -> Option<String> {
    let steps: Vec<&str> = path.text.split("::").collect();
    let pair = match steps.as_slice() {
        [one] if !one.is_empty() => format!("{one}::{one}"),
        [host, guest] if !host.is_empty() && !guest.is_empty() => format!("{host}::{guest}"),
        _ => {
            scene.cannot_say(path, "a folder is HOST::GUEST, or one name for both", "name it so", run);
            return None;
        }
    };
    Some(format!("--dir {}", word(&pair)))
}

/// The values of `wasi:config`, each from an environment variable; and the lines that look at them first.
fn variables(scene: &Scene<'_, '_>, run: &mut Run) -> (String, Vec<String>) {
    let (mut checks, mut words, mut taken) = (String::new(), Vec::new(), BTreeSet::new());
    for key in scene.asked.values("config-keys") {
        let name = variable(&key.text);
        if key.text.is_empty() || key.text.contains([',', '=']) {
            scene.cannot_say(key, "`-S config-var` takes no such key", "give the key another name", run);
        } else if !taken.insert(name.clone()) {
            scene.cannot_say(
                key,
                "two keys would be one environment variable",
                "rename one of the keys",
                run,
            );
        } else {
            checks.push_str(&format!("no_comma {name} \"${{{name}-}}\"\n"));
            words.push(format!("-S {}\"${{{name}-}}\"", word(&format!("config-var={}=", key.text))));
        }
    }
    let checks = if checks.is_empty() { checks } else { format!("{NO_COMMA}{checks}") };
    (checks, words)
}
