//! The way from an export to an import, for people.
//!
//! Differs from `capabilities.rs`: that is a table of everything, this is one answer in full.

use textwrap::core::display_width;

use super::diagnostic::wrap;
use super::table::lines;
use super::{BOLD, DIM, Look};
use crate::diag::{escape, list, quoted};
use crate::policy::{SupportKind, SupportRow, Why, WhyAnswer, WitnessStep};

/// The width of the longest kind of step, and a gap.
const KIND: usize = 14;
/// How many roots are named.
const MOST_ROOTS: usize = 4;
/// How many functions are named beside the one that is told in full; `--json` has all.
const MOST_FUNCTIONS: usize = 24;

impl Look {
    /// The answer of each composition that imports it, under its name where several were asked, and then the others.
    pub fn why(&self, answers: &[Why]) -> String {
        let (found, without): (Vec<&Why>, Vec<&Why>) = answers.iter().partition(|why| why.is_imported());
        let answer = |why: &&Why| match answers.len() {
            1 => self.answers(why),
            _ => format!("{}\n\n{}", self.paint(BOLD, &escape(&why.name)), self.answers(why)),
        };
        let mut texts: Vec<String> = found.iter().map(answer).collect();
        texts.extend(self.without(&without));
        texts.join("\n")
    }

    /// What is said of compositions that do not import it.
    fn without(&self, without: &[&Why]) -> Option<String> {
        let asked = quoted(&without.first()?.capability);
        let names: Vec<String> = without.iter().map(|why| quoted(&why.name)).collect();
        let (import, they) = if names.len() == 1 { ("does", "it") } else { ("do", "they") };
        let sentence = format!("{} {import} not import {asked}: {they} cannot use it", list(&names));
        let mut text = format!("{}\n", wrap(&sentence, self.prose_width(), "  ").join("\n"));
        if without.iter().all(|why| !why.is_known) {
            text.push('\n');
            let words = "witc knows nothing of this name; is it spelt right?";
            self.remark("unknown", DIM, words, &mut text);
        }
        Some(text)
    }

    /// For each import its gravest function with a way, then the others by name.
    fn answers(&self, why: &Why) -> String {
        let mut text = String::new();
        for inside in &why.inside {
            let (instance, interface) = (quoted(&inside.instance), quoted(&inside.interface));
            let provider = quoted(&inside.provider);
            text.push_str(&format!("{instance} gets {interface} from {provider}, and not from the host\n"));
        }
        let mut told: Vec<(&str, &str)> = Vec::new();
        for answer in &why.answers {
            let import = (answer.instance.as_str(), answer.interface.as_str());
            if told.contains(&import) {
                continue;
            }
            told.push(import);
            let is_same = |other: &&WhyAnswer| (other.instance.as_str(), other.interface.as_str()) == import;
            let others: Vec<&WhyAnswer> = why.answers.iter().filter(is_same).skip(1).collect();
            if !text.is_empty() {
                text.push('\n');
            }
            self.answer(answer, &mut text);
            self.others(&others, &mut text);
        }
        text
    }

