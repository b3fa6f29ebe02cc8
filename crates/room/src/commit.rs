//! Making a batch durable, or taking it back.

use std::mem;

use chat_engine::effect::Effect;
use chat_engine::input::{Input, Storage};
use chat_model::change::Change;
use chat_store::StoreError;

use crate::room::Room;
use crate::shell::{Observation, Shell};

impl<S: Shell> Room<S> {
    /// Makes the batch durable, or makes it as if nothing in it that must be durable had been asked for.
    pub(crate) fn commit(&mut self) {
        let all: Vec<&Change> =
            self.deferred.iter().chain(self.effects.iter().filter_map(change_in)).collect();
        if all.is_empty() {
            return self.shell.observe(Observation::Committed { changes: &[] });
        }
        if self.may_store() {
            match self.shell.save(&mut self.store, &all) {
                Ok(()) => {
                    self.shell.observe(Observation::Committed { changes: &all });
                    return self.deferred.clear();
                }
                Err(error) => self.storage_failed(&error),
            }
        }
        for change in self.effects.iter().filter_map(deferrable_in) {
            // Who comes and goes all night long is kept once.
            self.deferred.retain(|earlier| !replaces(change, earlier));
            self.deferred.push(change.clone());
        }
        self.shell.observe(Observation::Committed { changes: &[] });
    }

    fn storage_failed(&mut self, error: &StoreError) {
        self.shell.observe(Observation::StorageFailed(error));
        self.storage = Storage::Fails;
        self.apply_again(Some(Input::Storage(self.storage)));
    }

    /// On a disk that is nearly full the engine lets through only what is worth the rest of it. What can wait goes along
    /// with that, for it comes before.
    fn may_store(&self) -> bool {
        match self.storage {
            Storage::Works => true,
            Storage::NearlyFull => self.effects.iter().any(|effect| matches!(effect, Effect::Save(_))),
            Storage::Fails => false,
        }
    }

    /// Takes the batch back and applies its inputs again, after one more where there is one. Without any nobody may
    /// notice that it was done.
    pub fn apply_again(&mut self, first: Option<Input>) {
        self.engine.rollback();
        self.effects.clear();
        self.shell.observe(Observation::RolledBack);
        if let Some(first) = first {
            self.apply_to_engine(first);
        }
        let inputs = mem::take(&mut self.inputs);
        self.inputs = inputs.into_iter().map(|input| self.apply_to_engine(input)).collect();
    }
}

pub(crate) fn change_in(effect: &Effect) -> Option<&Change> {
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
        (Change::Presence { account, .. }, Change::Presence { account: other, .. })
        | (Change::Language { account, .. }, Change::Language { account: other, .. })
        | (Change::Bot { account, .. }, Change::Bot { account: other, .. }) => account == other,
        (Change::ChannelUsed { channel, .. }, Change::ChannelUsed { channel: other, .. }) => channel == other,
        (Change::Device(row), Change::Device(other)) => {
            (&row.account, &row.device) == (&other.account, &other.device)
        }
        _ => false,
    }
}
