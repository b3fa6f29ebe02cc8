//! What goes into the engine. All of it can be written down and read back, so that a recorded run can be repeated.

use std::net::IpAddr;

use chat_model::Text;
use chat_model::change::Loaded;
use chat_model::history::{Extent, Query};
use chat_model::id::{MsgId, NodeId, SessionId, Ticket, Time};
use chat_model::invitation::Registration;
use chat_model::limits::Limits;
use chat_model::name::{Account, ChannelName};
use chat_model::secret::{PasswordHash, SecretId};
use chat_model::sent::Sent;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What the engine knows of a connection when it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peer {
    /// What it speaks, for the log and for administrators: `"irc"`, `"plain"`, `"json"`, `"admin"`.
    pub client: Text,
    /// Whether it is shown what it sends to itself once more, as it receives it.
    pub hears_itself: bool,
    /// Where it is from; `None` is a unix socket.
    pub address: Option<IpAddr>,
    /// Whether nobody can listen on the way.
    pub secure: bool,
    /// The SHA-256 fingerprint, in lower-case hex, of a TLS certificate whose key the client has shown to hold.
    pub certfp: Option<Text>,
    /// `Some` for the admin socket: the name to put into the audit log.
    pub administrator: Option<Text>,
}

/// A server operator of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operator {
    /// The name to give to OPER.
    pub name: Text,
    /// The password's hash in PHC string form.
    pub password_hash: PasswordHash,
}

/// What of the configuration the engine goes by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The server's name.
    pub server: Text,
    /// The message of the day, by line.
    pub motd: Arc<Vec<Text>>,
    /// The room that everybody is put in.
    pub lobby: Option<ChannelName>,
    /// Whether the server has a password of its own, which the loop knows.
    pub has_password: bool,
    /// Who may make an account.
    pub registration: Registration,
    /// Whether one may be here without an account.
    pub guests: bool,
    /// Who may become server operator.
    pub operators: Vec<Operator>,
    /// Lines that a guest is shown of a channel when it joins.
    pub replay: u32,
    /// Messages in one answer to CHATHISTORY, and in one replay.
    pub chathistory_max: u32,
    /// Limits.
    pub limits: Limits,
}

/// An input, and what orders it among all others. Whoever applies the same envelopes has the same state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// Counts the inputs, from 1 on and without a gap.
    pub sequence: u64,
    /// Which of several machines has taken it in.
    pub node: NodeId,
    /// What the clock showed there.
    pub time: Time,
    /// What happened.
    pub input: Input,
}

/// Why an envelope is not applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misplaced {
    /// Another one comes next.
    Sequence {
        /// The one that does.
        expected: u64,
    },
    /// A machine speaks for its own sessions alone.
    Session(SessionId),
}

impl Envelope {
    /// The session of another machine that this one tells of, if it does.
    pub(crate) fn stranger(&self) -> Option<SessionId> {
        let is_strange = |session: &SessionId| session.node() != self.node;
        match &self.input {
            Input::Connected { session, .. } | Input::Sent { session, .. } => {
                Some(*session).filter(is_strange)
            }
            Input::Delivered { marks } => marks.iter().map(|(session, _)| *session).find(is_strange),
            _ => None,
        }
    }
}

/// One thing that happened outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Input {
    /// The first input: what was stored.
    Loaded(Box<Loaded>),
    /// At the start and at each reload.
    Configured(Box<Settings>),
    /// A connection was made.
    Connected {
        /// Its id, never used before.
        session: SessionId,
        /// What is known of it.
        peer: Peer,
    },
    /// A client sent something, or will send nothing more.
    Sent {
        /// Which client.
        session: SessionId,
        /// What.
        sent: Sent,
    },
    /// The shell has found out.
    Answered {
        /// What was asked.
        ticket: Ticket,
        /// What came out.
        answer: Answer,
    },
    /// Up to which id each of these sessions has shown to have got all that it was sent.
    Delivered {
        /// Marks that have moved. Right before a session ends its mark is as late as it will ever be.
        marks: Vec<(SessionId, MsgId)>,
    },
    /// A second went by: bans and invitations run out, old failures are forgotten.
    Tick,
    /// Whether the clock can be believed. While it cannot, nothing ends because its time is over that would not come back.
    Clock {
        /// Which of the two.
        believed: bool,
    },
    /// Messages that were older than they may be were deleted, all that there were.
    Expired {
        /// How many.
        messages: usize,
    },
    /// What can be stored from now on. What cannot, though it would have to be, is refused.
    Storage(Storage),
    /// The server is going down: say so to everybody.
    Stop,
}

/// What can be stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Storage {
    /// Everything.
    #[default]
    Works,
    /// What administrators do: the rest of the disk is kept for that.
    NearlyFull,
    /// Nothing.
    Fails,
}

/// Something slow or random that the shell does for the engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Question {
    /// Is this the password? An unknown account takes as long as a wrong password.
    Verify {
        /// Against what.
        credential: Credential,
        /// What was given.
        password: SecretId,
        /// Wait that long first: there were too many failures.
        delay_ms: u64,
    },
    /// The hash of a new password.
    Hash {
        /// What was given.
        password: SecretId,
    },
    /// Whether the session has taken what it was told, so that a long answer can go on.
    Drained,
    /// What is stored.
    Lookup(Lookup),
}

/// A question about the past.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lookup {
    /// Messages of one conversation.
    History {
        /// Which.
        query: Query,
    },
    /// The whispers to an account between two ids, ascending.
    Whispers {
        /// To whom.
        account: Account,
        /// After this.
        after: MsgId,
        /// Up to this, which counts.
        until: MsgId,
        /// How many at the most; the newest.
        limit: u32,
    },
    /// Conversations of an account, or just channels, with their latest message between two times (excluded).
    Targets {
        /// Whose direct conversations.
        account: Option<Account>,
        /// Which channels.
        channels: Vec<ChannelName>,
        /// From here on they count for the limit.
        from: Time,
        /// Up to here, which may be the earlier of the two.
        to: Time,
        /// How many at the most.
        limit: u32,
    },
}

/// What a password is held against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Credential {
    /// The stored hash of an account, if it exists.
    Account(Account),
    /// A hash of the configuration.
    Hash(PasswordHash),
    /// Nothing at all: it takes as long to be wrong.
    Nobody,
}

/// What came of a [`Question`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// To Verify.
    Verified(bool),
    /// To Hash.
    Hashed(PasswordHash),
    /// To Lookup. What was read stays where it was read: [`crate::effect::Effect::Show`] tells it
    /// to who asked.
    Read(Extent),
    /// To Drained: it has. ([`Answer::Failed`]: it never will.)
    Drained,
    /// It could not be done; the shell has logged why.
    Failed,
}
