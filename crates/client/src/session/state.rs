//! What a session is told to be, and the states that parts of it are in.

use chat_model::id::Time;
use chat_model::language::Language;
use chat_model::secret::Secret;

/// What the session is to be, as the command line and the configuration say.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// The language in which the user wants to be told everything. Where nobody has chosen one, this program speaks its
    /// own, and the server speaks the account's or its own.
    pub(crate) language: Option<Language>,
    /// The server as people call it, for sentences.
    pub(crate) server: String,
    /// The nickname to have.
    pub(crate) nick: String,
    /// The account to log in to, where it is not called like the nickname.
    pub(crate) account: Option<String>,
    /// The account's password.
    pub(crate) password: Option<Secret>,
    /// Channels to be on, with their keys.
    pub(crate) channels: Vec<(String, Option<String>)>,
    /// Whether a person is there to read and to be asked.
    pub(crate) interactive: bool,
    /// Whether passwords may go over a connection that others can read.
    pub(crate) insecure_password: bool,
    /// Lines of a channel's history to show on joining it.
    pub(crate) history_lines: u32,
    /// Up to when whispers were seen in an earlier run, to be told of those that came since.
    pub(crate) seen: Option<Time>,
}

/// How far the connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// There is none.
    Offline,
    /// The server does not know us yet.
    Registering,
    /// It does, and the channels are being joined.
    Joining,
    /// What was missed is being fetched.
    Fetching,
    /// Everything is there, and what is typed goes out at once.
    Online,
}

/// How the room is muted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mute {
    /// Not at all.
    Off,
    /// The server was asked to (user mode `+d`).
    Asked,
    /// The server does it.
    Server,
    /// The server cannot, so room messages are left out here.
    Client,
}

/// A channel that the user wants to go to, as long as the server has not answered.
#[derive(Debug)]
pub(super) struct Joining {
    pub(super) name: String,
    pub(super) key: Option<String>,
}

/// A line that was typed before it could be acted on.
#[derive(Debug)]
pub(super) struct Kept {
    /// As typed.
    pub(super) line: String,
    /// Where it was meant to go.
    pub(super) active: Option<String>,
}

/// What the user is being asked.
#[derive(Debug)]
pub(super) enum Question {
    /// The password of this account, to log in.
    Login,
    /// The password for a new account.
    Register,
    /// The same once more.
    RegisterAgain(Secret),
}
