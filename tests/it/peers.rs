//! Small inputs on which linkers commonly fail: one row, its cases, the right answer.
//!
//! Differs from `fixtures.rs`, which holds whatever a case happens to give: here a person wrote down what must be in it, and
//! what must not. The same rows are in `docs/linking.md`, and a test keeps the two equal.

use std::collections::BTreeSet;
use std::path::Path;

use libtest_mimic::Trial;

use crate::fixtures::folder;
use crate::sandbox::files;

const PAGE: &str = "docs/linking.md";
const HEADING: &str = "## What the cases show";

/// One row: an input of some kind, and the cases that show what witc does with it.
struct Row {
    /// What the input is; in the page too.
    input: &'static str,
    cases: &'static [Answer],
}

/// What the snapshots of one case must say, and must not.
struct Answer {
    case: &'static str,
    says: &'static [&'static str],
    never: &'static [&'static str],
}

const ROWS: &[Row] = &[
    Row {
        input: "type-mismatch: a provider of the right name and the wrong type",
        cases: &[
            Answer {
                case: "check/type-mismatch",
                says: &[
                    "`charge` / parameter `amount`: `processor` expects `u64`, `gateway` has `u32`",
                    "charge: func(amount: u64",
                    "charge: func(amount: u32",
                ],
                never: &[],
            },
            Answer { case: "check/every-mismatch", says: &[], never: &[] },
        ],
    },
    Row {
        input: "type-mismatch: several mistakes in one WIT file",
        cases: &[Answer {
            case: "load/three-mistakes",
            says: &["bad.wit:2:26", "bad.wit:2:42", "bad.wit:3:18", "3 errors"],
            never: &[],
        }],
    },
    Row {
        input: "type-mismatch: a world that a component must fit",
        cases: &[Answer {
            case: "check/against-a-world",
            says: &[
                "imports `acme:pay/gateway@1.0.0`, and world `acme:targets/without-gateway` does not",
                "does not export `extra`",
                "export `run` / result",
                "parameter `amount`",
            ],
            never: &["(at offset", "ResourceId"],
        }],
    },
    Row {
        input: "resource-origin: two resources of one name, made in two places",
        cases: &[
            Answer {
                case: "check/resource-origin",
                says: &[
                    "leaves `acme:db/pool` to the host, which makes it",
                    "leaves `acme:db/direct` to the host, which makes it",
                ],
                never: &["ResourceId"],
            },
            Answer {
                case: "check/resource-of-two-makers",
                says: &["`vault` makes it, and `second-vault` makes it"],
                never: &["ResourceId"],
            },
        ],
    },
    Row {
        input: "resource-across-versions: a handler and its types in two versions of a package",
        cases: &[Answer {
            case: "link/resource-across-versions",
            says: &[
                "types acme:http/types@0.2.3 app, handler as acme:http/types@0.2.0",
                "handler acme:http/handler@0.2.0 app as acme:http/handler@0.2.3",
            ],
            never: &[],
        }],
    },
    Row {
        input: "implements-labels: labels of an interface",
        cases: &[
            Answer {
                case: "link/labels-kept",
                says: &["import orders: acme:keys/store@1.0.0", "export api: acme:keys/store@1.0.0"],
                never: &[],
            },
            Answer {
                case: "link/labels-chosen",
                says: &[
                    "plain acme:keys/store@1.0.0 app as primary, app as secondary",
                    "second acme:keys/store@1.0.0 app as secondary",
                ],
                never: &[],
            },
            Answer {
                case: "check/label-not-chosen",
                says: &["a label is chosen, never guessed", "\"primary\" = { from = \"plain\""],
                never: &[],
            },
        ],
    },
    Row {
        input: "whole-set: a provider that needs another one",
        cases: &[Answer {
            case: "link/whole-set",
            says: &["third acme:steps/c@1.0.0 second"],
            never: &["left to the host"],
        }],
    },
    Row {
        input: "whole-set: three users of one resource",
        cases: &[Answer {
            case: "link/diamond",
            says: &["files acme:files/types@1.0.0 app, closer, opener"],
            never: &["left to the host"],
        }],
    },
    Row {
        input: "new-types: maps, lists of fixed length, async functions, error contexts",
        cases: &[
            Answer {
                case: "link/new-types",
                says: &["runs only on engines with", "fixed-length-lists"],
                never: &[],
            },
            Answer {
                case: "check/list-length",
                says: &["expects `list<u8, 4>`, `tables` has `list<u8, 8>`"],
                never: &[],
            },
        ],
    },
    Row {
        input: "new-types: external ids",
        cases: &[Answer {
            case: "link/labels-kept",
            says: &["@external-id(\"orders-db\")", "@external-id(\"main-api\")"],
            never: &[],
        }],
    },
    Row {
        input: "non-wit-shapes: core modules, components, nested instances, types at the root",
        cases: &[
            Answer {
                case: "link/non-wit-shapes",
                says: &["(import \"code\" (core module", "(import \"part\" (component"],
                never: &[],
            },
            Answer { case: "link/gc-core-module", says: &[], never: &[] },
        ],
    },
    Row {
        input: "semver-merge: three versions of one track",
        cases: &[
            Answer {
                case: "link/semver-merge",
                says: &["0.2.0, 0.2.3 → 0.2.6"],
                never: &["import wasi:io/poll@0.2.0"],
            },
            Answer {
                case: "check/missing-since",
                says: &[
                    "it lacks functions `input.skip` and `input.seek`",
                    "exports it as `acme:io/streams@0.2.3`, which is on the same track",
                ],
                never: &[],
            },
        ],
    },
    Row {
        input: "wrong-name-same-shape: another name with the same shape",
        cases: &[Answer {
            case: "check/same-shape-other-name",
            says: &["has the same shape as `acme:log/log` under another name"],
            never: &["linked `"],
        }],
    },
    Row {
        input: "wrong-name-same-shape: many providers of one resource",
        cases: &[Answer {
            case: "link/many-providers",
            says: &["linked `linked` of 14 instances"],
            never: &["left to the host"],
        }],
    },
    Row {
        input: "newest-and-diff: accessors; two versions of an interface in one world",
        cases: &[
            Answer { case: "link/new-types", says: &["transfer acme:new/transfer@1.0.0 app"], never: &[] },
            Answer {
                case: "link/two-tracks",
                says: &["old acme:time/clock@0.2.0 app", "new acme:time/clock@0.3.0 app"],
                never: &[],
            },
        ],
    },
    Row {
        input: "root-resources: resources that a world itself uses",
        cases: &[Answer {
            case: "link/root-resources",
            says: &["import draw: func(tool: borrow<brush>", "use acme:paint/store@1.0.0.{brush as stored}"],
            never: &[],
        }],
    },
    Row {
        input: "one-copy: equal files",
        cases: &[Answer { case: "link/one-copy", says: &["(component $second"], never: &[] }],
    },
    Row {
        input: "private-types, chain: a composition that hides a type which its exports use",
        cases: &[
            Answer {
                case: "link/private-type",
                says: &["which the whole does not export", "expose.\"acme:db/types@1.0.0\" = \"driver\""],
                never: &[],
            },
            Answer { case: "link/private-type-exposed", says: &["export acme:db/types@1.0.0"], never: &[] },
        ],
    },
    Row {
        input: "chain: layers around one interface",
        cases: &[
            Answer {
                case: "link/chain-flag",
                says: &["limit acme:http/handler@1.0.0 auth", "audit acme:http/handler@1.0.0 limit"],
                never: &[],
            },
            Answer { case: "link/chain-manifest", says: &[], never: &[] },
        ],
    },
    Row {
        input: "root-functions: functions at the root, file names with `_`",
        cases: &[Answer {
            case: "link/root-functions",
            says: &["user_name name greeter"],
            never: &["left to the host"],
        }],
    },
    Row {
        input: "near-miss: a handler that differs in `async` only; a release candidate",
        cases: &[
            Answer {
                case: "check/only-async-differs",
                says: &["expects an `async` function, `handler` has one that is not `async`"],
                never: &[],
            },
            Answer {
                case: "check/prerelease-is-another-version",
                says: &[
                    "`handler` exports `acme:http/handler@0.3.0-rc-2026-03-15`, `app` imports `acme:http/handler@0.3.0`: a prerelease matches only itself",
                ],
                never: &[],
            },
        ],
    },
    Row {
        input: "import-conflict: imports that contradict each other, of one name or one track",
        cases: &[
            Answer {
                case: "check/import-conflict",
                says: &["`processor` expects `u64`", "`refunds` expects `u32`"],
                never: &[],
            },
            Answer {
                case: "check/track-conflict",
                says: &["`refunds` expects `u32`", "`processor` expects `u64`"],
                never: &[],
            },
        ],
    },
    Row {
        input: "payments: a shop's payments, whole and in parts",
        cases: &[
            Answer {
                case: "link/payments",
                says: &[
                    "linked `payments` of 4 instances",
                    "vault acme:pay/types@1.0.0 processor, stripe_adapter",
                ],
                never: &["left to the host"],
            },
            Answer {
                case: "check/payments-incomplete",
                says: &[
                    "no component provides `acme:pay/http@1.0.0`",
                    "no component provides `acme:pay/vault@1.0.0`",
                    "no component provides `acme:pay/gateway@1.0.0`",
                ],
                never: &["ResourceId"],
            },
        ],
    },
    Row {
        input: "semver-track: an older version and a newer provider",
        cases: &[Answer { case: "link/semver-track", says: &[], never: &["import"] }],
    },
    Row {
        input: "canonical-names: names with the track alone",
        cases: &[Answer {
            case: "link/canonical-names",
            says: &["(import \"acme:time/clock@0.2\" (version-suffix \".6\")"],
            never: &[],
        }],
    },
    Row {
        input: "canonical-names: composing step by step",
        cases: &[Answer {
            case: "check/kept-inside",
            says: &[
                "`vault` inside of `first` exports `demo:shop/tokens@1.0.0`",
                "expose.\"demo:shop/tokens@1.0.0\" = \"vault\"",
                "exposed demo:shop/tokens@1.0.0 shop",
            ],
            never: &["ResourceId"],
        }],
    },
    Row {
        input: "canonical-names: values",
        cases: &[Answer {
            case: "link/values",
            says: &["(with \"greeting\" (value", "(import \"greeting\" (value"],
            never: &[],
        }],
    },
    Row {
        input: "canonical-names: namespaces of three parts",
        cases: &[Answer {
            case: "link/nested-names",
            says: &["(import \"demo:shop:parts/till@0.2.0\"", "WIT has no syntax for a name such as"],
            never: &[],
        }],
    },
    Row {
        input: "decode-panic: a valid component on which a decoder panics",
        cases: &[
            Answer { case: "link/unprintable", says: &["linked `whole`"], never: &[] },
            Answer {
                case: "load/unprintable-wit",
                says: &["what is shown instead is for reading only"],
                never: &["panicked"],
            },
        ],
    },
];

