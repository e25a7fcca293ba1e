//! What a deployment may use at most, as `[host.NAME.limits]` of the policy says.
//!
//! Differs from `asked.rs`, which is about what it may use at all.

use super::Scene;
use super::asked::Asking;
use crate::config::{Policy, ResourceLimits};
use crate::diag::Run;
use crate::host::Form;

/// The limits of the host of a composition whose profile has this id.
pub(super) fn limits(policy: Option<&Policy>, composition: &str, profile: &str) -> ResourceLimits {
    let Some(policy) = policy else { return ResourceLimits::default() };
    let rules = policy.compositions.iter().find(|rules| rules.name.value == composition);
    let names = rules.map(|rules| rules.hosts.as_slice()).unwrap_or_default();
    let hosts = policy.hosts.iter().filter(|host| names.iter().any(|name| name.value == host.name.value));
    let mut hosts = hosts.filter(|host| host.profile.as_ref().is_some_and(|id| id.value == profile));
    hosts.next().map(|host| host.limits.clone()).unwrap_or_default()
}

/// Reports the limits that a form has no place for.
pub(super) fn left_out(form: Form, scene: &Scene<'_, '_>, run: &mut Run) {
    let (has_memory, has_others) = match form {
        Form::WasmtimeRun | Form::WasmtimeServe => (true, true),
        Form::Pod | Form::Spin | Form::Wassette => (true, false),
        Form::Workerd
        | Form::JcoNode
        | Form::JcoBrowser
        | Form::Fastly
        | Form::Wasmcloud
        | Form::Wadm
        | Form::Unit => (false, false),
    };
    let ResourceLimits { memory, fuel, timeout } = &scene.limits;
    let mut missing = Vec::new();
    if let (Some(memory), false) = (memory, has_memory) {
        missing.push(Asking { text: format!("memory = {}", memory.value), span: memory.span });
    }
    if let (Some(fuel), false) = (fuel, has_others) {
        missing.push(Asking { text: format!("fuel = {}", fuel.value), span: fuel.span });
    }
    if let (Some(timeout), false) = (timeout, has_others) {
        missing.push(Asking { text: format!("timeout = {}", timeout.value), span: timeout.span });
    }
    for limit in missing {
        scene.cannot_say(&limit, "the host has no such limit", "take it out of the limits of this host", run);
    }
}
