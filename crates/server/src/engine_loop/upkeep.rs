//! What is to be done from time to time: looking at the disk, deleting what is too old, reading the configuration again.

use chat_engine::input::Input;
use chat_model::id::MsgId;
use tracing::{debug, info, warn};

use super::EngineLoop;
use crate::config::Config;
use crate::disk;
use crate::reload;

/// Milliseconds between two searches for old messages, when none was left.
const EXPIRY_PAUSE_MS: i64 = 60 * 60 * 1000;

impl EngineLoop {
    /// Once a second, between two batches: what a batch was promised must not change while it is made.
    pub(super) fn look_after(&mut self) {
        let free = disk::free_bytes(&self.parts.config.data_dir);
        let low = free.is_some_and(|free| free < self.parts.config.disk_free_bytes_min);
        if self.stored && low {
            let free_bytes = free.unwrap_or_default();
            warn!(
                free_bytes,
                "the disk is nearly full; what would have to be stored is refused until there is room"
            );
            self.set_storage(false);
        } else if !self.stored && !low && self.parts.store.probe().is_ok() {
            info!("the disk takes writes again");
            self.set_storage(true);
        }
        self.expire();
        let metrics = &self.parts.metrics;
        let counts = self.engine.counts();
        metrics.users.set(counts.users() as i64);
        metrics.channels.set(counts.channels as i64);
        metrics.storage.set(i64::from(self.stored));
    }

    fn set_storage(&mut self, available: bool) {
        self.stored = available;
        self.engine.apply(self.now, &Input::Storage { available }, &mut self.effects);
    }

    /// Deletes what is older than it may be, a little at each tick.
    fn expire(&mut self) {
        let Some(retention_ms) = self.parts.config.retention_ms else { return };
        if !self.stored || self.now < self.expiry_due {
            return;
        }
        let before = MsgId::first_at(self.now.plus(-retention_ms));
        match self.parts.store.expire(before) {
            Ok(0) => self.expiry_due = self.now.plus(EXPIRY_PAUSE_MS),
            Ok(deleted) => debug!(deleted, "old messages were deleted"),
            Err(error) => {
                warn!(%error, "old messages could not be deleted");
                self.expiry_due = self.now.plus(EXPIRY_PAUSE_MS);
            }
        }
    }

    pub(super) fn reload(&mut self, config: Config) {
        let context = reload::context(&config, &self.parts.context);
        let old = std::mem::replace(&mut self.parts.context, context);
        self.apply(Input::Configured(Box::new(config.settings.clone())));
        self.parts.config = config;
        let context = &self.parts.context;
        let mut told = Vec::new();
        for seat in self.seats.all() {
            let mut bytes = Vec::new();
            seat.session.context_changed(&old, context, &mut bytes);
            if !bytes.is_empty() {
                told.push((seat.id(), bytes));
            }
        }
        for (session, bytes) in told {
            self.seats.say(session, &bytes);
        }
        info!("the configuration was read again");
    }
}
