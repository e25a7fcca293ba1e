//! Reads manifests with the types that platforms publish: wadm's, with its own validation, and those of Kubernetes.
//!
//! Differs from `shape.rs`: here what is right is said by others, in packages of theirs.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use k8s_openapi::api::core::v1::Pod;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use wadm_types::validation::{ValidationOutput, validate_manifest_bytes};

/// Why wadm does not take an application as it is.
pub(super) fn wadm(text: &str) -> Option<String> {
    let mut validated = pin!(validate_manifest_bytes(text));
    let (manifest, failures) = match validated.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(validated)) => validated,
        Poll::Ready(Err(error)) => return Some(format!("{error:#}")),
        Poll::Pending => return Some("its validation waits for something".to_owned()),
    };
    let errors = failures.errors();
    if !errors.is_empty() {
        return Some(format!("{errors:?}"));
    }
    is_kept(text, &manifest)
}

/// Why Kubernetes does not take a pod as it is.
pub(super) fn pod(text: &str) -> Option<String> {
    match read::<Pod>(text) {
        Ok(pod) => is_kept(text, &pod),
        Err(error) => Some(error),
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_saphyr::from_str(text).map_err(|error| error.to_string())
}

/// What a type reads and writes again is all that was there: nothing was dropped as unknown.
fn is_kept(text: &str, read_as: &impl Serialize) -> Option<String> {
    let (there, kept): (Result<Value, _>, _) = (read(text), serde_json::to_value(read_as));
    match (there, kept) {
        (Ok(there), Ok(kept)) if there == kept => None,
        (Ok(there), Ok(kept)) => Some(format!("of {there}\nthis is read: {kept}")),
        (Err(error), _) => Some(error),
        (_, Err(error)) => Some(error.to_string()),
    }
}
