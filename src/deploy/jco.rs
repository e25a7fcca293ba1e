//! jco: JavaScript around the artifact, for Node.js and for a browser.
//!
//! Differs from `workerd.rs`, where a configuration says what may be done: here settings are given to the shims of WASI.

use super::value::Value;
use super::{Made, Scene};
use crate::diag::Run;

/// The tools, in the versions that the files are written for.
pub(super) const JCO: (&str, &str) = ("@bytecodealliance/jco", "1.35.0");
/// The shims of WASI. 0.26.1 breaks what depends on it.
pub(super) const SHIM: (&str, &str) = ("@bytecodealliance/preview2-shim", "0.25.0");

const NODE: &str = include_str!("glue/node.mjs");
const BROWSER: &str = include_str!("glue/browser.mjs");
/// Standard output and standard error where the shims are those for browsers.
pub(super) const CONSOLE: (&str, &str, &str) =
    ("console.mjs", "what it writes, in the console", include_str!("glue/console.mjs"));
const PAGE: &str = include_str!("glue/index.html");

/// For Node.js.
pub(super) fn node(scene: &mut Scene<'_, '_>, run: &mut Run) -> Made {
    let mut preopens = Vec::new();
    for path in scene.asked.values("paths") {
        match path.text.split("::").collect::<Vec<_>>().as_slice() {
            [one] if !one.is_empty() => preopens.push(((*one).to_owned(), Value::text(*one))),
            [host, guest] if !host.is_empty() && !guest.is_empty() => {
                preopens.push(((*guest).to_owned(), Value::text(*host)));
            }
            _ => scene.cannot_say(path, "a folder is HOST::GUEST, or one name for both", "name it so", run),
        }
    }
    let settings = settings(scene).and_always("preopens", Value::Map(preopens));
    let build = format!("jco transpile {}.wasm -o build --name component --instantiation async", scene.name);
    let scripts = [("build", build), ("start", "node main.mjs".to_owned())];
    Made::new()
        .text("main.mjs", "runs the artifact", NODE.to_owned())
        .text("settings.mjs", "what the artifact may use", settings.javascript("settings"))
        .text(
            "package.json",
            "the tools, in exact versions",
            package(&scene.name, &scripts, &[SHIM], &[JCO]).json(),
        )
        .command("npm install")
        .command("npm run build")
        .command("npm start")
}

/// For a browser.
pub(super) fn browser(scene: &mut Scene<'_, '_>, run: &mut Run) -> Made {
    let mut given: Vec<_> = scene.asked.values("paths").chain(scene.asked.values("env-keys")).collect();
    given.sort_by(|a, b| a.text.cmp(&b.text));
    for value in given {
        scene.cannot_say(value, "a browser has no such thing to give", "take it out of the policy", run);
    }
    let settings = settings(scene);
    let transpile = format!(
        "jco transpile {}.wasm -o build --name component --instantiation async --async-mode jspi --async-wasi-imports \
         --async-wasi-exports",
        scene.name
    );
    let bundle = "rolldown main.mjs --platform browser --format esm --file build/bundle.mjs";
    let scripts =
        [("build", format!("{transpile} && {bundle}")), ("start", "npx --yes serve@14.2.5 .".to_owned())];
    let tools = [JCO, ("rolldown", "1.3.2")];
    Made::new()
        .text("index.html", "the page", PAGE.to_owned())
        .text("main.mjs", "runs the artifact", BROWSER.to_owned())
        .text(CONSOLE.0, CONSOLE.1, CONSOLE.2.to_owned())
        .text("settings.mjs", "what the artifact may use", settings.javascript("settings"))
        .text(
            "package.json",
            "the tools, in exact versions",
            package(&scene.name, &scripts, &[SHIM], &tools).json(),
        )
        .command("npm install")
        .command("npm run build")
        .command("npm start")
}

/// What the glue is told.
fn settings(scene: &Scene<'_, '_>) -> Value {
    let named = |path: &str| Value::text(scene.export(path).unwrap_or_default());
    let keys = scene.asked.values("env-keys").map(|key| key.text.as_str());
    Value::map([
        ("run", named("wasi:cli/run")),
        ("handler", named("wasi:http/incoming-handler")),
        ("environment", Value::texts(keys)),
        ("network", Value::Flag(scene.asked.permits("wasi:sockets/") || scene.asked.permits("wasi:http/"))),
    ])
}

/// A package of npm, its tools in exact versions.
pub(super) fn package(
    name: &str,
    scripts: &[(&str, String)],
    needed: &[(&str, &str)],
    tools: &[(&str, &str)],
) -> Value {
    let exact = |packages: &[(&str, &str)]| {
        Value::named(packages.iter().map(|(name, version)| ((*name).to_owned(), Value::text(*version))))
    };
    let scripts = scripts.iter().map(|(name, line)| ((*name).to_owned(), Value::text(line)));
    Value::map([
        ("name", Value::text(name)),
        ("version", Value::text("0.1.0")),
        ("private", Value::Flag(true)),
        ("type", Value::text("module")),
        ("scripts", Value::named(scripts)),
        ("dependencies", exact(needed)),
        ("devDependencies", exact(tools)),
        ("overrides", exact(needed)),
    ])
}
