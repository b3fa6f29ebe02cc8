//! What commands are answered. Whoever can send any command can ask for it: IRC clients, and people who type it with a
//! slash. The types of the JSON face are none of these, and administrators have commands of their own.

use std::net::IpAddr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Counts, Part, ROW_BYTES, Reply, messages_bytes};
use crate::Text;
use crate::id::Time;
use crate::mask::Mask;
use crate::message::Message;
use crate::mode::{ChannelModes, Ranks, UserModes};
use crate::name::{ChannelName, Nick};
use crate::who::Who;

/// One row of WHO (RPL_WHOREPLY).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhoRow {
    /// Who.
    pub who: Arc<Who>,
    /// The channel it is shown for, with the ranks there.
    pub channel: Option<(ChannelName, Ranks)>,
    /// Whether it is away.
    pub away: bool,
    /// Whether it is a server operator.
    pub operator: bool,
}

/// All that WHOIS tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whois {
    /// Who.
    pub who: Arc<Who>,
    /// Where, of the channels that the asker may know of.
    pub channels: Vec<(ChannelName, Ranks)>,
    /// The away message.
    pub away: Option<Text>,
    /// Whether it is a server operator.
    pub operator: bool,
    /// Whether every session is encrypted.
    pub secure: bool,
    /// Seconds since it last said something.
    pub idle_s: i64,
    /// When it came.
    pub since: Time,
    /// Its address, for itself and for server operators.
    pub address: Option<IpAddr>,
}

/// Somebody who was here (RPL_WHOWASUSER).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whowas {
    /// Who.
    pub who: Arc<Who>,
    /// Until when.
    pub left: Time,
}

/// One channel in LIST.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Its name.
    pub channel: ChannelName,
    /// How many are on it.
    pub members: usize,
    /// What it is about.
    pub topic: Text,
}

/// One ban of a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelBan {
    /// Whom it covers.
    pub mask: Mask,
    /// `nick!user@host` of who set it.
    pub setter: Text,
    /// When.
    pub time: Time,
}

/// One command in HELP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpRow {
    /// The verb in capitals: `"JOIN"`.
    pub verb: Text,
    /// Its words: `"#channel[,…] [key[,…]]"`.
    pub words: Text,
    /// Whether people are told of it who did not ask for it by name.
    pub for_people: bool,
}

/// An answer to a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CommandReply {
    /// PONG.
    Pong {
        /// As it came.
        token: Text,
    },
    /// NAMES without a channel: nothing, said politely.
    NoNames,
    /// Channel modes (RPL_CHANNELMODEIS, RPL_CREATIONTIME).
    ChannelModes {
        /// Where.
        channel: ChannelName,
        /// Which. The key is left out for those who are not on it.
        modes: ChannelModes,
        /// When the channel was made.
        created: Time,
    },
    /// Bans of a channel.
    ChannelBans {
        /// Where.
        channel: ChannelName,
        /// Oldest first.
        bans: Vec<ChannelBan>,
    },
    /// One's own modes.
    UserModes {
        /// Which.
        modes: UserModes,
    },
    /// LIST.
    List {
        /// By name.
        channels: Vec<Listed>,
        /// Which part of the answer.
        part: Part,
    },
    /// INVITE was sent (RPL_INVITING).
    Inviting {
        /// Who.
        nick: Nick,
        /// Where to.
        channel: ChannelName,
    },
    /// INVITE without words: where one is invited to.
    Invitations {
        /// By name.
        channels: Vec<ChannelName>,
    },
    /// AWAY was set (`true`) or removed.
    NowAway {
        /// Which of the two.
        away: bool,
    },
    /// WHO.
    Who {
        /// As asked for.
        mask: Text,
        /// Whom it found.
        rows: Vec<WhoRow>,
        /// Which part of the answer.
        part: Part,
    },
    /// WHOIS, for one nickname.
    Whois(Box<Whois>),
    /// WHOWAS.
    Whowas {
        /// As asked for.
        nick: Text,
        /// Newest first; empty where none is remembered.
        rows: Vec<Whowas>,
    },
    /// ISON: those of the nicknames that are on.
    Ison {
        /// As they spell themselves.
        nicks: Vec<Nick>,
    },
    /// USERHOST: of each, whether an operator and whether away.
    Userhost {
        /// In the order asked for.
        rows: Vec<(Arc<Who>, bool, bool)>,
    },
    /// MOTD.
    Motd {
        /// By line; empty where there is none.
        lines: Arc<Vec<Text>>,
    },
    /// VERSION.
    Version,
    /// TIME.
    Time {
        /// Now.
        now: Time,
    },
    /// ADMIN.
    Admin,
    /// INFO.
    Info {
        /// When the server was started.
        started: Time,
    },
    /// LUSERS.
    Lusers {
        /// How many there are.
        counts: Counts,
    },
    /// HELP. One row where a subject was asked for, else all that the asker may use.
    Help {
        /// As asked for; empty for none.
        subject: Text,
        /// In the order of the table.
        rows: Vec<HelpRow>,
    },
    /// OPER.
    YouAreOperator,
    /// CHATHISTORY: messages of one conversation.
    History {
        /// As asked for.
        target: Text,
        /// Ascending.
        messages: Vec<Arc<Message>>,
    },
    /// CHATHISTORY TARGETS.
    HistoryTargets {
        /// Name and latest message, ascending by it.
        targets: Vec<(Text, Time)>,
    },
}

impl From<CommandReply> for Reply {
    fn from(reply: CommandReply) -> Self {
        Self::Command(reply)
    }
}

impl CommandReply {
    /// See [`Reply::about_bytes`].
    pub(super) fn about_bytes(&self) -> usize {
        match self {
            Self::Who { rows, .. } => ROW_BYTES + rows.len() * ROW_BYTES,
            Self::Whowas { rows, .. } => ROW_BYTES + rows.len() * 2 * ROW_BYTES,
            Self::List { channels, .. } => channels.iter().map(|row| ROW_BYTES + row.topic.len()).sum(),
            Self::History { messages, .. } => messages_bytes(messages),
            Self::Help { rows, .. } => rows.len() * ROW_BYTES,
            _ => ROW_BYTES,
        }
    }
}
