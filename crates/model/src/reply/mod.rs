//! Answers: what one session is told because of what it asked, or because of what it is.

mod admin;
mod command;
mod irc;
mod notice;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::close_reason::CloseReason;
use crate::id::Time;
use crate::message::Message;
use crate::mode::{Ranks, UserMode, UserModes};
use crate::name::{Account, ChannelName, Nick};
use crate::refusal::Refusal;
use crate::who::{Source, Who};

pub use admin::{AdminReply, ChannelRow, OnlineRow};
pub use command::{ChannelBan, CommandReply, HelpRow, Listed, WhoRow, Whois, Whowas};
pub use irc::IrcReply;
pub use notice::Notice;

/// How many of what there are (RPL_LUSERCLIENT and its kin).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Registered users that are not invisible.
    pub visible: usize,
    /// Registered users that are.
    pub invisible: usize,
    /// Server operators.
    pub operators: usize,
    /// Connections without a nickname yet.
    pub unregistered: usize,
    /// Channels.
    pub channels: usize,
    /// The most users there were at once since the start.
    pub most: usize,
}

impl Counts {
    /// Registered users in all.
    pub fn users(&self) -> usize {
        self.visible + self.invisible
    }
}

/// A member as NAMES lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub who: Arc<Who>,
    /// With which ranks.
    pub ranks: Ranks,
}

/// Somebody in the room as `/ls` lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The nickname.
    pub nick: Nick,
    /// Whether it is logged in (and so the nickname's owner or at least no guest).
    pub account: Option<Account>,
    /// Whether it gets no messages of channels (mode `d`).
    pub deaf: bool,
    /// Whether it has muted the room: it is deaf, and cannot speak to channels either.
    pub muted: bool,
    /// Whether it is away.
    pub away: bool,
    /// Ranks in the room that was asked for.
    pub ranks: Ranks,
}

/// A topic and who set it when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// The text; never empty.
    pub text: Text,
    /// `nick!user@host` of who set it, or the server's name.
    pub setter: Text,
    /// When.
    pub time: Time,
}

/// Which part of an answer that lists more than fits into one piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Whether it is the first.
    pub is_first: bool,
    /// With the last one, how many rows there were in all.
    pub total: Option<usize>,
}

impl Part {
    /// All of it, in one.
    pub fn whole(total: usize) -> Self {
        Self { is_first: true, total: Some(total) }
    }
}

/// An answer to one session. Here is what everybody can be told; the rest is a family for each kind of asker, so that a face
/// on which nobody can ask need not know what the answers are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    /// Nothing was done, because.
    Refused {
        /// The verb of the call, in capitals.
        verb: Text,
        /// Why.
        refusal: Refusal,
    },
    /// The session is registered: it has a nickname and is in the room.
    Welcome {
        /// Who it is now.
        who: Arc<Who>,
        /// Its modes.
        modes: UserModes,
        /// Whether the room is muted, by another session of the user.
        muted: bool,
        /// How many there are.
        counts: Counts,
        /// Message of the day, by line.
        motd: Arc<Vec<Text>>,
        /// When the server was started.
        started: Time,
        /// Whether other sessions were there under this nickname already.
        attached: bool,
    },
    /// Logged in (RPL_LOGGEDIN).
    LoggedIn {
        /// To which account.
        account: Account,
        /// `nick!user@host`, with `*` for what is not known yet.
        mask: Text,
        /// Whether the account was made just now, and this is the answer to that.
        made: bool,
    },
    /// The topic, on joining or when asked for.
    Topic {
        /// Where.
        channel: ChannelName,
        /// `None` where there is none.
        topic: Option<Topic>,
    },
    /// Who is on a channel; also ends the answer to JOIN.
    Names {
        /// As asked for.
        channel: Text,
        /// Whether it is `+s`.
        secret: bool,
        /// Empty where there is no such channel, or none to see.
        members: Vec<Member>,
        /// Whether it is all.
        part: Part,
    },
    /// One's own modes were changed.
    UserModeChanged {
        /// What, in order. Never empty.
        changes: Vec<(UserMode, bool)>,
    },
    /// The room is muted in both directions, or no longer: told to all sessions of the user. User mode `d` came or went
    /// with it.
    Muted {
        /// Which of the two.
        muted: bool,
    },
    /// The recipient of a whisper is away (RPL_AWAY).
    TheyAreAway {
        /// Who.
        nick: Nick,
        /// In their words.
        message: Text,
    },
    /// LANG: in which language the session is told this.
    Language {
        /// Whether that is new.
        changed: bool,
    },
    /// LS: who is in the room.
    People {
        /// The room.
        channel: ChannelName,
        /// By nickname.
        people: Vec<Person>,
    },
    /// What was missed, shown without being asked for to a client that knows no history.
    Missed {
        /// Where; `None` is whispers.
        channel: Option<ChannelName>,
        /// Ascending.
        messages: Vec<Arc<Message>>,
    },
    /// A sentence from the server or its services.
    Notice(Notice),
    /// A topic, whisper or reason from an administrator's `say`, or a broadcast to all: from the server itself.
    ServerNotice {
        /// What is said.
        text: Text,
    },
    /// The session ends; the last thing it is told.
    Closing(CloseReason),
    /// For IRC clients, and people who type commands.
    Command(CommandReply),
    /// For IRC clients alone.
    Irc(IrcReply),
    /// For administrators alone.
    Administrator(AdminReply),
}

/// The author of an act, in words: a nickname and account, or the administrator.
pub fn author(source: &Source, server: &str) -> Text {
    match source {
        Source::User(who) => who.to_string().into(),
        Source::Server => server.into(),
    }
}

/// What a row costs, about: a line of IRC, or an object, without long texts in it.
const ROW_BYTES: usize = 100;
/// The same for a name in a list of names.
const NAME_BYTES: usize = 16;

fn messages_bytes(messages: &[Arc<Message>]) -> usize {
    messages.iter().map(|message| message.about_bytes()).sum()
}

impl Reply {
    /// About how many bytes it is in the wordiest face: what tells a long answer from a short one.
    pub fn about_bytes(&self) -> usize {
        match self {
            Self::Names { members, .. } => ROW_BYTES + members.len() * NAME_BYTES,
            Self::People { people, .. } => ROW_BYTES + people.len() * ROW_BYTES,
            Self::Command(reply) => reply.about_bytes(),
            Self::Administrator(reply) => reply.about_bytes(),
            Self::Missed { messages, .. } => messages_bytes(messages),
            Self::Welcome { motd, .. } => 20 * ROW_BYTES + motd.len() * ROW_BYTES,
            _ => ROW_BYTES,
        }
    }
}
