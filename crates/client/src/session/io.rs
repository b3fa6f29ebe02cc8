//! What goes into the session and what comes out of it.

use chat_model::language::Language;
use chat_model::secret::Secret;

use super::line::Line;

/// Something happened outside.
#[derive(Debug)]
pub(crate) enum Input<'a> {
    /// The server is reached.
    Connected {
        /// Whether nobody on the way can read along.
        secure: bool,
        /// Whether the server is this very machine.
        local: bool,
    },
    /// It is not, or no longer, for this reason.
    Lost(&'a str),
    /// The server sent this line.
    Line(&'a str),
    /// The user typed this line.
    Typed(&'a str),
    /// The user answered [`Effect::Ask`]; nothing when there was no wish to.
    Answer(Option<Secret>),
    /// Ctrl-C on an empty line.
    Interrupt,
    /// Nothing more will be typed.
    End,
    /// The program must end at once.
    Terminated,
    /// Time went by.
    Tick,
}

/// Something to do outside, in this order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Send this line to the server.
    Send(String),
    /// Show this to the user.
    Show(Line),
    /// Connect, after so many milliseconds.
    Connect {
        /// How long to wait before.
        after_ms: u64,
    },
    /// Close the connection.
    Disconnect,
    /// Ask the user for something that nobody may see, not even in the input history.
    Ask(String),
    /// Show everything in this language from now on.
    Speak(Language),
    /// Leave, with this exit status.
    Exit(u8),
}
