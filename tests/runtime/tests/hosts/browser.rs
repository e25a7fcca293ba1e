//! jco in a browser: what is emitted is bundled, and a browser without a window loads it from a server of this process,
//! calls the component, and sends back what came of it.
//!
//! Differs from `jco.rs`, where the same JavaScript engine has no page around it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use libtest_mimic::Failed;
use witc_runtime_tests::server::Failure;
use witc_runtime_tests::tools::Tools;

use super::{build, emitted, same};

const DEMO: &str = "wit-fixtures/demo/witc.toml";

/// How long the browser may take for a page. A machine that builds at the same time is slow.
const PATIENCE: Duration = Duration::from_secs(120);

/// What each page starts with: what is written to the console, and what goes wrong, is sent to the server as well.
const HEAD: &str = r#"<!doctype html><script type="module">
const say = (text) => fetch("/said", { method: "POST", body: text });
for (const name of ["log", "error"]) console[name] = (...words) => say(`${name}: ${words.join(" ")}`);
window.addEventListener("error", (event) => say(`error: ${event.message}`));
window.addEventListener("unhandledrejection", (event) => say(`rejected: ${event.reason}`));
"#;

/// Two calls of a function, with records, variants and text.
const CALLS: &str = r#"
const { component } = await import("./build/bundle.mjs");
const { process } = component["company:payments/processor"];
const pay = (amount, currency) => process({ amount, currency, customerId: "alice" });
await say(JSON.stringify([await pay(250n, "EUR"), await pay(250n, "GBP")]));
</script>"#;

/// The page that is emitted loads the same; then it says that it is done.
const COMMAND: &str = r#"
await import("./build/bundle.mjs");
await say("done");
</script>"#;

/// A function is called with values, twice.
pub(super) fn calls_a_function(tools: &Tools) -> Result<(), Failed> {
    let said = said(tools, "mock", CALLS, 1)?;
    let expected = concat!(
        r#"[{"tag":"success","val":"mock-alice-250-EUR"},"#,
        r#"{"tag":"declined","val":"the mock gateway does not charge in GBP"}]"#
    );
    same(&said, &vec![expected.to_owned()])?;
    Ok(())
}

/// A command runs, and what it writes is in the console.
pub(super) fn runs_a_command(tools: &Tools) -> Result<(), Failed> {
    let said = said(tools, "cli", COMMAND, 2)?;
    same(&said, &["log: success: mock-alice-250-EUR", "done"].map(str::to_owned).to_vec())?;
    Ok(())
}

/// What a page says of a composition that is built as `witc emit` says: so many texts.
fn said(tools: &Tools, composition: &str, script: &str, texts: usize) -> Result<Vec<String>, Failure> {
    let folder = emitted(DEMO, composition, "jco-browser")?;
    build(tools, folder.path())?;
    std::fs::write(folder.path().join("test.html"), format!("{HEAD}{script}"))?;
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = listener.local_addr()?;
    let (sender, receiver) = channel();
    let root = folder.path().to_owned();
    std::thread::spawn(move || serve(&listener, &root, &sender));
    let profile = tempfile::tempdir()?;
    let _browser = Browser::open(tools, &format!("http://{address}/test.html"), profile.path())?;
    receive(&receiver, texts)
}

fn receive(receiver: &Receiver<String>, texts: usize) -> Result<Vec<String>, Failure> {
    let mut said = Vec::new();
    while said.len() < texts {
        match receiver.recv_timeout(PATIENCE) {
            Ok(text) => said.push(text),
            Err(error) => return Err(format!("the page says no more: {error}; it said {said:?}").into()),
        }
    }
    Ok(said)
}

/// Answers requests for files of a folder, and hands on what is posted.
fn serve(listener: &TcpListener, root: &Path, said: &Sender<String>) {
    for stream in listener.incoming().flatten() {
        // A browser that hangs up has what it needs.
        let _ = answer(stream, root, said);
    }
}

fn answer(mut stream: TcpStream, root: &Path, said: &Sender<String>) -> Result<(), Failure> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default());
    let file = PathBuf::from(path.trim_start_matches('/'));
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let header = header.trim().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    if method == "POST" {
        said.send(String::from_utf8(body)?)?;
        stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")?;
        return Ok(());
    }
    let is_within = file.components().all(|step| matches!(step, Component::Normal(_)));
    let content = is_within.then(|| std::fs::read(root.join(&file)).ok()).flatten();
    let Some(content) = content else {
        stream.write_all(b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")?;
        return Ok(());
    };
    let kind = match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html",
        Some("wasm") => "application/wasm",
        Some("js" | "mjs") => "text/javascript",
        Some(_) | None => "application/octet-stream",
    };
    let length = content.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
    )?;
    stream.write_all(&content)?;
    Ok(())
}

/// A browser without a window, until it is dropped.
struct Browser(Child);

impl Browser {
    fn open(tools: &Tools, page: &str, profile: &Path) -> Result<Self, Failure> {
        let mut command = tools.browser().ok_or("Chromium is not there")?;
        command
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args(["--disable-dev-shm-usage", "--remote-debugging-port=0"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg(page);
        grouped(&mut command);
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        Ok(Self(process.map_err(|error| format!("{command:?}: {error}"))?))
    }
}

/// A group of its own, so that what it starts ends with it.
fn grouped(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

impl Drop for Browser {
    fn drop(&mut self) {
        let group = format!("-{}", self.0.id());
        // If that fails it has ended already.
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.0.wait();
    }
}
