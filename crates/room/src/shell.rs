//! What the loop needs from outside, and what it tells the outside of its doings.

use std::io::IoSlice;
use std::net::IpAddr;
use std::sync::Arc;

use chat_engine::Engine;
use chat_engine::effect::Effect;
use chat_engine::input::Envelope;
use chat_model::change::Change;
use chat_model::close_reason::CloseReason;
use chat_model::id::{SessionId, Ticket};
use chat_model::reply::Counts;
use chat_store::{Store, StoreError};

use crate::answer::Work;
use crate::in_flight::InFlight;

/// The reader is too slow: what waits for it would be more than its limit.
#[derive(Debug, PartialEq, Eq)]
pub struct Overflow;

/// The way out of one connection, which the loop shares with whoever carries the bytes.
pub trait Outbox {
    /// Sends, or keeps for later, all parts. Comes back with how many bytes wait then.
    ///
    /// # Errors
    /// [`Overflow`] when more waits than may, after which the connection is to be given up.
    fn send(&self, parts: &[IoSlice<'_>], waiting_bytes_max: usize) -> Result<usize, Overflow>;

    /// Whether no more than so many bytes wait. If more do, [`crate::Item::Drained`] comes when they have gone.
    fn is_drained(&self, waiting_bytes_max: usize) -> bool;

    /// Whether nothing waits.
    fn is_empty(&self) -> bool;

    /// Nothing more is sent; the connection ends when what waits is written.
    fn close(&self);

    /// As [`Outbox::close`], but of what waits only the line that is under way is sent, and these last words.
    fn give_up(&self, last_words: &[u8]);

    /// How much is in flight, and whether the session has its nickname.
    fn in_flight(&self) -> &InFlight;

    /// There is something to do for whoever carries the bytes.
    fn wake(&self);

    /// So many calls were handled.
    fn end_calls(&self, count: u32) {
        if self.in_flight().end(count) {
            self.wake();
        }
    }
}

/// What the loop runs in: sockets, threads and a log, or a simulated world.
pub trait Shell {
    /// How bytes leave.
    type Outbox: Outbox;

    /// Stores a batch. To be done by the store; this is where it is timed, and where a simulated disk fails.
    ///
    /// # Errors
    /// What the store says: nothing of the batch is stored then.
    fn save(&mut self, store: &mut Store, changes: &[&Change]) -> Result<(), StoreError>;

    /// Whether the store takes writes again.
    fn probe(&mut self, store: &mut Store) -> bool;

    /// Finds an answer elsewhere, to be brought back with the ticket on it as [`crate::Item::Answered`].
    fn ask(&mut self, ticket: Ticket, work: Work);

    /// The connection is gone and nothing remembers the session: its id may be used up.
    fn give_back(&mut self, session: SessionId, address: Option<IpAddr>);

    /// Bytes that may still be written where the database is; `None` where that is not known.
    fn free_bytes(&self) -> Option<u64>;

    /// Milliseconds since some moment, by a clock that nobody can set and that goes on while the machine sleeps.
    fn monotonic_ms(&self) -> i64;

    /// The newest lines of the server's own log, oldest first.
    fn last_log_lines(&self, count: usize) -> Vec<Arc<str>>;

    /// Something happened, for the log, the metrics, or whoever holds the loop against its promises.
    fn observe(&mut self, observation: Observation<'_>);
}

/// What a shell may want to know of the loop's doings. Nothing here can be changed by knowing it.
#[derive(Debug)]
pub enum Observation<'a> {
    /// A batch begins: everything up to now is final.
    BatchBegins,
    /// The engine has dealt with an input.
    Applied {
        /// With its number and time.
        envelope: &'a Envelope,
        /// To this effect.
        effects: &'a [Effect],
        /// And is like this now.
        engine: &'a Engine,
    },
    /// Everything since the batch began was taken back, to be applied again.
    RolledBack,
    /// The batch is committed, or holds nothing to commit. What it comes to is about to be carried out.
    Committed {
        /// What was committed.
        changes: &'a [&'a Change],
    },
    /// This is about to be carried out.
    CarriesOut(&'a Effect),
    /// A connection was made.
    Opened,
    /// A connection ends, and this is why.
    Closing(&'a CloseReason),
    /// A connection is gone.
    Closed,
    /// A face refused by itself what a client sent.
    FaceRefused {
        /// Where the client is from; `None` is a unix socket.
        address: Option<IpAddr>,
        /// [`chat_model::refusal::Refusal::code`]
        code: &'static str,
    },
    /// A batch could not be stored; what would have to be is refused from now on.
    StorageFailed(&'a StoreError),
    /// The disk is nearly full; what would have to be stored is refused from now on, but for what administrators do.
    DiskNearlyFull {
        /// What is left.
        free_bytes: u64,
    },
    /// What has to be stored is stored again.
    StorageWorks,
    /// Messages are kept for a shorter time from now on, and so many are older.
    RetentionIsShorter {
        /// How many, counted up to a million.
        messages: i64,
    },
    /// Old messages were deleted, all that there were.
    Expired {
        /// How many.
        messages: usize,
    },
    /// Old messages could not be deleted.
    ExpiryFailed(&'a StoreError),
    /// At the start the clock shows a time from before the newest message, or from long after it. Nothing is deleted by
    /// it for now.
    ClockDoubted,
    /// The clock was set. Nothing is deleted by it for now.
    ClockStepped {
        /// By so much.
        by_ms: i64,
    },
    /// The clock has agreed with itself for long enough, or an administrator says that it is right.
    ClockBelieved,
    /// The configuration was read again.
    Reloaded,
    /// A second went by.
    Ticked {
        /// How many there are of what.
        counts: Counts,
        /// Whether what has to be stored is.
        stored: bool,
    },
}
