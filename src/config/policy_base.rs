//! Reads a policy together with those that it builds on (`extends`), and holds that it only tightens them.
//!
//! Differs from `policy_file.rs`: that reads one file, this follows from one to the next.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::Request;
use super::composition::plain_path;
use super::document;
use super::loosened::hold;
use super::policy::{ComponentRules, CompositionRules, Exception, Extends, Policy};
use super::policy_base_diagnostics::{DistantBase, MissingBase, PolicyCircle, WrongDigest};
use super::policy_diagnostics::MissingPolicy;
use super::policy_file::bases_of;
use crate::diag::{Run, escape};
use crate::source::{Files, Origin, SourceId, Span, digest_of};

/// How many policies may build on each other in a row. More are no policy that a person wrote, and each is a call of its own.
const MOST_IN_A_ROW: usize = 64;

/// Reads a policy, and those that it builds on. Every mistake in them is reported; `None` if there is one.
///
/// What they say is part of the result: their exceptions and hosts, their groups by name, and their rules as limits beside
/// its own. So it can only tighten them, but where `override` says that its own word counts.
///
/// Codes: those of `config/` that say `policy` in the table of codes.
pub fn read_policy(path: &Path, files: &dyn Files, run: &mut Run) -> Option<Policy> {
    let source = document::open(path, files, run)?;
    Reader { files, done: BTreeMap::new() }.read(path, source, &mut Vec::new(), run)
}

/// The same for a policy that something names: a manifest, at `place`, or the command line.
pub fn read_named_policy(
    path: &Path,
    place: Option<Span>,
    request: &Request,
    files: &dyn Files,
    run: &mut Run,
) -> Option<Policy> {
    let error = files.kind(path).err().map(|error| error.kind());
    if error != Some(std::io::ErrorKind::NotFound) {
        return read_policy(path, files, run);
    }
    let span = place.unwrap_or_else(|| {
        let name = escape(&path.to_string_lossy());
        Span::start_of(run.sources.add(name, Origin::File(path.to_path_buf()), ""))
    });
    let path = path.to_path_buf();
    let init = request.init_command();
    run.diagnostics.report(MissingPolicy { path, span, is_in_manifest: place.is_some(), init });
    None
}

struct Reader<'a> {
    files: &'a dyn Files,
    /// What was read before, with the digest of its file: two policies may build on one.
    done: BTreeMap<PathBuf, (String, Option<Policy>)>,
}

impl Reader<'_> {
    /// Reads the policy of a text; `open` are the files that lead to it.
    fn read(
        &mut self,
        path: &Path,
        source: SourceId,
        open: &mut Vec<PathBuf>,
        run: &mut Run,
    ) -> Option<Policy> {
        open.push(plain_path(path));
        let mut bases = bases_of(source, run);
        let folder = path.parent().unwrap_or(Path::new(""));
        let read: Vec<_> = bases
            .iter_mut()
            .map(|extends| self.base(&folder.join(&extends.path.value), extends, open, run))
            .collect();
        open.pop();
        let known: Vec<&Policy> = read.iter().flatten().collect();
        let mut policy = Policy::read_upon(&known, source, run)?;
        let own = policy.clone();
        let errors = run.diagnostics.error_count();
        let read: Vec<Policy> = read.into_iter().collect::<Option<_>>()?;
        policy.digest = digest(&run.sources.get(source).text, &read);
        for at in 0..read.len() {
            hold(at, &own, &bases, &read, run);
        }
        let mut levels = Vec::new();
        for (extends, base) in bases.iter().zip(read) {
            levels.extend(base.levels.iter().cloned());
            policy.build_on(base, extends.may_loosen.map(|_| &own));
        }
        let mut met = BTreeSet::new(); // two policies may build on one
        levels.retain(|(set, _)| met.insert((set.span, set.value)));
        levels.sort_by_key(|(_, level)| *level); // of two policies the stricter one counts
        levels.append(&mut policy.levels);
        policy.levels = levels;
        policy.extends = bases;
        (run.diagnostics.error_count() == errors).then_some(policy)
    }

    fn base(
        &mut self,
        path: &Path,
        extends: &mut Extends,
        open: &mut Vec<PathBuf>,
        run: &mut Run,
    ) -> Option<Policy> {
        let identity = plain_path(path);
        if let Some(first) = open.iter().position(|file| *file == identity) {
            let way = open[first..].iter().map(|file| file.display().to_string()).collect();
            run.diagnostics.report(PolicyCircle { way, span: extends.path.span });
            return None;
        }
        if open.len() == MOST_IN_A_ROW {
            let path = path.display().to_string();
            run.diagnostics.report(DistantBase { path, most: MOST_IN_A_ROW, span: extends.path.span });
            return None;
        }
        if let Some((digest, done)) = self.done.get(&identity) {
            return is_meant(path, digest, extends, run).then(|| done.clone()).flatten();
        }
        let bytes = match self.files.read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let path = path.display().to_string();
                run.diagnostics.report(MissingBase { path, error, span: extends.path.span });
                return None;
            }
        };
        let digest = digest_of(&bytes);
        if !is_meant(path, &digest, extends, run) {
            return None;
        }
        // The policy is what these bytes say: by now the file may be another one.
        let source = document::opened(path, bytes, run);
        let policy = source.and_then(|source| self.read(path, source, open, run));
        self.done.insert(identity, (digest, policy.clone()));
        policy
    }
}

