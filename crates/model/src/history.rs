//! Questions about the past (IRCv3 `draft/chathistory`), in the terms of the store.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::id::{MsgId, Time};
use crate::message::{Conversation, Message};
use crate::mode::Ranks;
use crate::name::Account;

/// A point in the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Bound {
    /// Where one message is.
    Id(MsgId),
    /// A millisecond.
    Time(Time),
}

/// Which messages of a conversation. Every answer is in ascending order, bounds excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Select {
    /// The newest, and only those after the bound where there is one.
    Latest(Option<Bound>),
    /// The nearest before.
    Before(Bound),
    /// The nearest after.
    After(Bound),
    /// Around the bound, half before and half after, the message at the bound included.
    Around(Bound),
    /// Between the two; the limit counts from the first, whichever is earlier.
    Between(Bound, Bound),
}

/// Which of the lines for ranks alone (`@#channel`) the asker may read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reads {
    /// Those for the ranks that it holds, or lower ones.
    pub ranks: Ranks,
    /// Those that it said itself.
    pub account: Option<Account>,
}

/// A question for messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    /// Where.
    pub conversation: Conversation,
    /// Which.
    pub select: Select,
    /// How many at the most.
    pub limit: u32,
    /// About how many bytes at the most, see [`crate::message::Message::about_bytes`]; one message comes in any case.
    pub bytes_max: usize,
    /// As the asker may read them. Others do not count, so a page is full where there is more.
    pub reads: Reads,
}

/// How far something goes that was read: what one may know of it without having it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// Its first message, if there is one.
    pub oldest: Option<MsgId>,
    /// Whether a limit was met, so that there may be more.
    pub is_cut: bool,
}

/// Messages of a conversation, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// As far as the limits let them come.
    pub messages: Vec<Arc<Message>>,
    /// Whether a limit was met, so that there may be more.
    pub is_cut: bool,
}

impl Page {
    /// How far it goes.
    pub fn extent(&self) -> Extent {
        Extent { oldest: self.messages.first().map(|message| message.at.id), is_cut: self.is_cut }
    }
}
