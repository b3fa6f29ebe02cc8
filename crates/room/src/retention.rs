//! How long messages are kept: what is older is deleted, a little at each tick.

use chat_model::id::Time;
use chat_store::{Store, StoreError};

/// Ticks, which are a second each, between two searches for old messages when none was left.
const PAUSE_TICKS: u32 = 60 * 60;
/// The same after a search that failed.
const PAUSE_AFTER_FAILURE_TICKS: u32 = 60;

/// See the module.
#[derive(Debug)]
pub(crate) struct Retention {
    /// Milliseconds; `None` is for ever.
    kept_ms: Option<i64>,
    /// Ticks until old messages are looked for.
    pause: u32,
    /// Messages deleted since the last pause.
    deleted: usize,
}

impl Retention {
    pub(crate) fn new(kept_ms: Option<i64>) -> Self {
        Self { kept_ms, pause: 0, deleted: 0 }
    }

    /// Takes over what a reload has brought, which counts from the next tick on. How many messages a shorter one costs:
    /// nothing brings back what is deleted then, and whoever made a slip should at least read it at once.
    pub(crate) fn change(
        &mut self,
        kept_ms: Option<i64>,
        store: &Store,
        now: Time,
    ) -> Result<Option<i64>, StoreError> {
        let is_shorter = match (kept_ms, self.kept_ms) {
            (Some(new), Some(old)) => new < old,
            (new, None) => new.is_some(),
            (None, Some(_)) => false,
        };
        self.kept_ms = kept_ms;
        let (true, Some(before)) = (is_shorter, self.before(now)) else { return Ok(None) };
        self.pause = 0;
        store.older_than(before).map(Some)
    }

    /// Deletes some of what is too old. How many messages went since the last pause, when the last of them has gone.
    ///
    /// # Errors
    /// What the database says. It is tried again, but not soon.
    pub(crate) fn tick(&mut self, store: &mut Store, now: Time) -> Result<Option<usize>, StoreError> {
        if self.pause > 0 {
            self.pause -= 1;
            return Ok(None);
        }
        let Some(before) = self.before(now) else { return Ok(None) };
        match store.expire(before) {
            Ok(0) => Ok(self.finish()),
            Ok(deleted) => {
                self.deleted += deleted;
                Ok(None)
            }
            Err(error) => {
                self.pause = PAUSE_AFTER_FAILURE_TICKS;
                Err(error)
            }
        }
    }

    /// Whether there is nothing to delete for now.
    pub(crate) fn rests(&self) -> bool {
        self.kept_ms.is_none() || self.pause > 0
    }

    fn before(&self, now: Time) -> Option<Time> {
        self.kept_ms.map(|kept_ms| now.plus(-kept_ms))
    }

    fn finish(&mut self) -> Option<usize> {
        self.pause = PAUSE_TICKS;
        let messages = std::mem::take(&mut self.deleted);
        Some(messages).filter(|messages| *messages > 0)
    }
}