    fn answer(&self, answer: &WhyAnswer, text: &mut String) {
        let (instance, capability) = (quoted(&answer.instance), quoted(&answer.capability));
        let sentence = match answer.verdict.as_str() {
            "reachable" => format!("{instance} can call {capability}"),
            "run-time support" => {
                let support = answer.support.as_ref();
                let cause = support.map(|it| escape(&it.cause)).unwrap_or_default();
                let how = match support.map(|it| it.kind).unwrap_or_default() {
                    SupportKind::Engine => format!(" through the {cause}, as every program that it runs"),
                    SupportKind::EmptyProgram => format!(", as an empty program with the {cause} can"),
                    SupportKind::Likely => format!(", likely only because of: {cause}"),
                };
                format!("{instance} can call {capability}{how}")
            }
            "unanalyzable" => {
                format!("{instance} may call {capability}: unanalyzable, so that it counts as reachable")
            }
            "never exercisable" => {
                format!("{instance} can never call {capability}: proven, it can hold no handle that it needs")
            }
            "type-only" => {
                format!("{instance} imports {capability} only for its types: there is nothing to call")
            }
            _ => format!(
                "{instance} never calls {capability}: proven unreachable, nothing that can run leads to it"
            ),
        };
        let lines = wrap(&sentence, self.prose_width(), "  ").join("\n");
        text.push_str(&lines.replacen(&capability, &self.paint(BOLD, &capability), 1));
        text.push('\n');
        if answer.witness.is_empty() {
            return;
        }
        text.push('\n');
        let mut place = (answer.witness[0].instance.as_str(), "");
        for (at, step) in answer.witness.iter().enumerate() {
            self.step(step, at == 0, &mut place, text);
        }
        if let Some(support) = &answer.support {
            text.push('\n');
            self.support(support, text);
        }
        if answer.from.len() > 1 {
            let has_several = answer.from.iter().any(|(instance, _)| *instance != answer.from[0].0);
            let root = |(instance, root): &(String, String)| match has_several {
                true => format!("{} of {}", quoted(root), quoted(instance)),
                false => quoted(root),
            };
            let shown: Vec<_> = answer.from.iter().take(MOST_ROOTS).map(root).collect();
            let more = answer.roots.saturating_sub(MOST_ROOTS);
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            text.push('\n');
            self.remark("from", DIM, &format!("{}{more}", shown.join(", ")), text);
        }
        if !answer.is_needed {
            text.push('\n');
            self.remark("unneeded", DIM, "no export of the whole leads to it", text);
        }
    }

    /// What run-time support is behind something, and the way out.
    pub(super) fn support(&self, support: &SupportRow, text: &mut String) {
        let how = match support.kind {
            SupportKind::Engine | SupportKind::EmptyProgram => "unseen",
            SupportKind::Likely => "likely",
        };
        self.remark(how, DIM, &format!("{}; to be rid of it, {}", support.evidence, support.fix), text);
    }

    /// One step; where it is in another place than the one before, it says so.
    fn step<'s>(
        &self,
        step: &'s WitnessStep,
        is_first: bool,
        place: &mut (&'s str, &'s str),
        text: &mut String,
    ) {
        let mut name = escape(&step.name);
        let is_elsewhere = step.instance != place.0;
        let within = if step.kind == "function" { step.module.as_str() } else { place.1 };
        if is_elsewhere {
            name.push_str(&format!("  (in {})", escape(&step.instance)));
        } else if within != place.1 && !within.is_empty() {
            name.push_str(&format!("  (in {})", escape(within)));
        }
        *place = (&step.instance, within);
        let kind = if is_first { step.kind } else { arrow(step.kind) };
        let indent = 2 + KIND;
        let gap = " ".repeat(KIND.saturating_sub(display_width(kind)));
        for (line, piece) in lines(&name, self.width.saturating_sub(indent).max(30)).iter().enumerate() {
            match line {
                0 => text.push_str(&format!("  {}{gap}{piece}\n", self.paint(DIM, kind))),
                _ => text.push_str(&format!("{}{piece}\n", " ".repeat(indent))),
            }
        }
    }

    /// The functions of the same import that were not told in full, by how they are reached.
    fn others(&self, others: &[&WhyAnswer], text: &mut String) {
        let mut verdicts: Vec<&str> = Vec::new();
        for other in others {
            if !verdicts.contains(&other.verdict.as_str()) {
                verdicts.push(&other.verdict);
            }
        }
        for verdict in verdicts {
            let alike = others.iter().filter(|other| other.verdict == verdict);
            let function = |other: &&WhyAnswer| {
                quoted(other.capability.split_once('#').map_or(other.capability.as_str(), |(_, it)| it))
            };
            let mut names: Vec<_> = alike.map(function).collect();
            let more = names.len().saturating_sub(MOST_FUNCTIONS);
            names.truncate(MOST_FUNCTIONS);
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            text.push('\n');
            self.remark(&format!("also {verdict}"), DIM, &format!("{}{more}", names.join(", ")), text);
        }
    }
}

/// How a step follows from the one before.
fn arrow(kind: &'static str) -> &'static str {
    match kind {
        "function" | "import" => "calls",
        "table" | "reference" => "calls through",
        other => other,
    }
}
