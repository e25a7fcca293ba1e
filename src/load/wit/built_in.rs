//! The WIT packages that witc carries within itself: WASI 0.2 and 0.3, as their authors publish them.

/// One version of a package, as text.
#[derive(Debug)]
pub(super) struct BuiltIn {
    /// Its name without the version: `wasi:io`.
    pub(super) name: &'static str,
    /// Its version.
    pub(super) version: &'static str,
    /// Its WIT.
    pub(super) text: &'static str,
}

/// All of them, the oldest first; made by build.rs.
pub(super) const BUILT_IN: &[BuiltIn] = include!(concat!(env!("OUT_DIR"), "/built_in.rs"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wasi_is_built_in() {
        let names: Vec<_> = BUILT_IN.iter().map(|it| format!("{}@{}", it.name, it.version)).collect();
        for name in ["cli", "clocks", "filesystem", "http", "random", "sockets"] {
            assert!(names.contains(&format!("wasi:{name}@0.2.12")), "{names:?}");
            assert!(names.contains(&format!("wasi:{name}@0.3.2")), "{names:?}");
        }
        assert!(names.contains(&"wasi:io@0.2.12".to_owned()));
        assert_eq!(names.len(), 13);
    }
}
