//! Makes the inputs that are no text: binaries, folders, links, from the lines of a `[make]` table.

use std::fs::{self, File};
use std::path::Path;

use serde::Deserialize;
use wit_component::{ComponentEncoder, StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{ManglingAndAbi, Resolve, WorldId};

/// One line of `[make]`: which keys stand together is told at the top of `fixtures.rs`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Make {
    bytes: Option<String>,
    zeros: Option<u64>,
    text: Option<String>,
    folder: bool,
    link: Option<String>,
    wat: Option<String>,
    wit: Option<String>,
    world: Option<String>,
    core: Option<String>,
    keep: Option<usize>,
}

impl Make {
    /// Makes `name` in `folder`, out of files that are there already.
    pub(crate) fn make(&self, folder: &Path, name: &str) -> Result<(), String> {
        self.try_make(folder, name).map_err(|error| format!("[make] \"{name}\": {error:#}"))
    }

    /// Whether this is a component of a world, whole.
    pub(crate) fn is_dummy(&self) -> bool {
        self.wit.is_some() && self.core.is_none() && self.keep.is_none()
    }

    fn try_make(&self, folder: &Path, name: &str) -> anyhow::Result<()> {
        let target = folder.join(name);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        if self.folder {
            return Ok(fs::create_dir(target)?);
        }
        if let Some(length) = self.zeros {
            return Ok(File::create(target)?.set_len(length)?);
        }
        if let Some(link) = &self.link {
            return link_to(link, &target);
        }
        let mut bytes = self.content(folder)?;
        bytes.truncate(self.keep.unwrap_or(usize::MAX));
        Ok(fs::write(target, bytes)?)
    }

    fn content(&self, folder: &Path) -> anyhow::Result<Vec<u8>> {
        if let Some(digits) = &self.bytes {
            return from_hex(digits);
        }
        if let Some(text) = &self.text {
            return Ok(text.clone().into_bytes());
        }
        if let Some(wat) = &self.wat {
            return Ok(wat::parse_file(folder.join(wat))?);
        }
        let wit =
            self.wit.as_ref().ok_or_else(|| anyhow::anyhow!("says neither of what nor how to make it"))?;
        let (resolve, world) = resolve(&folder.join(wit), self.world.as_deref())?;
        match &self.core {
            Some(core) => {
                let mut module = wat::parse_file(folder.join(core))?;
                embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false)?;
                Ok(module)
            }
            None => dummy_component(&resolve, world),
        }
    }
}

/// A component of `world` whose functions do nothing, and that can call all that it imports.
fn dummy_component(resolve: &Resolve, world: WorldId) -> anyhow::Result<Vec<u8>> {
    let text = wasmprinter::print_bytes(dummy_module(resolve, world, ManglingAndAbi::Standard32))?;
    let imports = text.lines().filter(|line| line.contains("(import ") && line.contains(" (func ")).count();
    // What follows `unreachable` may be called with anything.
    let calls: String = (0..imports).map(|import| format!("unreachable call {import} ")).collect();
    let text = text.trim_end().strip_suffix(')').expect("a module ends so");
    let mut module = wat::parse_str(format!("{text} (func $all {calls} unreachable) (start $all))"))?;
    embed_component_metadata(&mut module, resolve, world, StringEncoding::UTF8, false)?;
    ComponentEncoder::default().validate(true).module(&module)?.encode()
}

fn resolve(wit: &Path, world: Option<&str>) -> anyhow::Result<(Resolve, WorldId)> {
    let mut resolve = Resolve { all_features: true, ..Resolve::default() };
    let (package, _) = resolve.push_path(wit)?;
    let world = resolve.select_world(&[package], world)?;
    Ok((resolve, world))
}

fn from_hex(digits: &str) -> anyhow::Result<Vec<u8>> {
    let digits: Vec<char> = digits.chars().filter(|digit| !digit.is_whitespace()).collect();
    let byte = |pair: &[char]| Ok(u8::from_str_radix(&pair.iter().collect::<String>(), 16)?);
    digits.chunks(2).map(byte).collect()
}

#[cfg(unix)]
fn link_to(link: &str, target: &Path) -> anyhow::Result<()> {
    Ok(std::os::unix::fs::symlink(link, target)?)
}

#[cfg(not(unix))]
fn link_to(_: &str, _: &Path) -> anyhow::Result<()> {
    anyhow::bail!("links are made on Unix only")
}
