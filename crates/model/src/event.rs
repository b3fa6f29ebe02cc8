//! Things that happen in the room and that many may see. Each face says each of them in its own words.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::close_reason::CloseReason;
use crate::id::Stamp;
use crate::message::Message;
use crate::mode::{ModeChange, Ranks};
use crate::name::{Account, ChannelName, Nick};
use crate::who::{Source, Who};

/// Something that happened.
///
/// An event goes to others (`Effect::Publish`) and, as the answer to what it did, to the session that caused it
/// (`Effect::Own`); a face may show it to one and not to the other (IRCv3 echo-message).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Somebody said something, stored before this event exists for anyone (TAGMSG is not stored).
    Message(Arc<Message>),
    /// Somebody came into a channel.
    Joined {
        /// When.
        at: Stamp,
        /// Who.
        who: Arc<Who>,
        /// Where.
        channel: ChannelName,
        /// Ranks that it has from the start, and that the viewer cannot know of.
        ranks: Ranks,
        /// Whether this is also when the user came to the server (a face without channels says it once).
        arrived: bool,
    },
    /// Somebody left a channel.
    Parted {
        /// When.
        at: Stamp,
        /// Who.
        who: Arc<Who>,
        /// Where.
        channel: ChannelName,
        /// In their words.
        reason: Option<Text>,
    },
    /// Somebody's last session ended.
    Quit {
        /// When.
        at: Stamp,
        /// Who.
        who: Arc<Who>,
        /// Why.
        reason: CloseReason,
    },
    /// Somebody was put out of a channel.
    Kicked {
        /// When.
        at: Stamp,
        /// By whom.
        by: Source,
        /// From where.
        channel: ChannelName,
        /// Who.
        nick: Nick,
        /// Why.
        reason: Text,
    },
    /// Somebody has another nickname.
    Renamed {
        /// When.
        at: Stamp,
        /// Who, under the old nickname.
        who: Arc<Who>,
        /// The new nickname.
        nick: Nick,
    },
    /// A topic was set or, empty, removed.
    Topic {
        /// When.
        at: Stamp,
        /// By whom.
        by: Source,
        /// Where.
        channel: ChannelName,
        /// The new topic.
        topic: Text,
    },
    /// A channel's modes were changed.
    ChannelMode {
        /// When.
        at: Stamp,
        /// By whom.
        by: Source,
        /// Where.
        channel: ChannelName,
        /// What, in order. Never empty.
        changes: Vec<ModeChange>,
    },
    /// Somebody was invited, as the invited (first) and members with invite-notify see it.
    Invited {
        /// When.
        at: Stamp,
        /// By whom.
        by: Arc<Who>,
        /// Where to.
        channel: ChannelName,
        /// Who.
        nick: Nick,
        /// Whether this copy goes to members of the channel and not to the invited user.
        to_members: bool,
    },
    /// Somebody went away or came back.
    Away {
        /// When.
        at: Stamp,
        /// Who.
        who: Arc<Who>,
        /// What they left word of; `None` is back.
        message: Option<Text>,
    },
    /// Somebody logged in or out. `who` is as after it.
    AccountChanged {
        /// When.
        at: Stamp,
        /// Who.
        who: Arc<Who>,
        /// The account; `None` is logged out.
        account: Option<Account>,
    },
    /// Guests came to a channel and left it in such numbers that they were not shown one by one.
    Crowd {
        /// When.
        at: Stamp,
        /// Where.
        channel: ChannelName,
        /// How many came.
        came: u32,
        /// How many went.
        went: u32,
    },
    /// Somebody changed the real name.
    RealnameChanged {
        /// When.
        at: Stamp,
        /// Who, with the new real name.
        who: Arc<Who>,
    },
}

impl Event {
    /// When it happened.
    pub fn at(&self) -> Stamp {
        match self {
            Self::Message(message) => message.at,
            Self::Joined { at, .. }
            | Self::Parted { at, .. }
            | Self::Quit { at, .. }
            | Self::Kicked { at, .. }
            | Self::Renamed { at, .. }
            | Self::Topic { at, .. }
            | Self::ChannelMode { at, .. }
            | Self::Invited { at, .. }
            | Self::Away { at, .. }
            | Self::AccountChanged { at, .. }
            | Self::Crowd { at, .. }
            | Self::RealnameChanged { at, .. } => *at,
        }
    }

    /// The channel that it happened on, messages aside. Whoever is invited is told of it elsewhere.
    pub fn channel(&self) -> Option<&ChannelName> {
        match self {
            Self::Joined { channel, .. }
            | Self::Parted { channel, .. }
            | Self::Kicked { channel, .. }
            | Self::Topic { channel, .. }
            | Self::ChannelMode { channel, .. }
            | Self::Crowd { channel, .. }
            | Self::Invited { to_members: true, channel, .. } => Some(channel),
            Self::Message(_)
            | Self::Quit { .. }
            | Self::Renamed { .. }
            | Self::Invited { .. }
            | Self::Away { .. }
            | Self::AccountChanged { .. }
            | Self::RealnameChanged { .. } => None,
        }
    }

    /// Who caused it, where that is a user.
    pub fn who(&self) -> Option<&Who> {
        match self {
            Self::Message(message) => match &message.from {
                Source::User(who) => Some(who),
                Source::Server => None,
            },
            Self::Crowd { .. } => None,
            Self::Joined { who, .. }
            | Self::Parted { who, .. }
            | Self::Quit { who, .. }
            | Self::Renamed { who, .. }
            | Self::Away { who, .. }
            | Self::AccountChanged { who, .. }
            | Self::RealnameChanged { who, .. }
            | Self::Invited { by: who, .. } => Some(who),
            Self::Kicked { by, .. } | Self::Topic { by, .. } | Self::ChannelMode { by, .. } => match by {
                Source::User(who) => Some(who),
                Source::Server => None,
            },
        }
    }
}
