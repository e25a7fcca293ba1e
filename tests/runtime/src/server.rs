//! A server in a process of its own on the loopback, which is asked and then ended.
//!
//! Differs from `gateway.rs`, a server within the tests that linked components ask.

use std::fs::File;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::Request;
use hyper::header::HOST;
use tokio::net::TcpStream;
use wasmtime_wasi_http::io::TokioIo;

/// How long a server may take until it listens. A machine that builds at the same time is slow.
const PATIENCE: Duration = Duration::from_secs(120);

/// What can go wrong, in words.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A process that serves HTTP until it is dropped.
#[derive(Debug)]
pub struct Server {
    process: Child,
    address: String,
    log: PathBuf,
}

/// A port of the loopback that nobody uses now: `127.0.0.1:port`.
///
/// # Errors
/// If none can be had.
pub fn free_address() -> std::io::Result<String> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.to_string())
}

impl Server {
    /// Starts a command that listens on an address; what it prints goes to a file in `folder`.
    ///
    /// # Errors
    /// If it cannot be started, ends, or does not listen in time: with all that it printed.
    pub fn start(mut command: Command, address: &str, folder: &Path) -> Result<Self, Failure> {
        let log = folder.join("server.log");
        let output = File::create(&log)?;
        // A group of its own, so that what it starts ends with it.
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output).process_group(0);
        let process = command.spawn().map_err(|error| format!("{command:?}: {error}"))?;
        let mut server = Self { process, address: address.to_owned(), log };
        let started = Instant::now();
        while std::net::TcpStream::connect(address).is_err() {
            if let Some(status) = server.process.try_wait()? {
                return Err(format!("{command:?} ended with {status}:\n{}", server.printed()).into());
            }
            if started.elapsed() > PATIENCE {
                return Err(format!("{command:?} does not listen:\n{}", server.printed()).into());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(server)
    }

    /// Waits until it has printed a text: some listen before they are ready.
    ///
    /// # Errors
    /// If it ends before, or does not print it in time: with all that it printed.
    pub fn says(mut self, text: &str) -> Result<Self, Failure> {
        let started = Instant::now();
        while !self.printed().contains(text) {
            let ended = self.process.try_wait()?;
            if ended.is_some() || started.elapsed() > PATIENCE {
                return Err(format!("a server does not say `{text}`:\n{}", self.printed()).into());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(self)
    }

    /// Asks for a path; the status and the body of the answer.
    ///
    /// # Errors
    /// If there is no answer.
    pub async fn get(&self, path: &str) -> Result<(u16, String), Failure> {
        let stream = TcpStream::connect(&self.address).await?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        let connection = tokio::spawn(connection);
        let request = Request::get(path).header(HOST, &self.address).body(Empty::<Bytes>::new())?;
        let response = sender.send_request(request).await?;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await?.to_bytes();
        connection.abort();
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    }

    /// What it has printed so far.
    pub fn printed(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let group = format!("-{}", self.process.id());
        // If that fails it has ended already.
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.process.wait();
    }
}