/// One test a row, and one that the page has the same rows.
pub(crate) fn tests() -> Vec<Trial> {
    let row = |row: &'static Row| Trial::test(format!("peers::{}", row.input), move || Ok(check(row)?));
    let page = Trial::test("peers::the_page_has_these_rows", || Ok(page_agrees()?));
    ROWS.iter().map(row).chain([page]).collect()
}

fn check(row: &Row) -> Result<(), String> {
    if row.cases.is_empty() {
        return Err(format!("\"{}\" has no case", row.input));
    }
    row.cases.iter().try_for_each(|answer| {
        let text = said(answer.case)?;
        let missing = answer.says.iter().find(|expected| !text.contains(**expected));
        if let Some(missing) = missing {
            return Err(format!("{} does not say {missing:?}; it says:\n{text}", answer.case));
        }
        match answer.never.iter().find(|forbidden| text.contains(**forbidden)) {
            Some(forbidden) => Err(format!("{} says {forbidden:?}; it says:\n{text}", answer.case)),
            None => Ok(()),
        }
    })
}

/// All that a case gives, as `fixtures.rs` holds it, with one blank for all white space: wrapping does not matter.
fn said(case: &str) -> Result<String, String> {
    if !folder(case).join("case.toml").is_file() {
        return Err(format!("there is no case {case}"));
    }
    let snapshots = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots").join(case);
    let mut text = String::new();
    for file in files(&snapshots) {
        let read = std::fs::read_to_string(snapshots.join(&file));
        text.push_str(&read.map_err(|error| format!("{}: {error}", file.display()))?);
        text.push('\n');
    }
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The rows of the page and those here are the same, with the same cases.
fn page_agrees() -> Result<(), String> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE));
    let text = text.map_err(|error| format!("{PAGE}: {error}"))?;
    let (_, section) = text.split_once(HEADING).ok_or_else(|| format!("{PAGE}: has no `{HEADING}`"))?;
    let lines = section.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| input "));
    let cells = |line: &str| line.trim_matches('|').split(" | ").map(|it| it.trim().to_owned()).collect();
    let written: BTreeSet<(String, String)> = lines
        .filter_map(|line| {
            let cells: Vec<String> = cells(line);
            Some((cells.first()?.clone(), cells.last()?.clone()))
        })
        .collect();
    let cases = |row: &Row| {
        let names: Vec<String> = row.cases.iter().map(|answer| format!("`{}`", answer.case)).collect();
        names.join(", ")
    };
    let expected: BTreeSet<(String, String)> =
        ROWS.iter().map(|row| (row.input.to_owned(), cases(row))).collect();
    let here = expected
        .difference(&written)
        .map(|(input, cases)| format!("not in {PAGE}: | {input} | … | {cases} |"));
    let there = written
        .difference(&expected)
        .map(|(input, cases)| format!("only in {PAGE}: | {input} | … | {cases} |"));
    let problems: Vec<String> = here.chain(there).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}
