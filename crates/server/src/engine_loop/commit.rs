//! Making a batch durable, or taking it back.

use std::time::Instant;

use chat_engine::effect::Effect;
use chat_engine::input::Input;
use chat_model::change::Change;
use tracing::error;

use super::EngineLoop;

impl EngineLoop {
    /// Makes the batch durable, or makes it as if nothing in it that must be durable had been asked for.
    pub(super) fn commit(&mut self) {
        let all: Vec<&Change> =
            self.deferred.iter().chain(self.effects.iter().filter_map(change_in)).collect();
        if all.is_empty() {
            return;
        }
        if self.stored {
            let begun = Instant::now();
            match self.parts.store.save(all) {
                Ok(()) => {
                    self.parts.metrics.commits.observe(begun.elapsed().as_secs_f64());
                    return self.deferred.clear();
                }
                Err(error) => self.storage_failed(&error.to_string()),
            }
        }
        for change in self.effects.iter().filter_map(deferrable_in) {
            // Who comes and goes all night long is kept once.
            self.deferred.retain(|earlier| !replaces(change, earlier));
            self.deferred.push(change.clone());
        }
    }

    fn storage_failed(&mut self, reason: &str) {
        error!(reason, "nothing can be stored; what would have to be is refused until it can");
        self.stored = false;
        self.engine.rollback();
        self.effects.clear();
        self.engine.apply(self.now, &Input::Storage { available: false }, &mut self.effects);
        for input in &self.inputs {
            self.engine.apply(self.now, input, &mut self.effects);
        }
    }
}

pub(super) fn change_in(effect: &Effect) -> Option<&Change> {
    match effect {
        Effect::Save(change) | Effect::SaveWhenPossible(change) => Some(change),
        _ => None,
    }
}

fn deferrable_in(effect: &Effect) -> Option<&Change> {
    match effect {
        Effect::SaveWhenPossible(change) => Some(change),
        _ => None,
    }
}

/// Whether a change makes an earlier one of no account.
fn replaces(change: &Change, earlier: &Change) -> bool {
    match (change, earlier) {
        (Change::Presence { account, .. }, Change::Presence { account: other, .. }) => account == other,
        _ => false,
    }
}