/// Whether a file with this digest is the one that a policy wants to build on.
fn is_meant(path: &Path, digest: &str, extends: &mut Extends, run: &mut Run) -> bool {
    digest.clone_into(&mut extends.digest);
    let Some(wanted) = extends.sha256.as_ref().filter(|wanted| !wanted.value.eq_ignore_ascii_case(digest))
    else {
        return true;
    };
    let (path, digest) = (path.display().to_string(), digest.to_owned());
    run.diagnostics.report(WrongDigest { path, digest, span: wanted.span });
    false
}

impl Policy {
    /// Takes in what another policy says. What a policy that `wins` says about the same stands alone.
    fn build_on(&mut self, base: Self, wins: Option<&Self>) {
        for group in base.groups {
            if !self.groups.iter().any(|own| own.name.value == group.name.value) {
                self.groups.push(group);
            }
        }
        for host in base.hosts {
            match self.hosts.iter_mut().find(|own| own.name.value == host.name.value) {
                Some(own) => own.limits.keep(&host.limits),
                None => self.hosts.push(host),
            }
        }
        let composition_wins =
            |name: &str| wins.is_some_and(|own| own.compositions.iter().any(|it| it.name.value == name));
        let component_wins =
            |name: &str| wins.is_some_and(|own| own.components.iter().any(|it| it.name.value == name));
        for rules in base.compositions.into_iter().filter(|rules| !composition_wins(&rules.name.value)) {
            match self.compositions.iter_mut().find(|own| own.name.value == rules.name.value) {
                Some(own) => {
                    if own.hosts.is_empty() {
                        own.hosts.clone_from(&rules.hosts);
                    }
                    let is_new = |rules: &CompositionRules| !own.is_part(rules.name.span);
                    let new: Vec<_> = rules.in_parts().into_iter().filter(is_new).collect();
                    own.limits.extend(new);
                }
                None => self.compositions.push(rules),
            }
        }
        for rules in base.components.into_iter().filter(|rules| !component_wins(&rules.name.value)) {
            match self.components.iter_mut().find(|own| own.name.value == rules.name.value) {
                Some(own) => {
                    let is_new = |rules: &ComponentRules| !own.is_part(rules.name.span);
                    let new: Vec<_> = rules.in_parts().into_iter().filter(is_new).collect();
                    own.limits.extend(new);
                }
                None => self.components.push(rules),
            }
        }
        let is_new = |found: &Exception| !self.exceptions.iter().any(|own| own.span == found.span);
        let new: Vec<_> = base.exceptions.into_iter().filter(is_new).collect();
        self.exceptions.extend(new);
    }
}

impl CompositionRules {
    /// Whether it has the rules that stand at a place, or those are limits of it: two policies may build on one.
    fn is_part(&self, span: Span) -> bool {
        std::iter::once(self).chain(&self.limits).any(|own| own.name.span == span)
    }

    /// Itself, and what holds beside it.
    fn in_parts(mut self) -> Vec<Self> {
        let limits = std::mem::take(&mut self.limits);
        std::iter::once(self).chain(limits).collect()
    }
}

impl ComponentRules {
    /// Whether it has the rules that stand at a place, or those are limits of it: two policies may build on one.
    fn is_part(&self, span: Span) -> bool {
        std::iter::once(self).chain(&self.limits).any(|own| own.name.span == span)
    }

    /// Itself, and what holds beside it.
    fn in_parts(mut self) -> Vec<Self> {
        let limits = std::mem::take(&mut self.limits);
        std::iter::once(self).chain(limits).collect()
    }
}

