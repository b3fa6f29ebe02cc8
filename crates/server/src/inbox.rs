//! What reaches the engine loop.

use std::net::IpAddr;
use std::sync::Arc;

use chat_engine::input::{Answer, Peer};
use chat_model::id::{SessionId, Ticket};
use chat_model::reply::Farewell;
use chat_wire::{Face, Frame};
use tokio::sync::mpsc;

use crate::config::Config;
use crate::link::Link;

/// How many items may wait for the loop before those who send must wait.
pub(crate) const INBOX_ITEMS_MAX: usize = 8192;

/// One thing for the loop to take.
#[derive(Debug)]
pub(crate) enum Item {
    /// A connection was made.
    Connected { session: SessionId, face: Face, guest: bool, peer: Peer, link: Arc<Link> },
    /// A client has sent these.
    Frames { session: SessionId, frames: Vec<Frame> },
    /// A client must go, or has gone.
    Gone { session: SessionId, farewell: Farewell },
    /// The connection's task has ended; its slot is free.
    Ended { session: SessionId, address: Option<IpAddr> },
    /// Nothing came for a while: is the client there?
    Ping { session: SessionId },
    /// A question was answered.
    Answered { ticket: Ticket, answer: Answer },
    /// A second went by.
    Tick,
    /// The configuration was read again.
    Reloaded(Box<Config>),
    /// A line of the server's own log, for administrators that follow it.
    Logged(Arc<str>),
    /// The server is going down.
    Stop,
    /// It has waited long enough for those who do not read.
    Exit,
}

/// The way into the loop.
pub(crate) type Inbox = mpsc::Sender<Item>;
