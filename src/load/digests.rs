//! The digests of all components of a run: each is found by one thread, the next one by whoever has nothing else to do.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::{Component, Inputs};
use crate::source::is_worth_threads;

/// The digests of all components, some of which somebody may be at.
#[derive(Debug)]
pub struct Digests<'i> {
    components: &'i [Component],
    /// The first one that nobody is at.
    next: AtomicUsize,
}

impl<'i> Digests<'i> {
    /// Nobody is at any yet.
    pub fn of(inputs: &'i Inputs) -> Self {
        Self { components: &inputs.components, next: AtomicUsize::new(0) }
    }

    /// Finds all that nobody is at, several at once where that is worth it.
    pub fn find(&self) {
        let size = self.components.iter().map(|component| component.bytes.len()).sum();
        match is_worth_threads(size) {
            true => self.components.par_iter().for_each(|_| _ = self.find_next()),
            false => self.find_rest(),
        }
    }

    /// Finds all that nobody is at, one after the other: for whoever waits for them.
    pub fn find_rest(&self) {
        while self.find_next() {}
    }

    /// Whether there was one left.
    fn find_next(&self) -> bool {
        let next = self.components.get(self.next.fetch_add(1, Ordering::Relaxed));
        next.map(Component::digest).is_some()
    }
}
