//! One channel in its present life.

use std::collections::BTreeMap;
use std::sync::Arc;

use chat_model::change::{StoredChannel, StoredMember};
use chat_model::id::{MsgId, SessionId, Time, UserId};
use chat_model::message::Conversation;
use chat_model::mode::{ChannelModes, Rank, Ranks};
use chat_model::name::{Account, ChannelName};
use chat_model::reply::{ChannelBan, Topic};

use super::user::User;
use crate::effect::Audience;

/// What ties an account to the channel, also while it is not on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tie {
    /// A member, who comes back into it; or one who left.
    pub(crate) joined: bool,
    pub(crate) ranks: Ranks,
    /// Up to where it saw the channel when it left it.
    pub(crate) seen: MsgId,
}

#[derive(Clone, Debug)]
pub(crate) struct Channel {
    pub(crate) name: ChannelName,
    pub(crate) created: Time,
    pub(crate) modes: ChannelModes,
    pub(crate) topic: Option<Topic>,
    pub(crate) bans: Vec<ChannelBan>,
    pub(crate) members: BTreeMap<UserId, Ranks>,
    pub(crate) ties: BTreeMap<Account, Tie>,
    /// Sessions of all members. Shared with the effects that go to them.
    pub(crate) audience: Audience,
    /// The same without those of members that muted the room.
    pub(crate) listeners: Audience,
}

impl Channel {
    pub(crate) fn new(name: ChannelName, created: Time) -> Self {
        Self {
            name,
            created,
            modes: ChannelModes::initial(),
            topic: None,
            bans: Vec::new(),
            members: BTreeMap::new(),
            ties: BTreeMap::new(),
            audience: Arc::default(),
            listeners: Arc::default(),
        }
    }

    pub(crate) fn add_session(&mut self, session: SessionId, deaf: bool) {
        Arc::make_mut(&mut self.audience).push(session);
        if !deaf {
            Arc::make_mut(&mut self.listeners).push(session);
        }
    }

    pub(crate) fn remove_session(&mut self, session: SessionId) {
        for list in [&mut self.audience, &mut self.listeners] {
            if list.contains(&session) {
                Arc::make_mut(list).retain(|other| *other != session);
            }
        }
    }

    pub(crate) fn add_member(&mut self, id: UserId, user: &User, ranks: Ranks) {
        self.members.insert(id, ranks);
        for session in &user.sessions {
            self.add_session(*session, user.is_deaf());
        }
    }

    pub(crate) fn remove_member(&mut self, id: UserId, user: &User) {
        self.members.remove(&id);
        for session in &user.sessions {
            self.remove_session(*session);
        }
    }

    /// After a member muted the room or no longer does.
    pub(crate) fn set_deaf(&mut self, user: &User) {
        for session in &user.sessions {
            self.remove_session(*session);
            self.add_session(*session, user.is_deaf());
        }
    }

    pub(crate) fn ranks(&self, id: UserId) -> Option<Ranks> {
        self.members.get(&id).copied()
    }

    pub(crate) fn is_operator(&self, id: UserId) -> bool {
        self.ranks(id).is_some_and(|ranks| ranks.has(Rank::Operator))
    }

    /// The conversation of its present life.
    pub(crate) fn conversation(&self) -> Conversation {
        Conversation::Channel(self.name.clone())
    }

    /// Whether nobody is a member any more, not even somebody who is not on.
    pub(crate) fn is_deserted(&self) -> bool {
        self.members.is_empty() && !self.ties.values().any(|tie| tie.joined)
    }

    pub(crate) fn stored(&self) -> StoredChannel {
        StoredChannel {
            name: self.name.clone(),
            created: self.created,
            modes: self.modes.clone(),
            topic: self.topic.clone(),
        }
    }

    pub(crate) fn stored_member(&self, account: &Account) -> Option<StoredMember> {
        let tie = self.ties.get(account)?;
        Some(StoredMember {
            channel: self.name.clone(),
            account: account.clone(),
            joined: tie.joined,
            ranks: tie.ranks,
            seen: tie.seen,
        })
    }
}
