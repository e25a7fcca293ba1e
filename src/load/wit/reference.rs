//! Reads what points into a package: `namespace:package`, a path, a version.
//!
//! Differs from `scan.rs`: that finds the items, this reads what an item points at.

use std::ops::Range;

use semver::Version;

use super::outline::{PackageReference, PathReference};
use super::scan::Scanner;
use super::token::TokenKind;

impl Scanner<'_> {
    /// `namespace:package`, and the version behind it if `versioned`; with its length in tokens.
    pub(super) fn package(&self, ahead: usize, versioned: bool) -> Option<(PackageReference, usize)> {
        let (namespace, package) = (self.name(ahead)?, self.name(ahead + 2)?);
        if !self.is(ahead + 1, ':') {
            return None;
        }
        let name = format!("{}:{}", namespace.text, package.text);
        let range = namespace.range.start..package.range.end;
        let mut reference = PackageReference { name, version: None, range };
        let mut length = 3;
        if versioned && self.is(ahead + length, '@') {
            let (version, tokens) = self.version_of(ahead + length + 1)?;
            reference.version = Some(version);
            length += 1 + tokens;
        }
        Some((reference, length))
    }

    /// `interface`, or `namespace:package/interface@1.0.0`; with its length in tokens.
    pub(super) fn path(&self, ahead: usize) -> Option<(PathReference, usize)> {
        if !self.is(ahead + 1, ':') {
            let item = self.name(ahead)?;
            let range = item.range.clone();
            return Some((PathReference { package: None, item, range }, 1));
        }
        let (mut package, mut length) = self.package(ahead, false)?;
        if !self.is(ahead + length, '/') {
            return None;
        }
        let item = self.name(ahead + length + 1)?;
        length += 2;
        let mut end = item.range.end;
        if self.is(ahead + length, '@') {
            let (version, tokens) = self.version_of(ahead + length + 1)?;
            end = version.1.end;
            package.version = Some(version);
            length += 1 + tokens;
        }
        let range = package.range.start..end;
        Some((PathReference { package: Some(package), item, range }, length))
    }

    pub(super) fn version(&self, ahead: usize) -> Option<(Version, Range<usize>)> {
        self.version_of(ahead).map(|(version, _)| version)
    }

    /// A version with its place and its length in tokens, cut as wit-parser does: `1.0.0-a.{` ends before the full stop.
    pub(super) fn version_of(&self, ahead: usize) -> Option<((Version, Range<usize>), usize)> {
        let is_part = |ahead: usize| match self.token(ahead) {
            Some(token) if token.kind == TokenKind::Word => !matches!(self.word(ahead), Some("as" | "with")),
            Some(token) => token.is('-') || token.kind == TokenKind::Integer,
            None => false,
        };
        let is_integer = |ahead: usize| self.token(ahead).is_some_and(|it| it.kind == TokenKind::Integer);
        if !(is_integer(ahead) && self.is(ahead + 1, '.') && is_integer(ahead + 2)) {
            return None;
        }
        if !(self.is(ahead + 3, '.') && is_integer(ahead + 4)) {
            return None;
        }
        let mut length = 5;
        for sign in ['-', '+'] {
            if !self.is(ahead + length, sign) {
                continue;
            }
            length += 1;
            loop {
                if is_part(ahead + length) {
                    length += 1;
                } else if self.is(ahead + length, '.') && is_part(ahead + length + 1) {
                    length += 2;
                } else {
                    break;
                }
            }
        }
        let range = self.token(ahead)?.start..self.token(ahead + length - 1)?.end;
        let version = Version::parse(&self.text[range.clone()]).ok()?;
        Some(((version, range), length))
    }
}
