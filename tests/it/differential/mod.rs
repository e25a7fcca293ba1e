//! Holds what witc links against what other linkers make of the same components: wac, by its scripts and by plugging, and
//! wasm-compose. Wherever one of them succeeds, its world is the one of witc, or the difference has a reason.
//!
//! Differs from `laws.rs`, which holds witc against itself.
//!
//! `WITC_PEERS=FROM..TO` chooses the seeds of random worlds; `cargo xtask fuzz SEEDS --peers` does so.

mod peer;
mod world;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::Range;
use std::process::Command;

use libtest_mimic::Trial;

use self::peer::{Peer, Set, Verdict};
use self::world::Reason;
use crate::case::Case;
use crate::fixtures::{cases, folder, prepared};
use crate::random;
use crate::sandbox::Sandbox;

const SEEDS: Range<u64> = 0..400;
/// A test is a range of so many seeds.
const SPAN: u64 = 100;

/// Every difference over the cases, with its reason: who, which case, why. What is here no more must leave the list.
const DIFFERENCES: &[(Peer, &str, Reason)] = &[
    (Peer::Script, "check/renamed-on-the-track", Reason::HostNames),
    (Peer::Script, "check/track-conflict-of-a-moved-resource", Reason::NoWit),
    (Peer::Script, "link/host-names", Reason::HostNames),
    (Peer::Script, "link/labels-kept", Reason::Labels),
    (Peer::Script, "link/names-not-in-script", Reason::HostNames),
    (Peer::Script, "link/script-of-wac", Reason::HostNames),
    (Peer::Plug, "check/implied-export", Reason::RootTypes),
    (Peer::Plug, "check/renamed-on-the-track", Reason::NotWired),
    (Peer::Plug, "check/track-conflict-of-a-moved-resource", Reason::NoWit),
    (Peer::Plug, "link/host-names", Reason::HostNames),
    (Peer::Plug, "link/labels-kept", Reason::Labels),
    (Peer::Plug, "link/many-users", Reason::NotWired),
    (Peer::Plug, "link/whole-set", Reason::NotWired),
    (Peer::Plug, "load/passed-on", Reason::NotWired),
    (Peer::Plug, "policy/why-of-a-whole", Reason::NotWired),
    (Peer::Compose, "check/cycle-of-layers", Reason::Versions),
    (Peer::Compose, "check/cycle-with-a-way-out", Reason::NotWired),
    (Peer::Compose, "check/implied-export", Reason::RootTypes),
    (Peer::Compose, "check/replaced-by-a-mock", Reason::Versions),
    (Peer::Compose, "link/exact-version-first", Reason::NotWired),
    (Peer::Compose, "link/host-names", Reason::HostNames),
    (Peer::Compose, "link/import-uses-itself", Reason::Versions),
    (Peer::Compose, "link/labels-kept", Reason::Labels),
    (Peer::Compose, "link/many-users", Reason::NotWired),
    (Peer::Compose, "link/nested-names", Reason::NotWired),
    (Peer::Compose, "link/root-resources", Reason::MixedResources),
    (Peer::Compose, "link/semver-merge", Reason::Versions),
    (Peer::Compose, "link/whole-set", Reason::NotWired),
    (Peer::Compose, "policy/why-of-a-whole", Reason::NotWired),
];

/// One test for each peer over all cases, one for each range of seeds.
pub(crate) fn tests() -> Vec<Trial> {
    if let Ok(text) = std::env::var(ALONE) {
        return vec![Trial::test("differential::alone", move || Ok(alone(&text)?))];
    }
    let over_cases = |peer: Peer| {
        Trial::test(format!("differential::cases::{}", peer.name()), move || Ok(hold_cases(peer)?))
    };
    let seeds = chosen_seeds().unwrap_or(SEEDS);
    let end = seeds.end;
    let range = move |start: u64| start..(start + SPAN).min(end);
    let over_seeds = |start: u64| {
        Trial::test(format!("differential::seeds_{start}"), move || Ok(hold_seeds(range(start))?))
    };
    let starts = seeds.step_by(usize::try_from(SPAN).unwrap_or(1));
    Peer::ALL.into_iter().map(over_cases).chain(starts.map(over_seeds)).collect()
}

