//! Asks what changed between two inputs.
//!
//! Differs from `mod.rs`, whose `check --against` asks whether one fits the other.

use super::{finish, start};
use crate::check::diff;
use crate::config::{ComponentInput, Request, WithoutEffect};
use crate::load::{Inputs, have_world, load};
use crate::model::Surface;
use crate::policy::power_changes;
use crate::report::{Answer, Outcome};
use crate::source::Files;

/// Says what changed from `old` to the input of `request`: breaking or not, for whom, and which capabilities came or went.
pub fn compare(request: &Request, old: &ComponentInput, files: &dyn Files) -> Outcome {
    let (mut run, mut outcome) = start(request);
    let mut loaded = |inputs: Vec<ComponentInput>| {
        load(&Request { inputs, allow_wit: true, world: None, ..request.clone() }, files, &mut run)
    };
    let (mut old, mut new) = (loaded(vec![old.clone()]), loaded(request.inputs.clone()));
    if let Some(world) = &request.world {
        let is_there = [&old, &new].map(|inputs| have_world(&inputs.wit, world, &mut run));
        if is_there == [true, true] && old.wit.is_empty() && new.wit.is_empty() {
            let why = "chooses a world of WIT, and neither of the two is WIT";
            let help = "leave it out: components are compared whole";
            WithoutEffect { flag: "--world", value: world, why, help }.report(request, &mut run);
        }
    }
    if run.diagnostics.error_count() == 0
        && let Some(changes) = diff(&mut old, &mut new, request.world.as_deref(), &mut run)
    {
        let world = request.world.as_deref();
        let powers = power_changes(&surfaces(&old, world), &surfaces(&new, world));
        outcome.answer = Some(Answer::Changes(changes, powers));
    }
    finish(run, outcome)
}

/// The surfaces whose imports are powers: those of components, and of worlds.
fn surfaces<'i>(inputs: &'i Inputs, world: Option<&str>) -> Vec<&'i Surface> {
    let worlds = inputs.wit.iter().flat_map(|package| &package.worlds);
    let worlds = worlds.filter(|it| world.is_none_or(|world| it.is_named(world)));
    let components = inputs.components.iter().map(|component| &component.surface);
    components.chain(worlds.map(|world| &world.surface)).collect()
}
