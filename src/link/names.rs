//! Finds imports or exports of the whole whose names engines cannot tell apart.
//!
//! Names are strongly unique (Binary.md, "name uniqueness"): neither case nor the annotation of a function counts. That two
//! imports have the very same name is found in `check`.

use std::collections::BTreeMap;

use super::diagnostics::NameConflict;
use crate::check::{Port, Wiring};
use crate::diag::Run;
use crate::load::Inputs;
use crate::model::{Side, folded};

/// Reports each pair of names that are too much alike.
pub(super) fn check(inputs: &mut Inputs, wiring: &Wiring, run: &mut Run) {
    let imports = wiring.host.iter().map(|import| (import.name.as_str(), &import.users[0]));
    conflicts(Side::Import, imports, inputs, wiring, run);
    let exports = wiring.exports.iter().map(|exposed| (exposed.name.as_str(), &exposed.export));
    conflicts(Side::Export, exports, inputs, wiring, run);
}

fn conflicts<'n>(
    side: Side,
    names: impl Iterator<Item = (&'n str, &'n Port)>,
    inputs: &mut Inputs,
    wiring: &Wiring,
    run: &mut Run,
) {
    let mut seen: BTreeMap<String, (&str, &Port)> = BTreeMap::new();
    for (name, port) in names {
        if let Some(other) = seen.insert(folded(name), (name, port)) {
            NameConflict { side, names: [(name, port), other] }.report(inputs, wiring, run);
        }
    }
}
