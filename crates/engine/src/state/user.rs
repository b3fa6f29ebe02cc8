//! One nickname in use, with all its sessions.

use std::collections::BTreeSet;
use std::sync::Arc;

use chat_model::Text;
use chat_model::id::{ChannelId, SessionId, Time};
use chat_model::message::Party;
use chat_model::mode::{UserMode, UserModes};
use chat_model::who::Who;
use serde::{Deserialize, Serialize};

use super::membership::Member;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) who: Arc<Who>,
    /// As what it is a member of channels: its account, or by itself.
    pub(crate) member: Member,
    pub(crate) sessions: Vec<SessionId>,
    pub(crate) channels: BTreeSet<ChannelId>,
    pub(crate) invited: BTreeSet<ChannelId>,
    pub(crate) modes: UserModes,
    /// Deaf, and dumb with it: the room was muted (I), which the mode alone does not do.
    pub(crate) muted: bool,
    /// Away when all its sessions are; see [`crate::away`].
    pub(crate) away: Option<Text>,
    /// Under which name of the configuration it has become a server operator, if it has.
    pub(crate) operator: Option<Text>,
    pub(crate) since: Time,
    /// When it last said something. Not undone.
    pub(crate) active: Time,
}

impl User {
    pub(crate) fn is_deaf(&self) -> bool {
        self.modes.has(UserMode::Deaf)
    }

    pub(crate) fn is_operator(&self) -> bool {
        self.modes.has(UserMode::Operator)
    }

    pub(crate) fn party(&self) -> Party {
        Party { nick: self.who.nick.clone(), account: self.who.account.clone() }
    }

    /// Whether the two have a channel in common.
    pub(crate) fn shares_channel(&self, other: &User) -> bool {
        !self.channels.is_disjoint(&other.channels)
    }
}
