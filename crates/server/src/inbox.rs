//! The way into the loop.

use tokio::sync::mpsc;

use crate::outbox::Outbox;

/// How many items may wait for the loop before those who send must wait.
pub(crate) const INBOX_ITEMS_MAX: usize = 8192;

/// One thing for the loop to take.
pub(crate) type Item = chat_room::Item<Outbox>;

/// The way into the loop.
pub(crate) type Inbox = mpsc::Sender<Item>;
