//! What is to be done from time to time: looking at the disk, deleting what is too old, reading the configuration again.

use std::mem;

use chat_engine::input::Input;
use chat_model::id::MsgId;

use crate::room::{Config, Room};
use crate::shell::{Observation, Shell};

/// Milliseconds between two searches for old messages, when none was left.
const EXPIRY_PAUSE_MS: i64 = 60 * 60 * 1000;

impl<S: Shell> Room<S> {
    /// Once a second, between two batches: what a batch was promised must not change while it is made.
    pub(crate) fn look_after(&mut self) {
        let free = self.shell.free_bytes();
        let low = free.filter(|free| *free < self.config.disk_free_bytes_min);
        match low {
            Some(free_bytes) if self.stored => {
                self.shell.observe(Observation::DiskNearlyFull { free_bytes });
                self.set_storage(false);
            }
            None if !self.stored && self.shell.probe(&mut self.store) => {
                self.shell.observe(Observation::StorageWorks);
                self.set_storage(true);
            }
            _ => {}
        }
        self.expire();
        let (counts, stored) = (self.engine.counts(), self.stored);
        self.shell.observe(Observation::Ticked { counts, stored });
    }

    fn set_storage(&mut self, available: bool) {
        self.stored = available;
        self.apply_to_engine(&Input::Storage { available });
    }

    /// Deletes what is older than it may be, a little at each tick.
    fn expire(&mut self) {
        let Some(retention_ms) = self.config.retention_ms else { return };
        if !self.stored || self.now < self.expiry_due {
            return;
        }
        let before = MsgId::first_at(self.now.plus(-retention_ms));
        match self.store.expire(before) {
            Ok(0) => self.expiry_due = self.now.plus(EXPIRY_PAUSE_MS),
            Ok(messages) => self.shell.observe(Observation::Expired { messages }),
            Err(error) => {
                self.shell.observe(Observation::ExpiryFailed(&error));
                self.expiry_due = self.now.plus(EXPIRY_PAUSE_MS);
            }
        }
    }

    pub(crate) fn reload(&mut self, config: Config) {
        self.configure(config.settings.clone());
        let old = mem::replace(&mut self.config, config);
        let context = &self.config.context;
        let mut news = Vec::new();
        for connection in self.connections.all() {
            let mut bytes = Vec::new();
            connection.face.context_changed(&old.context, context, &mut bytes);
            if !bytes.is_empty() {
                news.push((connection.id(), bytes));
            }
        }
        for (session, bytes) in news {
            self.connections.say(session, &bytes);
        }
        self.shell.observe(Observation::Reloaded);
    }
}
