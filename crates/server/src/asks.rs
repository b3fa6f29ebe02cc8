//! Answers the engine's questions away from its loop: passwords on a small pool, history on connections of its own.

use std::ops::Deref;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chat_model::id::Ticket;
use chat_room::{Found, Work};
use chat_store::{Reader, StoreError};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use crate::damage;
use crate::inbox::{Inbox, Item};
use crate::metrics::Metrics;
use crate::passwords::{HASHES_MAX, Passwords};

/// Reads of the past at once.
const READS_MAX: usize = 4;
/// Passwords need a reader, too.
const READERS: usize = READS_MAX + HASHES_MAX;

/// The pools.
pub(crate) struct Asks {
    runtime: Handle,
    inbox: Inbox,
    hashing: Arc<Semaphore>,
    reading: Arc<Semaphore>,
    readers: Arc<Mutex<Vec<Reader>>>,
    passwords: Arc<Passwords>,
    metrics: Arc<Metrics>,
}

impl Asks {
    /// Opens the connections that read.
    pub(crate) fn new(
        runtime: Handle,
        inbox: Inbox,
        database: &Path,
        metrics: Arc<Metrics>,
    ) -> Result<Self, StoreError> {
        let readers = (0..READERS).map(|_| Reader::open(database)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            runtime,
            inbox,
            hashing: Arc::new(Semaphore::new(HASHES_MAX)),
            reading: Arc::new(Semaphore::new(READS_MAX)),
            readers: Arc::new(Mutex::new(readers)),
            passwords: Arc::new(Passwords::new()),
            metrics,
        })
    }

    /// Finds an answer and brings it to the loop.
    pub(crate) fn ask(&self, ticket: Ticket, work: Work) {
        let (inbox, readers, passwords) = (self.inbox.clone(), self.readers.clone(), self.passwords.clone());
        let metrics = self.metrics.clone();
        let (pool, delay_ms) = match &work {
            Work::Verify { delay_ms, .. } => (self.hashing.clone(), *delay_ms),
            Work::Hash { .. } => (self.hashing.clone(), 0),
            Work::Lookup(_) => (self.reading.clone(), 0),
        };
        self.runtime.spawn(async move {
            if delay_ms > 0 {
                tokio::time::sleep(Duration::from_millis(delay_ms)).await;
            }
            let permit = pool.acquire_owned().await;
            let done = tokio::task::spawn_blocking(move || {
                let _permit = permit;
                answer(&readers, &passwords, &metrics, work)
            });
            let found = done.await.unwrap_or(Found::Failed);
            // When the loop is gone, nobody waits for the answer.
            let _ = inbox.send(Item::Answered { ticket, found }).await;
        });
    }
}

fn answer(readers: &Mutex<Vec<Reader>>, passwords: &Passwords, metrics: &Metrics, work: Work) -> Found {
    let reader = Borrowed::from(readers);
    chat_room::answer(&reader, passwords, work).unwrap_or_else(|error| {
        damage::note(&error, metrics, "the database could not be read");
        Found::Failed
    })
}

/// A reader that goes back to the others when it is dropped, also by a panic.
struct Borrowed<'a> {
    reader: Option<Reader>,
    readers: &'a Mutex<Vec<Reader>>,
}

impl<'a> Borrowed<'a> {
    fn from(readers: &'a Mutex<Vec<Reader>>) -> Self {
        let reader = readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Self { reader, readers }
    }
}

impl Deref for Borrowed<'_> {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        self.reader.as_ref().expect("there are as many as may work at once")
    }
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).extend(self.reader.take());
    }
}