/// The digest of a policy with this text that builds on others.
fn digest(text: &str, bases: &[Policy]) -> String {
    let own = digest_of(text.as_bytes());
    if bases.is_empty() {
        return own;
    }
    let all: String = bases.iter().map(|base| format!("{}\n", base.digest)).collect();
    digest_of(format!("{own}\n{all}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemoryFiles;

    const HEADER: &str = "[policy]\nversion = 1\ntaxonomy = '2026.11'\n";

    /// Reads `top.toml`, which builds on what `extends` says, and says what is found.
    fn read(extends: &str, top: &str, base: &str) -> (Option<Policy>, Vec<String>) {
        let files = MemoryFiles::default()
            .with("p/top.toml", format!("{HEADER}extends = [{extends}]\n{top}"))
            .with("p/org/base.toml", format!("{HEADER}{base}"));
        let mut run = Run::default();
        let policy = read_policy(Path::new("p/top.toml"), &files, &mut run);
        let found = run.diagnostics.into_sorted().into_iter().map(|found| {
            let place = found.place().map(|span| run.sources.text(span).to_owned()).unwrap_or_default();
            format!("{} {place}: {}", found.code, found.message)
        });
        (policy, found.collect())
    }

    #[track_caller]
    fn check(extends: &str, top: &str, base: &str, expected: &[&str]) {
        assert_eq!(read(extends, top, base).1, expected);
    }

    const PATH: &str = "{ path = 'org/base.toml' }";
    const OVERRIDE: &str = "{ path = 'org/base.toml', override = true, reason = 'a pilot' }";

    #[test]
    fn rules_of_a_base_are_limits() {
        let (policy, found) = read(
            PATH,
            "[component.a]\nallow = ['@ours', 'log']\n[component.b]\nallow = []",
            "[groups]\nours = ['wasi:cli/stdout@0.2']\n[component.a]\nallow = ['log']\n[component.c]\nallow = ['x']",
        );
        assert_eq!(found, Vec::<String>::new());
        let policy = policy.expect("a right policy");
        let names: Vec<_> = policy.components.iter().map(|it| (it.name.as_str(), it.limits.len())).collect();
        assert_eq!(names, [("a", 1), ("b", 0), ("c", 0)]);
        assert_eq!(policy.groups.len(), 1);
        let (policy, _) = read(OVERRIDE, "[component.a]\nallow = ['log']", "[component.a]\nallow = []");
        assert_eq!(policy.map(|policy| policy.components[0].limits.len()), Some(0));
    }

    #[test]
    fn a_policy_only_tightens() {
        check(PATH, "[levels]\nunused-grant = 'deny'", "[levels]\nunused-grant = 'warn'", &[]);
        let loosened = "config/loosened-policy unused-grant: this policy loosens the level of `unused-grant`, which `org/base.toml` sets";
        check(PATH, "[levels]\nunused-grant = 'note'", "[levels]\nunused-grant = 'warn'", &[loosened]);
        check(OVERRIDE, "[levels]\nunused-grant = 'note'", "[levels]\nunused-grant = 'warn'", &[]);
        check(OVERRIDE, "", "", &["config/unused-override true: nothing here loosens `org/base.toml`"]);
        check(
            PATH,
            "[groups]\ng = ['b']\n[[exception]]\nrule = 'wide-grant'\ncomponent = 'a'\nreason = 'x'",
            "[groups]\ng = ['a']\n[levels]\nwide-grant = 'deny'",
            &[
                "config/loosened-policy g: this policy loosens what `@g` stands for, which `org/base.toml` sets",
                "config/loosened-policy 'wide-grant': this policy loosens `wide-grant` by an exception, which `org/base.toml` sets",
            ],
        );
    }

    #[test]
    fn the_gate_of_a_base_stays_shut() {
        let says = |place: &str, what: &str| {
            format!("config/loosened-policy {place}: this policy loosens {what}, which `org/base.toml` sets")
        };
        let level = says("ungranted-import", "the level of `ungranted-import`");
        check(PATH, "[levels]\nungranted-import = 'allow'", "[component.a]\nallow = []", &[&level]);
        check(PATH, "[levels]\nungranted-import = 'allow'", "", &[]);
        let exception = |rule: &str| format!("[[exception]]\nrule = '{rule}'\ncomponent = 'a'\nreason = 'x'");
        let waived = says("'ungranted-import'", "`ungranted-import` by an exception");
        check(PATH, &exception("ungranted-import"), "[component.a]\nallow = []", &[&waived]);
        check(PATH, &exception("ungranted-import"), "[component.b]\nallow = []", &[]);
        let waived = says("'forbidden-import'", "`forbidden-import` by an exception");
        check(PATH, &exception("forbidden-import"), "[composition.c]\nallow = []", &[&waived]);
        check(PATH, &exception("forbidden-import"), "[composition.c]", &[]);
    }

    /// What is found where a policy builds on two others.
    #[track_caller]
    fn check_beside(extends: &str, one: &str, other: &str, expected: &[&str]) {
        let files = MemoryFiles::default()
            .with("top.toml", format!("{HEADER}extends = [{extends}]"))
            .with("one.toml", format!("{HEADER}{one}"))
            .with("other.toml", format!("{HEADER}{other}"));
        let mut run = Run::default();
        let _ = read_policy(Path::new("top.toml"), &files, &mut run);
        let found: Vec<_> = run.diagnostics.iter().map(|found| found.message.as_str()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn bases_beside_each_other_do_not_loosen_each_other() {
        const BOTH: &str = "{ path = 'one.toml' }, { path = 'other.toml' }";
        const MAY: &str = "{ path = 'one.toml', override = true, reason = 'x' }, { path = 'other.toml' }";
        let groups = ("[groups]\ng = ['a']", "[groups]\ng = ['b']");
        let says = "`other.toml` loosens what `@g` stands for, which `one.toml` sets";
        check_beside(BOTH, groups.0, groups.1, &[says]);
        check_beside(BOTH, groups.0, groups.0, &[]);
        check_beside(MAY, groups.0, groups.1, &[]);
        let waiver = "[[exception]]\nrule = 'ungranted-import'\ncomponent = 'a'\nreason = 'x'";
        let rules = "[component.a]\nallow = []";
        check_beside(
            BOTH,
            rules,
            waiver,
            &["`other.toml` loosens `ungranted-import` by an exception, which `one.toml` sets"],
        );
        check_beside(
            BOTH,
            waiver,
            rules,
            &["`one.toml` loosens `ungranted-import` by an exception, which `other.toml` sets"],
        );
        let level = "[levels]\nungranted-import = 'note'";
        check_beside(
            BOTH,
            level,
            rules,
            &["`one.toml` loosens the level of `ungranted-import`, which `other.toml` sets"],
        );
        check_beside(BOTH, "[levels]\nwide-grant = 'note'", "[levels]\nwide-grant = 'deny'", &[]);
        check_beside(MAY, rules, rules, &["nothing here loosens `one.toml`"]);
    }

    #[test]
    fn what_two_bases_build_on_is_not_held_against_them() {
        let files = MemoryFiles::default()
            .with("top.toml", format!("{HEADER}extends = [{{ path = 'a.toml' }}, {{ path = 'b.toml' }}]"))
            .with("a.toml", format!("{HEADER}extends = [{{ path = 'c.toml' }}]\n[component.x]\nallow = []"))
            .with("b.toml", format!("{HEADER}extends = [{{ path = 'c.toml' }}]\n[component.x]\nallow = ['log']"))
            .with(
                "c.toml",
                format!("{HEADER}[groups]\ng = ['a']\n[[exception]]\nrule = 'ungranted-import'\ncomponent = 'x'\nreason = 'y'"),
            );
        let mut run = Run::default();
        let policy = read_policy(Path::new("top.toml"), &files, &mut run);
        let found: Vec<_> = run.diagnostics.iter().map(|found| found.message.as_str()).collect();
        assert_eq!(found, Vec::<&str>::new());
        assert_eq!(policy.map(|policy| policy.components[0].limits.len()), Some(1));
    }

    #[test]
    fn an_override_is_for_what_the_policy_itself_says() {
        let files = MemoryFiles::default()
            .with(
                "top.toml",
                format!("{HEADER}extends = [{{ path = 'a.toml' }}, {{ path = 'b.toml', override = true, reason = 'x' }}]\n[component.y]\nallow = ['log']"),
            )
            .with("a.toml", format!("{HEADER}[component.x]\nallow = ['log']"))
            .with("b.toml", format!("{HEADER}[component.x]\nallow = []\n[component.y]\nallow = []"));
        let policy = read_policy(Path::new("top.toml"), &files, &mut Run::default()).expect("a right policy");
        let limits =
            |name: &str| policy.components.iter().find(|it| it.name.value == name).map(|it| it.limits.len());
        assert_eq!((limits("x"), limits("y")), (Some(1), Some(0)));
    }

    #[test]
    fn the_digest_of_a_policy_is_also_that_of_its_bases() {
        let digest = |base: &str| read(PATH, "", base).0.expect("a right policy").digest;
        assert_eq!(digest("[component.a]"), digest("[component.a]"));
        assert_ne!(digest("[component.a]"), digest("[component.b]"));
        let mut run = Run::default();
        let alone = MemoryFiles::default().with("p.toml", HEADER);
        let policy = read_policy(Path::new("p.toml"), &alone, &mut run).expect("a right policy");
        assert_eq!(policy.digest, digest_of(HEADER.as_bytes()));
    }

    #[test]
    fn a_base_is_read_once() {
        // Another file under the name of one whose digest was right must not become the policy.
        let files = MemoryFiles::default()
            .with("top.toml", format!("{HEADER}extends = [{{ path = 'a.toml' }}, {{ path = 'c.toml' }}]"))
            .with("a.toml", format!("{HEADER}extends = [{{ path = 'c.toml' }}]"))
            .with("c.toml", HEADER);
        assert!(read_policy(Path::new("top.toml"), &files, &mut Run::default()).is_some());
        assert_eq!(["top.toml", "a.toml", "c.toml"].map(|path| files.times_read(path)), [1, 1, 1]);
    }

    #[test]
    fn a_row_of_policies_has_an_end() {
        let row = |length: usize| {
            let policy = |at: usize| match at + 1 < length {
                true => format!("{HEADER}extends = [{{ path = 'p{}.toml' }}]", at + 1),
                false => HEADER.to_owned(),
            };
            let add = |files: MemoryFiles, at: usize| files.with(format!("p{at}.toml"), policy(at));
            let mut run = Run::default();
            let _ =
                read_policy(Path::new("p0.toml"), &(0..length).fold(MemoryFiles::default(), add), &mut run);
            run.diagnostics.into_sorted().into_iter().map(|found| found.message).collect::<Vec<_>>()
        };
        assert_eq!(row(64), Vec::<String>::new());
        assert_eq!(row(3000), ["`p64.toml` is too far away: 64 policies build on each other in a row"]);
    }

    #[test]
    fn what_two_bases_build_on_is_taken_once() {
        // Each pair builds on both of the next one: were all ways gone, there would be 2 to the power of 12 of the last.
        const LAST: usize = 12;
        const RULES: &str = "[levels]\nwide-grant = 'deny'\n[component.x]\n[composition.y]\n\
                             [[exception]]\nrule = 'unused-grant'\ncomponent = 'x'\nreason = 'y'";
        let policy = |at: usize| match at < LAST {
            true => format!(
                "{HEADER}extends = [{{ path = 'a{0}.toml' }}, {{ path = 'b{0}.toml' }}]\n{RULES}",
                at + 1
            ),
            false => format!("{HEADER}{RULES}"),
        };
        let add = |files: MemoryFiles, at: usize| {
            files.with(format!("a{at}.toml"), policy(at)).with(format!("b{at}.toml"), policy(at))
        };
        let files = (0..=LAST).fold(MemoryFiles::default(), add);
        let policy = read_policy(Path::new("a0.toml"), &files, &mut Run::default()).expect("a right policy");
        let counts = (policy.levels.len(), policy.exceptions.len(), policy.components[0].limits.len());
        assert_eq!(counts, (1 + 2 * LAST, 1 + 2 * LAST, 2 * LAST));
        assert_eq!(policy.compositions[0].limits.len(), 2 * LAST);
    }

    #[test]
    fn bases_must_be_there_and_the_ones_that_were_meant() {
        check(
            "{ path = 'none.toml' }",
            "",
            "",
            &["config/unreadable-file 'none.toml': `p/none.toml` cannot be read: there is no such file"],
        );
        let zeros = "0".repeat(64);
        check(
            &format!("{{ path = 'org/base.toml', sha256 = '{zeros}' }}"),
            "",
            "",
            &[&format!(
                "config/wrong-digest '{zeros}': `p/org/base.toml` has another SHA-256 than the one given"
            )],
        );
        let files = MemoryFiles::default()
            .with("a.toml", format!("{HEADER}extends = [{{ path = 'b/b.toml' }}]"))
            .with("b/b.toml", format!("{HEADER}extends = [{{ path = './../a.toml' }}]"));
        let mut run = Run::default();
        assert!(read_policy(Path::new("a.toml"), &files, &mut run).is_none());
        let found: Vec<_> = run.diagnostics.iter().map(|found| found.message.as_str()).collect();
        assert_eq!(found, ["`a.toml` builds on itself: a.toml -> b/b.toml -> a.toml"]);
    }
}
