//! Runs one linked component in Wasmtime with WASI 0.2, HTTP included, and keeps what it prints.
//!
//! Differs from the command `wasmtime` only in what it lets a component do: no files, no sockets, HTTP without TLS.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::{Request, Response, Uri};
use tokio::net::TcpStream;
use wasmtime::component::{Component, Instance, Linker, ResourceTable, Val};
use wasmtime::error::Context;
use wasmtime::{CacheStore, Config, Engine, Store};
use wasmtime_wasi::p2::bindings::Command;
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::io::TokioIo;
use wasmtime_wasi_http::p2::bindings::Proxy;
use wasmtime_wasi_http::p2::bindings::http::types::Scheme;
use wasmtime_wasi_http::{
    Error, RequestOptions, WasiBody, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, WasiHttpView,
};

/// More than any test prints, in bytes.
const LONGEST_OUTPUT: usize = 1 << 20;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let mut config = Config::new();
    config.wasm_component_model_async(true);
    let kept = config.enable_incremental_compilation(Arc::new(CompiledFunctions::default()));
    kept.expect("Wasmtime is built with Cranelift");
    Engine::new(&config).expect("Wasmtime is built with what is switched on here")
});

/// The machine code of all functions so far: the same components are linked again and again.
#[derive(Debug, Default)]
struct CompiledFunctions(Mutex<BTreeMap<Vec<u8>, Vec<u8>>>);

impl CacheStore for CompiledFunctions {
    fn get(&self, key: &[u8]) -> Option<Cow<'_, [u8]>> {
        let functions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        functions.get(key).cloned().map(Cow::Owned)
    }

    fn insert(&self, key: &[u8], value: Vec<u8>) -> bool {
        let mut functions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        functions.insert(key.to_vec(), value);
        true
    }
}

/// Compiles a component for this machine, which takes longer than to run it: once for all tests that run it.
///
/// # Panics
/// If Wasmtime does not accept it.
pub fn compile(bytes: &[u8]) -> Component {
    Component::from_binary(&ENGINE, bytes).expect("witc links nothing that is not valid")
}

/// A component and the host that it runs in.
pub struct Host {
    component: Component,
    linker: Linker<State>,
    store: Store<State>,
    stdout: MemoryOutputPipe,
    stderr: MemoryOutputPipe,
}

/// What the host keeps for a component.
struct State {
    wasi: WasiCtx,
    http: WasiHttpCtx,
    hooks: WithoutTls,
    table: ResourceTable,
}

impl Host {
    /// A host for a component, with these environment variables and arguments.
    ///
    /// # Errors
    /// If two of the host's interfaces are in each other's way.
    pub fn new(
        component: &Component,
        environment: &[(&str, &str)],
        arguments: &[&str],
    ) -> wasmtime::Result<Self> {
        let mut linker = Linker::new(&ENGINE);
        wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
        wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
        let stdout = MemoryOutputPipe::new(LONGEST_OUTPUT);
        let stderr = MemoryOutputPipe::new(LONGEST_OUTPUT);
        let mut wasi = WasiCtx::builder();
        wasi.envs(environment).args(arguments).stdout(stdout.clone()).stderr(stderr.clone());
        let state = State {
            wasi: wasi.build(),
            http: WasiHttpCtx::new(),
            hooks: WithoutTls,
            table: ResourceTable::new(),
        };
        Ok(Self { component: component.clone(), linker, store: Store::new(&ENGINE, state), stdout, stderr })
    }

    /// A new instance, for [`Self::call`].
    ///
    /// # Errors
    /// If an import is missing or has another type.
    pub async fn instantiate(&mut self) -> wasmtime::Result<Instance> {
        self.linker.instantiate_async(&mut self.store, &self.component).await
    }

