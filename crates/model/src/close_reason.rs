//! Why a connection ends: what its client is told, and what others are shown.

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::name::Nick;

/// Why a session ends. Faces have the words: for its own client, and for those who see it leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CloseReason {
    /// The client said QUIT, in these words.
    Quit(Option<Text>),
    /// The client closed the connection.
    Closed,
    /// The connection failed.
    Failed(Text),
    /// Nothing came for that many seconds.
    PingTimeout {
        /// How long.
        seconds: i64,
    },
    /// No nickname in time.
    RegisterTimeout,
    /// Far too many lines.
    Flood,
    /// It reads too slowly.
    SendQueueFull,
    /// Put out by an operator or administrator.
    Killed {
        /// Who did it: a nickname, or the name of the server.
        by: Text,
        /// Why; empty where nobody said.
        reason: Text,
    },
    /// A ban of the server covers it.
    Banned {
        /// Why; empty where nobody said.
        reason: Text,
    },
    /// A wrong or missing password of the server.
    ServerPassword,
    /// Its account was deleted, and there are no guests here.
    AccountDeleted,
    /// Its account has another password.
    PasswordChanged,
    /// It is a guest, and there are none here any more.
    GuestsNotAllowed,
    /// A line over the limit in a protocol that cannot go on after one, or one without an end.
    LineTooLong {
        /// The limit.
        bytes_max: usize,
    },
    /// The first line was not for this server.
    WrongProtocol(OtherProtocol),
    /// The server stops.
    Stopping,
    /// Too many connections, in all or from there.
    TooManyConnections,
    /// Too many new connections from there in a short time.
    ConnectsTooOften,
    /// It logged in to an account that is on already, and goes on as that: the user that it was is gone.
    LoggedIn {
        /// The nickname that it has now.
        nick: Nick,
    },
    /// It logged out of its account, and goes on as a guest.
    LoggedOut {
        /// The nickname that it has now.
        nick: Nick,
    },
}

/// What programs speak that take this server for something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OtherProtocol {
    /// A browser, or whatever else asks for pages.
    Http,
    /// Encryption where there is none.
    Tls,
    /// A remote shell.
    Ssh,
    /// A load balancer that says in whose name it connects.
    Proxy,
}
