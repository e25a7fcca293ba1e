//! A host that requests may go to, as a policy names it in `hosts = […]`: `https://api.example.com:8443`, `*.example.com`.
//!
//! Differs from `asked.rs`, which gathers such texts: here each of them is understood.

use super::Scene;
use super::asked::Asking;
use crate::check::Port;
use crate::diag::Run;
use crate::model::{InterfaceName, ItemPath, Side};
use crate::source::Span;

/// What to do about a text that is no host.
pub(super) const HELP_HOST: &str =
    "name a host, such as `https://api.example.com`, or all below a domain: `https://*.example.com`";

impl Scene<'_, '_> {
    /// The hosts that the policy names, each with where it does; what is no host is reported.
    pub(super) fn hosts<'h>(&'h self, run: &mut Run) -> Vec<(&'h Asking, Egress)> {
        let mut hosts = Vec::new();
        for value in self.asked.values("hosts") {
            match Egress::parse(&value.text) {
                Some(host) => hosts.push((value, host)),
                None => self.cannot_say(value, "it is no host", HELP_HOST, run),
            }
        }
        hosts
    }

    /// The first import of raw sockets, and where it is asked for; the interfaces of `apart` do not count.
    pub(super) fn raw_sockets(&mut self, apart: &[&str], run: &mut Run) -> Option<(String, Span)> {
        let is_socket = |name: &str| {
            let name = InterfaceName::parse(name).filter(|name| name.package == "wasi:sockets");
            name.is_some_and(|name| !apart.contains(&name.interface.as_str()))
        };
        let subject = &mut *self.subject;
        let import = subject.wiring.host.iter().find(|import| is_socket(&import.name))?;
        let Port { instance, name } = import.users.first()?;
        let component = subject.wiring.instance(*instance).component;
        let place = ItemPath::item(Side::Import, name);
        let span = subject.inputs.components[component].span(&mut run.sources, &place);
        Some((name.clone(), span))
    }
}

/// One host, or all below a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Egress {
    /// `http` or `https`; both where none is named.
    pub(super) scheme: Option<String>,
    /// The name, in lower case; of all below a domain, without `*.`.
    pub(super) host: String,
    /// Whether all below the domain are meant, and not it.
    pub(super) is_below: bool,
    /// The port; that of the scheme where none is named.
    pub(super) port: Option<u16>,
}

impl Egress {
    /// Reads a text; `None` if it is no host.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(scheme.to_ascii_lowercase()), rest),
            None => (None, text),
        };
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port.parse().ok()?)),
            Some(_) | None => (authority, None),
        };
        let (host, is_below) = host.strip_prefix("*.").map_or((host, false), |domain| (domain, true));
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
        let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let is_host = match inner {
            Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok() && !is_below,
            None => !host.is_empty() && host.bytes().all(is_plain) && !host.starts_with('.'),
        };
        let is_scheme = scheme.as_deref().is_none_or(|scheme| matches!(scheme, "http" | "https"));
        (is_host && is_scheme).then(|| Self { scheme, host: host.to_ascii_lowercase(), is_below, port })
    }

    /// The name with `*.` where all below it are meant.
    pub(super) fn name(&self) -> String {
        format!("{}{}", if self.is_below { "*." } else { "" }, self.host)
    }

    /// The network of an address, as workerd calls it; a name is on the public one.
    pub(super) fn network(&self) -> &'static str {
        let text = self.host.trim_start_matches('[').trim_end_matches(']');
        match text.parse::<std::net::IpAddr>() {
            Err(_) if self.host == "localhost" || self.host.ends_with(".localhost") => "local",
            Ok(address) if address.is_loopback() => "local",
            Ok(std::net::IpAddr::V4(address)) if address.is_private() || address.is_link_local() => "private",
            Ok(std::net::IpAddr::V6(address)) if address.is_unique_local() => "private",
            Ok(_) | Err(_) => "public",
        }
    }

    /// The port that a request goes to where the text names none.
    pub(super) fn port_or_default(&self) -> u16 {
        self.port.unwrap_or(if self.scheme.as_deref() == Some("http") { 80 } else { 443 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let found = Egress::parse(text).map(|found| {
            format!(
                "{} {} {}",
                found.scheme.clone().unwrap_or_default(),
                found.name(),
                found.port_or_default()
            )
        });
        assert_eq!(found.as_deref(), expected, "{text}");
    }

    #[test]
    fn hosts_are_understood() {
        check("https://api.stripe.com", Some("https api.stripe.com 443"));
        check("http://A.b:8080/", Some("http a.b 8080"));
        check("api.stripe.com", Some(" api.stripe.com 443"));
        check("*.stripe.com", Some(" *.stripe.com 443"));
        check("http://[::1]:81", Some("http [::1] 81"));
        check("http://[::1]", Some("http [::1] 80"));
        check("https://a/b", None);
        check("https://a:b", None);
        check("https://*", None);
        check("https://a\"b", None);
        check("ftp://a", None);
        check("", None);
    }
}
