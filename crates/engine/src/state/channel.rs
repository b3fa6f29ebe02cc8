//! One channel in its present life. Nothing here grows with its members: who they are is in [`super::membership`].

use chat_model::change::StoredChannel;
use chat_model::id::Time;
use chat_model::message::Conversation;
use chat_model::mode::ChannelModes;
use chat_model::name::ChannelName;
use chat_model::reply::{ChannelBan, Topic};
use serde::{Deserialize, Serialize};

use super::maker::Maker;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Channel {
    pub(crate) name: ChannelName,
    pub(crate) created: Time,
    pub(crate) modes: ChannelModes,
    pub(crate) topic: Option<Topic>,
    pub(crate) bans: Vec<ChannelBan>,
    /// Whose it is, as far as that is counted.
    pub(crate) maker: Option<Maker>,
    /// When it was used last; see [`crate::idle`].
    pub(crate) last_used: Time,
}

impl Channel {
    pub(crate) fn new(name: ChannelName, created: Time) -> Self {
        Self {
            name,
            created,
            modes: ChannelModes::initial(),
            topic: None,
            bans: Vec::new(),
            maker: None,
            last_used: created,
        }
    }

    /// The conversation of its present life.
    pub(crate) fn conversation(&self) -> Conversation {
        Conversation::Channel(self.name.clone())
    }

    pub(crate) fn stored(&self) -> StoredChannel {
        StoredChannel {
            name: self.name.clone(),
            created: self.created,
            modes: self.modes.clone(),
            topic: self.topic.clone(),
            last_used: self.last_used,
        }
    }
}