fn chosen_seeds() -> Option<Range<u64>> {
    let text = std::env::var("WITC_PEERS").ok()?;
    let (from, to) = text.split_once("..")?;
    Some(from.parse().ok()?..to.parse().ok()?)
}

/// Cases on which a peer overflows its stack, which ends the process: that is held in one of its own.
const OVERFLOWS: &[(Peer, &str)] = &[
    (Peer::Script, "link/mutual-uses"),
    (Peer::Plug, "link/mutual-uses"),
    (Peer::Compose, "link/mutual-uses"),
];

/// Names a peer and a case in the environment of a process that is made for these two.
const ALONE: &str = "WITC_PEER_ALONE";

/// Whether a process of its own, in which a peer links the sets of a case, is ended by the system.
fn dies_alone(peer: Peer, case: &str) -> Result<bool, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new(program);
    command.env(ALONE, format!("{} {case}", peer.name())).args(["--exact", "differential::alone"]);
    let output = command.output().map_err(|error| error.to_string())?;
    Ok(output.status.code().is_none())
}

/// The one test of such a process.
fn alone(text: &str) -> Result<(), String> {
    let (peer, case) = text.split_once(' ').ok_or("a peer and a case")?;
    let peer = Peer::ALL.into_iter().find(|it| it.name() == peer).ok_or("no such peer")?;
    sets(case)?.iter().for_each(|set| drop(peer.verdict(set)));
    Ok(())
}

