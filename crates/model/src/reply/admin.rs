//! What administrators are answered on the admin socket, and nobody else.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::{NAME_BYTES, Part, ROW_BYTES, Reply};
use crate::Text;
use crate::id::Time;
use crate::mode::{ChannelModes, Ranks};
use crate::name::{Account, ChannelName, Nick};

/// Somebody who is on, as an administrator sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnlineRow {
    /// The nickname.
    pub nick: Nick,
    /// Its account.
    pub account: Option<Account>,
    /// Where its first session is from; `None` is a unix socket.
    pub address: Option<IpAddr>,
    /// What its sessions speak: `"irc"`, `"plain+json"`.
    pub client: Text,
    /// Its channels, with ranks.
    pub channels: Vec<(ChannelName, Ranks)>,
    /// Seconds since it last said something.
    pub idle_s: i64,
    /// When it came.
    pub since: Time,
}

/// A channel, as an administrator sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelRow {
    /// Its name.
    pub channel: ChannelName,
    /// How many are on it.
    pub members: usize,
    /// Its modes.
    pub modes: ChannelModes,
    /// What it is about.
    pub topic: Text,
    /// How many bans it has.
    pub bans: usize,
    /// When it was made.
    pub created: Time,
}

/// An answer to a command that only administrators have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AdminReply {
    /// Who is on.
    Online {
        /// By nickname.
        rows: Vec<OnlineRow>,
        /// Which part of the answer.
        part: Part,
    },
    /// Which channels there are.
    Channels {
        /// By name.
        rows: Vec<ChannelRow>,
        /// Which part of the answer.
        part: Part,
    },
    /// An account is not what it was, so its sessions were closed, or go on as guests.
    LoggedOut {
        /// Sessions concerned.
        count: usize,
        /// What those are called now that go on.
        guests: Vec<Nick>,
    },
    /// It was done, to that many.
    Done {
        /// Sessions, users or rows concerned.
        count: usize,
    },
}

impl From<AdminReply> for Reply {
    fn from(reply: AdminReply) -> Self {
        Self::Administrator(reply)
    }
}

impl AdminReply {
    /// See [`Reply::about_bytes`].
    pub(super) fn about_bytes(&self) -> usize {
        match self {
            Self::Online { rows, .. } => {
                rows.iter().map(|row| ROW_BYTES * 2 + row.channels.len() * NAME_BYTES).sum()
            }
            Self::Channels { rows, .. } => rows.iter().map(|row| ROW_BYTES * 2 + row.topic.len()).sum(),
            Self::LoggedOut { .. } | Self::Done { .. } => ROW_BYTES,
        }
    }
}
