//! Names for the instances of components that are given as bare paths.
//!
//! Differs from the names in `witc.toml`, which the user chooses: these are made of the paths alone, and not of their
//! order, so that a policy which names an instance stays true when the arguments are sorted another way.

use std::collections::{BTreeMap, HashSet};
use std::path::{Component, Path};

use super::{ComponentInput, HOST, InputPath};

/// The name of each input, in order; all are different.
///
/// A name that was chosen is kept. Any other input is called by the stem of its file; where several would be called the
/// same, each by as many folders before it as are needed (`rust/processor`, `c/processor`), in the end by its whole path
/// with the extension. Standard input is `stdin`.
pub fn instance_names<'i>(inputs: impl IntoIterator<Item = &'i ComponentInput>) -> Vec<String> {
    let inputs: Vec<&ComponentInput> = inputs.into_iter().collect();
    let chosen = inputs.iter().filter_map(|input| input.name.as_deref());
    let taken: HashSet<&str> = chosen.chain([HOST]).collect();
    let mut levels = vec![0; inputs.len()];
    let mut names: Vec<String> = inputs.iter().map(|input| form_of(input, 0)).collect();
    loop {
        let mut users: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, name) in names.iter().enumerate() {
            users.entry(name).or_default().push(at);
        }
        let clashes = |name: &str, users: &[usize]| {
            users.len() > 1 || taken.contains(name) && users.iter().any(|at| inputs[*at].name.is_none())
        };
        let mut longer: Vec<usize> = Vec::new();
        for (_, users) in users.iter().filter(|(name, users)| clashes(name, users)) {
            // The last form has the extension; it is for those that no folder tells apart.
            let count = |at: usize| forms_count(inputs[at]);
            let by_folder = users.iter().any(|at| levels[*at] + 2 < count(*at));
            let step = if by_folder { 2 } else { 1 };
            longer.extend(users.iter().filter(|at| levels[**at] + step < count(**at)));
        }
        if longer.is_empty() {
            break;
        }
        for at in longer {
            levels[at] += 1;
            names[at] = form_of(inputs[at], levels[at]);
        }
    }
    number_the_rest(names)
}

/// In how many ways an input could be called.
fn forms_count(input: &ComponentInput) -> usize {
    match (&input.name, &input.path) {
        (Some(_), _) | (None, InputPath::StandardInput) => 1,
        (None, InputPath::Path(path)) => path.parent().map(folders_of).unwrap_or_default().len() + 2,
    }
}

/// One of the ways in which an input could be called, the shortest first: by its stem, with so many folders before it; in
/// the end with all of them and the extension.
fn form_of(input: &ComponentInput, level: usize) -> String {
    let path = match (&input.name, &input.path) {
        (Some(name), _) => return name.clone(),
        (None, InputPath::StandardInput) => return "stdin".to_owned(),
        (None, InputPath::Path(path)) => path,
    };
    let lossy =
        |name: Option<&std::ffi::OsStr>| name.unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    if level == 0 {
        return lossy(path.file_stem());
    }
    let mut folders = path.parent().map(folders_of).unwrap_or_default();
    let is_last = level > folders.len();
    let mut parts = folders.split_off(folders.len() - level.min(folders.len()));
    parts.push(lossy(if is_last { path.file_name() } else { path.file_stem() }));
    parts.join("/")
}

fn folders_of(path: &Path) -> Vec<String> {
    let parts = path.components().filter(|part| !matches!(part, Component::CurDir | Component::RootDir));
    parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect()
}

/// The same path twice, or paths that differ only in bytes that are no text: `a`, `a#2`.
fn number_the_rest(names: Vec<String>) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let number = |name: String| {
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        if *count == 1 { name } else { format!("{name}#{count}") }
    };
    names.into_iter().map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(text: &str) -> ComponentInput {
        let (name, path) = match text.split_once('=') {
            Some((name, path)) => (Some(name.to_owned()), path),
            None => (None, text),
        };
        let path = if path == "-" { InputPath::StandardInput } else { InputPath::Path(path.into()) };
        ComponentInput { name, path, wit: None }
    }

    #[track_caller]
    fn check<const N: usize>(paths: [&str; N], expected: [&str; N]) {
        let inputs = paths.map(input);
        assert_eq!(instance_names(&inputs), expected);
        let mut backwards = instance_names(inputs.iter().rev());
        backwards.reverse();
        assert_eq!(backwards, expected, "in another order");
    }

    #[test]
    fn a_name_is_the_stem_of_the_file() {
        check(["payment_processor.wasm"], ["payment_processor"]);
        check(["/opt/a.wasm", "b.component.wasm", "-"], ["a", "b.component", "stdin"]);
        check(["noextension", ".hidden"], ["noextension", ".hidden"]);
    }

    #[test]
    fn equal_stems_are_told_apart_by_their_folders() {
        check(["rust/processor.wasm", "c/processor.wasm"], ["rust/processor", "c/processor"]);
        check(["processor.wasm", "c/processor.wasm"], ["processor", "c/processor"]);
        check(["x/b/p.wasm", "y/b/p.wasm", "q.wasm"], ["x/b/p", "y/b/p", "q"]);
        check(["../p.wasm", "./p.wasm"], ["../p", "p"]);
        check(["d/p.wasm", "d/p.wat"], ["d/p.wasm", "d/p.wat"]);
    }

    #[test]
    fn chosen_names_and_the_host_are_taken() {
        check(["gw=mock.wasm", "new/gw.wasm"], ["gw", "new/gw"]);
        check(["gw=mock.wasm", "gw.wasm"], ["gw", "gw.wasm"]);
        check(["host.wasm"], ["host.wasm"]);
    }

    #[test]
    fn the_same_path_twice_is_numbered() {
        let twice = ["a.wasm", "a.wasm"].map(input);
        assert_eq!(instance_names(&twice), ["a.wasm", "a.wasm#2"]);
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_no_text_are_still_names() {
        use std::os::unix::ffi::OsStrExt;
        let path =
            |bytes: &[u8]| InputPath::Path(Path::new(std::ffi::OsStr::from_bytes(bytes)).to_path_buf());
        let of = |bytes| ComponentInput { name: None, path: path(bytes), wit: None };
        let inputs = [of(b"\xff.wasm"), of(b"\xfe.wasm")];
        assert_eq!(instance_names(&inputs), ["\u{fffd}.wasm", "\u{fffd}.wasm#2"]);
    }
}