    /// Calls a function with one result, which an interface exports.
    ///
    /// # Errors
    /// If there is no such function, the arguments do not fit, or it traps.
    pub async fn call(
        &mut self,
        instance: &Instance,
        interface: &str,
        function: &str,
        arguments: &[Val],
    ) -> wasmtime::Result<Val> {
        let exports = instance.get_export_index(&mut self.store, None, interface);
        let exports = exports.with_context(|| format!("`{interface}` is not exported"))?;
        let found = instance.get_export_index(&mut self.store, Some(&exports), function);
        let found = found.with_context(|| format!("`{interface}` has no `{function}`"))?;
        let called = instance.get_func(&mut self.store, found).context("an export of another kind")?;
        let mut results = [Val::Bool(false)];
        called.call_async(&mut self.store, arguments, &mut results).await?;
        let [result] = results;
        Ok(result)
    }

    /// Runs a command as a shell does; returns whether it succeeded.
    ///
    /// # Errors
    /// If it exports no `wasi:cli/run`, or traps.
    pub async fn run(&mut self) -> wasmtime::Result<bool> {
        let command = Command::instantiate_async(&mut self.store, &self.component, &self.linker).await?;
        let result = command.wasi_cli_run().call_run(&mut self.store).await?;
        Ok(result.is_ok())
    }

    /// Lets an HTTP server answer one request for a path; returns the status and the body.
    ///
    /// # Errors
    /// If it exports no `wasi:http/incoming-handler`, traps, or does not answer.
    pub async fn get(&mut self, path: &str) -> wasmtime::Result<(u16, String)> {
        let proxy = Proxy::instantiate_async(&mut self.store, &self.component, &self.linker).await?;
        let request = Request::get(format!("http://shop.example{path}")).body(Empty::<Bytes>::new())?;
        let request = self.store.data_mut().http().new_incoming_request(Scheme::Http, request)?;
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let outparam = self.store.data_mut().http().new_response_outparam(sender)?;

        // The server goes on while its response is being read: it waits until there is room for the body.
        let handled = proxy.wasi_http_incoming_handler().call_handle(&mut self.store, request, outparam);
        let read = async {
            let response: Response<_> = receiver.await.context("no response")??;
            let status = response.status().as_u16();
            let body = response.into_body().collect().await.map(|body| body.to_bytes())?;
            wasmtime::error::Ok((status, String::from_utf8_lossy(&body).into_owned()))
        };
        let (handled, answer) = tokio::join!(handled, read);
        handled?;
        answer
    }

    /// What has been printed to standard output so far.
    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.stdout.contents()).into_owned()
    }

    /// What has been printed to standard error so far.
    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.stderr.contents()).into_owned()
    }

    /// Whether the component has given back every resource that it got from the host.
    pub fn has_no_resources(&self) -> bool {
        self.store.data().table.is_empty()
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut self.hooks }
    }
}

/// Sends requests as plain HTTP/1.1, which is all that the loopback needs.
struct WithoutTls;

type Sent = Result<(Response<WasiBody>, Box<dyn Future<Output = Result<(), Error>> + Send>), Error>;

impl WasiHttpHooks for WithoutTls {
    fn send_request(
        &mut self,
        request: Request<WasiBody>,
        _options: Option<RequestOptions>,
        _processed: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Sent> + Send> {
        Box::new(send(request))
    }
}

async fn send(mut request: Request<WasiBody>) -> Sent {
    let authority = request.uri().authority().ok_or(Error::HttpRequestUriInvalid)?.to_string();
    let stream = TcpStream::connect(authority).await.map_err(Error::Connect)?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    // To the server itself, and not to a proxy, a request names only the path; the host is in a header.
    let path = request.uri().path_and_query().cloned();
    *request.uri_mut() = path.map(Uri::from).ok_or(Error::HttpRequestUriInvalid)?;
    let connection = tokio::spawn(connection);
    let response = sender.send_request(request).await?;
    let rest = async { connection.await.map_or(Ok(()), |closed| closed.map_err(Error::from)) };
    Ok((response.map(|body| body.map_err(Error::from).boxed_unsync()), Box::new(rest)))
}
