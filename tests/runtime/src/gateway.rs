//! A payment gateway on the loopback: a real HTTP server, for what is linked with the demo's `http-adapter`.
//!
//! Differs from the demo's `mock-gateway`, which is a component and needs no network.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::CONTENT_TYPE;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use wasmtime_wasi_http::io::TokioIo;

/// A request as the gateway got it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Method and path: `POST /charge`.
    pub target: String,
    /// The header `content-type`, or nothing.
    pub content_type: String,
    /// The body.
    pub body: String,
}

/// Status and body of an answer.
pub type Answer = (StatusCode, String);

/// A server that runs until it is dropped.
#[derive(Debug)]
pub struct Gateway {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    server: JoinHandle<()>,
}

impl Gateway {
    /// A gateway that charges euros and dollars and refuses the rest.
    ///
    /// # Errors
    /// If no port of the loopback can be had.
    pub async fn charging() -> std::io::Result<Self> {
        Self::answering(charge).await
    }

    /// A server that answers each request as `answer` says; `answer` is given the body.
    ///
    /// # Errors
    /// If no port of the loopback can be had.
    pub async fn answering(answer: fn(&str) -> Answer) -> std::io::Result<Self> {
        Self::answering_at(0, answer).await
    }

    /// The same at a port of the loopback.
    ///
    /// # Errors
    /// If the port is taken.
    pub async fn answering_at(port: u16, answer: fn(&str) -> Answer) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let address = listener.local_addr()?;
        let received = Arc::new(Mutex::new(Vec::new()));
        let server = tokio::spawn(serve(listener, received.clone(), answer));
        Ok(Self { address, received, server })
    }

    /// Where it is: `127.0.0.1:port`.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// All requests so far, in order.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Answers `amount=250&currency=EUR&customer=alice`.
fn charge(form: &str) -> Answer {
    let field = |name: &str| {
        let value = form.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        value.unwrap_or_default().to_owned()
    };
    let (amount, currency, customer) = (field("amount"), field("currency"), field("customer"));
    if currency == "EUR" || currency == "USD" {
        (StatusCode::OK, format!("charged-{customer}-{amount}-{currency}"))
    } else {
        (StatusCode::PAYMENT_REQUIRED, format!("no account in {currency}"))
    }
}

/// Serves connections until it is dropped.
async fn serve(listener: TcpListener, received: Arc<Mutex<Vec<Received>>>, answer: fn(&str) -> Answer) {
    while let Ok((connection, _)) = listener.accept().await {
        let received = received.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| respond(request, &received, answer));
            // A client that goes away in the middle is one of the things to test.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(connection), service).await;
        });
    }
}

async fn respond(
    request: Request<Incoming>,
    received: &Mutex<Vec<Received>>,
    answer: fn(&str) -> Answer,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let target = format!("{} {}", request.method(), request.uri());
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or_default().to_owned();
    let body = request.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let body = String::from_utf8_lossy(&body).into_owned();
    let (status, text) = answer(&body);
    received.lock().unwrap_or_else(PoisonError::into_inner).push(Received { target, content_type, body });
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    Ok(response)
}