fn hold_cases(peer: Peer) -> Result<(), String> {
    let (mut tally, mut problems, mut found) = (Tally::default(), Vec::new(), Vec::new());
    for name in cases() {
        if OVERFLOWS.contains(&(peer, name.as_str())) {
            if !dies_alone(peer, &name)? {
                problems.push(format!("{name}: overflows no stack any more, take it out of the list"));
            }
            continue;
        }
        let listed = DIFFERENCES.iter().find(|(other, case, _)| (*other, *case) == (peer, name.as_str()));
        let listed = listed.map(|(.., reason)| *reason);
        for set in sets(&name)? {
            let verdict = peer.verdict(&set);
            let seen = verdict.reason(peer);
            // What shows in the worlds is the reason; the list may know one where nothing shows.
            let reason = seen.or(listed).filter(|reason| Some(*reason) == listed);
            tally.count(&verdict, reason);
            match (reason, verdict) {
                (Some(reason), Verdict::Differs { .. }) => found.push((name.clone(), reason)),
                (None, Verdict::Differs { ours, theirs }) => problems.push(format!(
                    "{name}: not in the list, {seen:?}\n--- witc\n{ours}\n--- {}\n{theirs}",
                    peer.name()
                )),
                (_, Verdict::Same | Verdict::Refused(_) | Verdict::Panicked) => {}
            }
        }
    }
    let ours = DIFFERENCES.iter().filter(|(other, ..)| *other == peer);
    let gone = ours.filter(|(_, case, reason)| !found.contains(&((*case).to_owned(), *reason)));
    problems.extend(gone.map(|it| format!("differs no more, take it out of the list: {it:?}")));
    tally.tell(peer.name())?;
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

fn hold_seeds(seeds: Range<u64>) -> Result<(), String> {
    let mut problems = Vec::new();
    let mut tallies: BTreeMap<Peer, Tally> = BTreeMap::new();
    for seed in seeds {
        for pair in random::pairs(seed) {
            let Some(set) = Set::of_pair(pair) else { continue };
            for peer in Peer::ALL {
                let verdict = peer.verdict(&set);
                let reason = verdict.reason(peer);
                tallies.entry(peer).or_default().count(&verdict, reason);
                if let (Verdict::Differs { ours, theirs }, None) = (verdict, reason) {
                    let name = peer.name();
                    problems
                        .push(format!("seed {seed}: no reason for\n--- witc\n{ours}\n--- {name}\n{theirs}"));
                }
            }
        }
    }
    tallies.iter().try_for_each(|(peer, tally)| tally.tell(peer.name()))?;
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

/// What came of all sets.
#[derive(Default)]
struct Tally {
    counts: BTreeMap<String, usize>,
}

impl Tally {
    fn count(&mut self, verdict: &Verdict, reason: Option<Reason>) {
        let word = match verdict {
            Verdict::Same => "the same".to_owned(),
            Verdict::Differs { .. } => {
                format!("differ: {}", reason.map_or("without a reason", Reason::text))
            }
            Verdict::Refused(_) => "refused".to_owned(),
            Verdict::Panicked => "panicked".to_owned(),
        };
        *self.counts.entry(word).or_default() += 1;
    }

    fn tell(&self, peer: &str) -> Result<(), String> {
        let counts: Vec<String> = self.counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
        let line = format!("{peer}: {}\n", counts.join(", "));
        io::stderr().write_all(line.as_bytes()).map_err(|error| error.to_string())
    }
}

/// What each run of `compose` of a case links, if it does.
fn sets(name: &str) -> Result<Vec<Set>, String> {
    let case = Case::read(&folder(name))?;
    let runs = case.runs()?;
    let is_compose = |run: &[String]| run.first().is_some_and(|command| command == "compose");
    if !runs.iter().any(|(run, exit)| is_compose(run) && *exit == 0) {
        return Ok(Vec::new());
    }
    let sandbox = prepared(&folder(name), &case)?;
    let mut sets = Vec::new();
    for (run, exit) in &runs {
        if is_compose(run) && *exit == 0 && case.stdin.is_none() {
            sets.extend(set(&sandbox, run)?);
        }
        sandbox.witc(run, case.stdin.as_deref())?;
    }
    Ok(sets)
}

/// What a run links, and the script of wac for it; `None` where it links several compositions, or replaces a part.
fn set(sandbox: &Sandbox, run: &[String]) -> Result<Option<Set>, String> {
    let mut bare: Vec<String> = Vec::new();
    let mut skips = false;
    for argument in run {
        match argument.as_str() {
            _ if skips => skips = false,
            "-o" | "--emit" => skips = true,
            "--wat" => {}
            _ => bare.push(argument.clone()),
        }
    }
    let with = |more: &[&str]| bare.iter().cloned().chain(more.iter().map(|it| (*it).to_owned())).collect();
    let ours: Vec<String> = with(&["-o", "peer-ours.wasm"]);
    let script: Vec<String> = with(&["--emit", "wac", "-o", "peer.wac"]);
    if sandbox.witc(&ours, None)?.exit != 0 || sandbox.witc(&script, None)?.exit != 0 {
        return Ok(None);
    }
    let read =
        |name: &str| std::fs::read(sandbox.path().join(name)).map_err(|error| format!("{name}: {error}"));
    let (ours, script) = (read("peer-ours.wasm")?, read("peer.wac")?);
    let script = String::from_utf8(script).map_err(|error| error.to_string())?;
    // Its first lines make components of what wac does not read; what others are to make is not made here.
    if script.contains("\n// wasm-tools ") {
        return Ok(None);
    }
    for command in script.lines().filter_map(|line| line.strip_prefix("// witc ")) {
        let words: Vec<String> = command.split(' ').map(|word| word.trim_matches('\'').to_owned()).collect();
        let made = sandbox.witc(&words, None)?;
        if made.stderr.contains("emit/unwritable-import") {
            return Ok(None); // nobody can write it alone
        }
        if made.exit != 0 {
            return Err(format!("what the script says to run first fails: witc {command}\n{}", made.stderr));
        }
    }
    Ok(Set::new(ours, script, |path| std::fs::read(sandbox.path().join(path)).ok()))
}
