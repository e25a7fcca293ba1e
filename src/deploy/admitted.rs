//! What the platforms take at a place of a manifest, as their schemas and their own code say: the texts of a policy that they
//! would refuse.
//!
//! Differs from `names.rs`, which makes a name that all of them take: a text of the policy is taken as it is, or reported.

use super::egress::Egress;

/// wasmCloud, `allowedHosts`: everything, or a host with an optional scheme and port, or all below a domain.
/// The pattern of runtime.wasmcloud.dev knows neither `_` nor addresses of IPv6.
pub(super) fn is_allowed_host(text: &str) -> bool {
    text == "*" || Egress::parse(text).is_some_and(|host| is_dns_name(&host.host))
}

/// wasmCloud, `allowedIpNameLookups`: everything, a name, all below a domain, or an address.
pub(super) fn is_allowed_name(text: &str) -> bool {
    let name = text.strip_prefix("*.").unwrap_or(text);
    text == "*" || is_dns_name(name) || text.parse::<std::net::IpAddr>().is_ok()
}

/// Any system, a variable of the environment.
pub(super) fn is_variable(text: &str) -> bool {
    !text.is_empty() && !text.contains(['=', '\0'])
}

/// Kubernetes, a key of a Secret.
pub(super) fn is_secret_key(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    !text.is_empty()
        && text.len() <= 253
        && text != "."
        && !text.starts_with("..")
        && text.bytes().all(is_plain)
}

/// Spin, the label of a store: words with `-` or with `_` between them, each in one case, the first with a letter first.
pub(super) fn is_label(text: &str) -> bool {
    ['-', '_'].iter().any(|delimiter| {
        text.split(*delimiter).enumerate().all(|(at, word)| {
            let of = |is: fn(&u8) -> bool| {
                word.bytes().all(|byte| is(&byte) || byte.is_ascii_digit() || byte == b':')
            };
            let is_first = |first: char| first.is_ascii_alphabetic() || (at > 0 && first.is_ascii_digit());
            word.starts_with(is_first) && (of(u8::is_ascii_lowercase) || of(u8::is_ascii_uppercase))
        })
    })
}

/// wassette, a folder: its path from the root, which is the same inside and outside; another one would begin at the folder of
/// the components, and a `*` in it would be a pattern.
pub(super) fn is_storage(text: &str) -> bool {
    text.starts_with('/') && !text.contains('*')
}

/// Steps of letters, digits and hyphens, each with a letter or digit at both ends.
fn is_dns_name(text: &str) -> bool {
    let is_end = |byte: &u8| byte.is_ascii_alphanumeric();
    let is_step = |step: &str| {
        let bytes = step.as_bytes();
        let ends = [bytes.first(), bytes.last()];
        bytes.len() <= 63
            && ends.iter().all(|byte| byte.is_some_and(is_end))
            && bytes.iter().all(|byte| is_end(byte) || *byte == b'-')
    };
    text.split('.').all(is_step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(is_taken: fn(&str) -> bool, taken: &[&str], refused: &[&str]) {
        let wrong: Vec<&&str> = taken.iter().filter(|text| !is_taken(text)).collect();
        assert!(wrong.is_empty(), "these should be taken: {wrong:?}");
        let wrong: Vec<&&str> = refused.iter().filter(|text| is_taken(text)).collect();
        assert!(wrong.is_empty(), "these should be refused: {wrong:?}");
    }

    #[test]
    fn hosts_are_those_of_wasmcloud() {
        let taken = [
            "*",
            "example.com",
            "a.b:8443",
            "*.example.com",
            "https://*.a.b:1/",
            "http://localhost",
            "10.0.0.1:80",
        ];
        check(
            is_allowed_host,
            &taken,
            &["", "*foo", "a.b/v1", "a_b.com", "http://[::1]", "-a.com", "a-.com", ":8080"],
        );
        check(
            is_allowed_name,
            &["*", "*.a.b", "a", "10.0.0.1", "::1"],
            &["", "https://a", "a:1", "*a", "a/b"],
        );
    }

    #[test]
    fn keys_and_labels_are_those_of_kubernetes_and_spin() {
        check(is_secret_key, &["API_KEY", "a.b-c"], &["", "a b", "ä", "..", "."]);
        check(
            is_label,
            &["default", "my-store", "my_store", "V2-a1"],
            &["", "a b", "-a", "a_b-c", "camelCase", "2a"],
        );
    }

    #[test]
    fn folders_are_those_of_wassette() {
        check(is_storage, &["/data"], &["", "data", "/data/*"]);
    }
}
