//! The thread of the loop, and what the loop runs in here: sockets, a disk, a log and metrics.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use chat_engine::effect::{Effect, Log};
use chat_model::change::Change;
use chat_model::id::{SessionId, Ticket};
use chat_room::{Observation, Room, Work};
use chat_store::{Store, StoreError};
use tokio::sync::mpsc::Receiver;
use tracing::{error, info, warn};

use crate::asks::Asks;
use crate::clock;
use crate::damage;
use crate::disk;
use crate::inbox::Item;
use crate::journal;
use crate::logs::Ring;
use crate::metrics::Metrics;
use crate::outbox::Outbox;
use crate::slots::Slots;

/// Items in one batch. More would only make the first of them wait longer for the last.
const BATCH_ITEMS_MAX: usize = 1024;

/// What the loop is given to work with.
pub(crate) struct Shell {
    pub(crate) asks: Asks,
    pub(crate) slots: Arc<Slots>,
    pub(crate) ring: Arc<Ring>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) data_dir: PathBuf,
}

/// Runs until the server has stopped and everybody is gone.
pub(crate) fn run(mut room: Room<Shell>, mut inbox: Receiver<Item>) -> Store {
    let mut items = Vec::new();
    while !room.is_finished() {
        if !receive(&mut inbox, &mut items, room.is_busy()) {
            break;
        }
        let mut waiting = items.drain(..);
        loop {
            room.begin(clock::now());
            while room.has_room()
                && let Some(item) = waiting.next()
            {
                room.take(item);
            }
            room.finish();
            if waiting.as_slice().is_empty() {
                break;
            }
        }
    }
    room.into_parts().0
}

/// Takes what has come, and waits for it where the loop has nothing to do by itself. Whether there is anything to do.
fn receive(inbox: &mut Receiver<Item>, items: &mut Vec<Item>, is_busy: bool) -> bool {
    if !is_busy {
        return inbox.blocking_recv_many(items, BATCH_ITEMS_MAX) > 0;
    }
    // A long answer keeps the loop busy for as long as its reader is quick: nobody else waits for its end.
    while items.len() < BATCH_ITEMS_MAX
        && let Ok(item) = inbox.try_recv()
    {
        items.push(item);
    }
    true
}

impl chat_room::Shell for Shell {
    type Outbox = Outbox;

    fn save(&mut self, store: &mut Store, changes: &[&Change]) -> Result<(), StoreError> {
        let begun = Instant::now();
        store.save(changes.iter().copied())?;
        self.metrics.commits.observe(begun.elapsed().as_secs_f64());
        Ok(())
    }

    fn probe(&mut self, store: &mut Store) -> bool {
        store.probe().is_ok()
    }

    fn ask(&mut self, ticket: Ticket, work: Work) {
        self.asks.ask(ticket, work);
    }

    fn give_back(&mut self, session: SessionId, address: Option<IpAddr>) {
        self.slots.give_back(session, address);
    }

    fn free_bytes(&self) -> Option<u64> {
        disk::free_bytes(&self.data_dir)
    }

    fn monotonic_ms(&self) -> i64 {
        clock::monotonic_ms()
    }

    fn last_log_lines(&self, count: usize) -> Vec<Arc<str>> {
        self.ring.last(count)
    }

    fn observe(&mut self, observation: Observation<'_>) {
        let metrics = &self.metrics;
        match observation {
            Observation::BatchBegins
            | Observation::Applied { .. }
            | Observation::RolledBack
            | Observation::Committed { .. } => {}
            Observation::CarriesOut(effect) => self.note(effect),
            Observation::Opened => drop(metrics.connections.inc()),
            Observation::Closing(reason) => {
                let code = chat_wire::sentences::close_code(reason);
                metrics.closed.get_or_create(&[("reason", code)]).inc();
            }
            Observation::Closed => drop(metrics.connections.dec()),
            Observation::FaceRefused { address, code } => {
                info!(address = journal::shown(address), code, "refused");
                metrics.refusals.get_or_create(&[("code", code)]).inc();
            }
            Observation::StorageFailed(reason) => {
                if matches!(reason, StoreError::Damaged(_)) {
                    metrics.damaged.set(1);
                }
                error!(%reason, "nothing can be stored; what would have to be is refused until it can");
            }
            Observation::DiskNearlyFull { free_bytes } => {
                warn!(free_bytes, "the disk is nearly full; what users say is refused until there is room")
            }
            Observation::StorageWorks => info!("the disk takes writes again"),
            Observation::RetentionIsShorter { messages } => warn!(
                messages,
                "retention under [history] is shorter now: so many messages are older, and are deleted from now on"
            ),
            Observation::Expired { messages } => {
                info!(messages, "messages that were older than retention allows were deleted");
            }
            Observation::ExpiryFailed(error) => {
                damage::note(error, metrics, "old messages could not be deleted");
            }
            Observation::ClockDoubted => {
                metrics.clock_suspect.set(1);
                warn!(
                    "the clock shows a time from before the newest message, or from long after it; nothing is deleted or \
                     runs out for an hour, or until `chat-admin clock accept` says that it is right"
                );
            }
            Observation::ClockStepped { by_ms } => {
                metrics.clock_suspect.set(1);
                metrics.clock_steps.inc();
                warn!(
                    seconds = by_ms / 1000,
                    "the clock was set; nothing is deleted or runs out until it has agreed with itself for an hour, or \
                     `chat-admin clock accept` says that it is right"
                );
            }
            Observation::ClockBelieved => {
                metrics.clock_suspect.set(0);
                info!("the clock is believed again");
            }
            Observation::Reloaded => info!("the configuration was read again"),
            Observation::Ticked { counts, stored } => {
                metrics.users.set(counts.users() as i64);
                metrics.channels.set(counts.channels as i64);
                metrics.storage.set(i64::from(stored));
            }
        }
    }
}

impl Shell {
    fn note(&self, effect: &Effect) {
        match effect {
            Effect::Save(Change::Message(_)) => drop(self.metrics.messages.inc()),
            Effect::Log(entry) => {
                match entry {
                    Log::Refused { refusal, .. } => {
                        let code = chat_wire::sentences::code(refusal);
                        self.metrics.refusals.get_or_create(&[("code", code)]).inc();
                    }
                    Log::ChannelExpired { .. } => drop(self.metrics.expired_channels.inc()),
                    _ => {}
                }
                journal::log(entry);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;
    use crate::inbox::INBOX_ITEMS_MAX;

    #[test]
    fn a_loop_that_has_something_to_do_takes_what_has_come_and_does_not_wait_for_more() {
        let (inbox, mut receiver) = mpsc::channel(INBOX_ITEMS_MAX);
        let mut items = Vec::new();
        for _ in 0..BATCH_ITEMS_MAX + 1 {
            inbox.try_send(Item::Tick).expect("there is room");
        }
        for count in [BATCH_ITEMS_MAX, 1, 0] {
            assert!(receive(&mut receiver, &mut items, true));
            assert_eq!(items.drain(..).count(), count);
        }
        drop(inbox);
        assert!(receive(&mut receiver, &mut items, true));
        assert!(!receive(&mut receiver, &mut items, false));
    }
}
