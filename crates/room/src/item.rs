//! What reaches the loop.

use std::net::IpAddr;
use std::sync::Arc;

use chat_engine::input::Peer;
use chat_model::close_reason::CloseReason;
use chat_model::id::{SessionId, Ticket};
use chat_wire::{Face, Frame};

use crate::found::Found;
use crate::room::Config;

/// One thing for the loop to take. `O` is a connection's way out.
#[derive(Debug)]
pub enum Item<O> {
    /// A connection was made.
    Connected {
        /// Its id, never used before.
        session: SessionId,
        /// What it speaks.
        face: Face,
        /// Whether its listener asks for nothing.
        guest: bool,
        /// What is known of it.
        peer: Peer,
        /// Its way out.
        outbox: Arc<O>,
    },
    /// A client has sent these.
    Frames {
        /// Which client.
        session: SessionId,
        /// When the first of them came, by the clock of [`crate::Shell::monotonic_ms`]: they may have waited since.
        arrived_ms: i64,
        /// In order. Each has taken one place in flight.
        frames: Vec<Frame>,
    },
    /// A client must go, or has gone.
    Gone {
        /// Which.
        session: SessionId,
        /// Why.
        farewell: CloseReason,
    },
    /// Nothing can be written to the connection any more.
    Ended {
        /// Which.
        session: SessionId,
        /// Whose place is free when the engine has forgotten the session.
        address: Option<IpAddr>,
    },
    /// The client has taken so much of what waited that [`crate::Outbox::is_drained`] holds.
    Drained {
        /// Which.
        session: SessionId,
    },
    /// Nothing came for a while: is the client there?
    Ping {
        /// Which.
        session: SessionId,
    },
    /// A question was answered.
    Answered {
        /// Which.
        ticket: Ticket,
        /// What came out.
        found: Found,
    },
    /// A second went by.
    Tick,
    /// An administrator has said that the clock is right.
    ClockBelieved,
    /// Messages that were older than they may be were deleted, all that there were.
    Expired {
        /// How many.
        messages: usize,
    },
    /// The configuration was read again.
    Reloaded(Box<Config>),
    /// A line of the server's own log, for administrators who follow it.
    Logged(Arc<str>),
    /// The server is going down.
    Stop,
    /// It has waited long enough for those who do not read.
    Exit,
}
