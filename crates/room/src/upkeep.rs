//! What is to be done from time to time: looking at the disk, deleting what is too old, reading the configuration again.

use std::mem;

use chat_engine::input::{Input, Storage};

use crate::clock_watch::Found;
use crate::item::Item;
use crate::room::{Config, Room};
use crate::shell::{Observation, Shell};

impl<S: Shell> Room<S> {
    /// Once a second, between two batches: what a batch was promised must not change while it is made.
    pub(crate) fn look_after(&mut self) {
        self.look_at_file();
        self.look_at_disk();
        self.expire();
        let (counts, stored) = (self.engine.counts(), self.storage == Storage::Works);
        self.shell.observe(Observation::Ticked { counts, stored });
    }

    /// Also when nobody says anything: what is written into a file that is gone is lost.
    fn look_at_file(&mut self) {
        if self.storage != Storage::Fails
            && let Err(error) = self.store.check_in_place()
        {
            self.shell.observe(Observation::StorageFailed(&error));
            self.storage = Storage::Fails;
            self.apply_to_engine(Input::Storage(self.storage));
        }
    }

    /// A disk that takes no writes is tried before anything else is said of it.
    fn look_at_disk(&mut self) {
        let free = self.shell.free_bytes();
        let low = free.filter(|free| *free < self.config.disk_free_bytes_min);
        let storage = if low.is_some() { Storage::NearlyFull } else { Storage::Works };
        if storage == self.storage || (self.storage != Storage::Works && !self.shell.probe(&mut self.store)) {
            return;
        }
        match low {
            Some(free_bytes) => self.shell.observe(Observation::DiskNearlyFull { free_bytes }),
            None => self.shell.observe(Observation::StorageWorks),
        }
        self.storage = storage;
        self.apply_to_engine(Input::Storage(storage));
    }

    /// Before anything is done by the time that it shows.
    pub(crate) fn look_at_clock(&mut self) {
        match self.clock.look(self.now, self.shell.monotonic_ms()) {
            Some(Found::Step(by_ms)) => {
                self.shell.observe(Observation::ClockStepped { by_ms });
                self.apply(Input::Clock { believed: false });
            }
            Some(Found::Agreement) => {
                self.shell.observe(Observation::ClockBelieved);
                self.apply(Input::Clock { believed: true });
            }
            None => {}
        }
    }

    /// An administrator says that the clock is right.
    pub(crate) fn believe_clock(&mut self) {
        self.clock.believe();
        self.shell.observe(Observation::ClockBelieved);
        self.own.push(Item::ClockBelieved);
    }

    /// Deletes what is older than it may be, also while the disk is full: that is when it is needed. When there is
    /// nothing to delete, what is free in the file goes back to the file system.
    fn expire(&mut self) {
        if self.retention.rests() {
            // What is wrong with the disk is said where something is to be stored.
            let _ = self.store.tidy();
        }
        if !self.clock.is_believed() {
            return;
        }
        match self.retention.tick(&mut self.store, self.now) {
            Ok(None) => {}
            Ok(Some(messages)) => {
                self.shell.observe(Observation::Expired { messages });
                self.own.push(Item::Expired { messages });
            }
            Err(error) => self.shell.observe(Observation::ExpiryFailed(&error)),
        }
    }

    fn change_retention(&mut self, kept_ms: Option<i64>) {
        match self.retention.change(kept_ms, &self.store, self.now) {
            Ok(Some(messages)) if messages > 0 => {
                self.shell.observe(Observation::RetentionIsShorter { messages });
            }
            Ok(_) => {}
            Err(error) => self.shell.observe(Observation::ExpiryFailed(&error)),
        }
    }

    pub(crate) fn reload(&mut self, config: Config) {
        self.configure(config.settings.clone());
        self.change_retention(config.retention_ms);
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
