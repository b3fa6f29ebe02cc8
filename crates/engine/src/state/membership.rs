//! Who belongs to which channel, with which ranks: the one table of it, and the indexes that make it quick to use.

use std::sync::Arc;

use chat_model::change::StoredMember;
use chat_model::id::{ChannelId, MsgId, SessionId, UserId};
use chat_model::mode::{Rank, Ranks};
use chat_model::name::{Account, ChannelName};
use chat_model::who::Who;
use serde::{Deserialize, Serialize};

use super::State;
use super::account::AccountId;
use super::user::User;
use crate::effect::Audience;

/// Who can be a member: an account, also while it is away, or a guest, as long as it is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Member {
    Account(AccountId),
    Guest(UserId),
}

impl Member {
    /// Above every other, for the end of a range.
    const LAST: Self = Self::Guest(UserId(u64::MAX));
    /// Below every other.
    const FIRST: Self = Self::Account(AccountId(0));
}

/// What a channel keeps of a member, and of an account that was one.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Membership {
    /// Whether it is a member now, who comes back into the channel; or one who left.
    pub(crate) joined: bool,
    pub(crate) ranks: Ranks,
    /// Up to where it had the channel when it left.
    pub(crate) delivered: MsgId,
}

impl Membership {
    /// An account's membership, as it is kept.
    pub(crate) fn stored(self, channel: ChannelName, account: Account) -> StoredMember {
        let Self { joined, ranks, delivered } = self;
        StoredMember { channel, account, joined, ranks, delivered }
    }

    /// Whether the channel goes on because of it: for a member, and for a founder who left and may come back.
    fn keeps_channel(self) -> bool {
        self.joined || self.ranks.has(Rank::Founder)
    }

    /// What is left of it after PART, KICK or the like: founders stay founders.
    pub(crate) fn ended(self, delivered: MsgId) -> Self {
        let ranks = self.ranks.iter().filter(|rank| *rank == Rank::Founder).collect();
        Self { joined: false, ranks, delivered }
    }
}

/// How a user is on a channel: all that a list of names tells of it. To look up each of ten thousand in the tables of users
/// and of memberships as well takes a millisecond or two, in which nobody else is served.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Presence {
    /// From its row in the table of users.
    pub(crate) who: Arc<Who>,
    /// From its membership.
    pub(crate) ranks: Ranks,
    /// Whether the others know; if not, they are told when it does something.
    pub(crate) is_shown: bool,
}

/// Whom the events of a channel go to. Shared with the effects that carry them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Audiences {
    /// How many users are on it: a list of channels tells that of each, and cannot count them all.
    users: usize,
    /// Sessions of all users on it.
    pub(crate) all: Audience,
    /// The same without those of users that muted the room.
    pub(crate) listeners: Audience,
}

impl Audiences {
    fn add(&mut self, session: SessionId, deaf: bool) {
        Arc::make_mut(&mut self.all).push(session);
        if !deaf {
            Arc::make_mut(&mut self.listeners).push(session);
        }
    }

    fn remove(&mut self, session: SessionId) {
        for list in [&mut self.all, &mut self.listeners] {
            if list.contains(&session) {
                Arc::make_mut(list).retain(|other| *other != session);
            }
        }
    }
}

impl State {
    pub(crate) fn membership(&self, channel_id: ChannelId, member: Member) -> Option<Membership> {
        self.memberships.get(&(channel_id, member)).copied()
    }

    /// What the channel keeps of a user, who need not be on it.
    pub(crate) fn membership_of(&self, channel_id: ChannelId, user: UserId) -> Option<Membership> {
        self.membership(channel_id, self.users.get(&user)?.member)
    }

    /// All memberships of a channel, also those of accounts that left it.
    pub(crate) fn memberships_of(
        &self,
        channel_id: ChannelId,
    ) -> impl Iterator<Item = (Member, Membership)> + '_ {
        let range = (channel_id, Member::FIRST)..=(channel_id, Member::LAST);
        self.memberships.range(range).map(|((_, member), row)| (*member, *row))
    }

    /// Whether a user is on a channel.
    pub(crate) fn is_on(&self, channel_id: ChannelId, user: UserId) -> bool {
        self.users_on.contains(&(channel_id, user))
    }

    /// Everybody who is on a channel.
    pub(crate) fn users_on(&self, channel_id: ChannelId) -> impl Iterator<Item = UserId> + '_ {
        self.present_on(channel_id, None).map(|(id, _)| id)
    }

    /// The same and how they are there; those after one, where one is given.
    pub(crate) fn present_on(
        &self,
        channel_id: ChannelId,
        after: Option<UserId>,
    ) -> impl Iterator<Item = (UserId, &Presence)> + '_ {
        let first = after.map_or(UserId(0), |UserId(number)| UserId(number.saturating_add(1)));
        let range = (channel_id, first)..=(channel_id, UserId(u64::MAX));
        self.users_on.range(range).map(|((_, id), presence)| (*id, presence))
    }

    /// How many are on a channel.
    pub(crate) fn count_on(&self, channel_id: ChannelId) -> usize {
        self.audiences.get(&channel_id).map_or(0, |row| row.users)
    }

    /// The ranks of a user who is on the channel; `None` of one who is not.
    pub(crate) fn ranks(&self, channel_id: ChannelId, user: UserId) -> Option<Ranks> {
        self.users_on.get(&(channel_id, user)).map(|presence| presence.ranks)
    }

    /// Whom the events of a channel go to.
    pub(crate) fn audience(&self, channel_id: ChannelId) -> Audience {
        self.audiences.get(&channel_id).map(|row| row.all.clone()).unwrap_or_default()
    }

    /// Whom the messages of a channel go to.
    pub(crate) fn listeners(&self, channel_id: ChannelId) -> Audience {
        self.audiences.get(&channel_id).map(|row| row.listeners.clone()).unwrap_or_default()
    }

    /// Of whom the index of who is on a channel tells something else than the tables do.
    pub(crate) fn misnamed_on(&self, channel_id: ChannelId) -> impl Iterator<Item = UserId> + '_ {
        let is_named = move |id, presence: &Presence| {
            let ranks = self.membership_of(channel_id, id).unwrap_or_default().ranks;
            self.users.get(&id).is_some_and(|user| user.who == presence.who) && ranks == presence.ranks
        };
        self.present_on(channel_id, None)
            .filter(move |(id, presence)| !is_named(*id, presence))
            .map(|(id, _)| id)
    }

    /// Whether nobody is a member any more, not even somebody who is not on.
    pub(crate) fn is_deserted(&self, channel_id: ChannelId) -> bool {
        self.count_on(channel_id) == 0 && !self.memberships_of(channel_id).any(|(_, row)| row.keeps_channel())
    }

    /// Whether the others on a channel do not know yet that a user is there.
    pub(crate) fn is_delayed(&self, channel_id: ChannelId, user: UserId) -> bool {
        self.users_on.get(&(channel_id, user)).is_some_and(|presence| !presence.is_shown)
    }

    /// Whether the others on a channel know that a user, who is there, is.
    pub(crate) fn show_on(&mut self, channel_id: ChannelId, user: UserId, is_shown: bool) {
        if let Some(presence) = self.users_on.get_mut(&(channel_id, user)) {
            presence.is_shown = is_shown;
        }
    }

    /// Changes as whom others see a user, also in what is kept of it with each of its channels.
    pub(crate) fn set_who(&mut self, id: UserId, who: &Arc<Who>) {
        let Some(user) = self.users.get_mut(&id) else { return };
        user.who = who.clone();
        for channel_id in &user.channels {
            if let Some(presence) = self.users_on.get_mut(&(*channel_id, id)) {
                presence.who = who.clone();
            }
        }
    }

    /// Changes the membership of somebody, who may be on the channel as this user.
    pub(crate) fn set_membership(
        &mut self,
        channel_id: ChannelId,
        member: Member,
        user: Option<UserId>,
        row: Membership,
    ) {
        self.memberships.insert((channel_id, member), row);
        if let Some(presence) = user.and_then(|id| self.users_on.get_mut(&(channel_id, id))) {
            presence.ranks = row.ranks;
        }
    }

    /// Notes that a user is on a channel, by its membership, which is a row of its own.
    pub(crate) fn index(&mut self, channel_id: ChannelId, id: UserId) {
        let ranks = self.membership_of(channel_id, id).unwrap_or_default().ranks;
        let Some(user) = self.users.get_mut(&id) else { return };
        user.channels.insert(channel_id);
        let (who, sessions, deaf) = (user.who.clone(), user.sessions.clone(), user.is_deaf());
        self.users_on.insert((channel_id, id), Presence { who, ranks, is_shown: true });
        if let Some(row) = self.audiences.get_mut(&channel_id) {
            row.users += 1;
        }
        for session in sessions {
            self.add_to_audience(channel_id, session, deaf);
        }
    }

    /// Notes that a user is on a channel no longer.
    pub(crate) fn unindex(&mut self, channel_id: ChannelId, id: UserId, user: &User) {
        if self.users_on.remove(&(channel_id, id)).is_some()
            && let Some(row) = self.audiences.get_mut(&channel_id)
        {
            row.users -= 1;
        }
        if let Some(user) = self.users.get_mut(&id) {
            user.channels.remove(&channel_id);
        }
        for session in &user.sessions {
            self.remove_from_audience(channel_id, *session);
        }
    }

    pub(crate) fn add_to_audience(&mut self, channel_id: ChannelId, session: SessionId, deaf: bool) {
        if let Some(row) = self.audiences.get_mut(&channel_id) {
            row.add(session, deaf);
        }
    }

    pub(crate) fn remove_from_audience(&mut self, channel_id: ChannelId, session: SessionId) {
        if let Some(row) = self.audiences.get_mut(&channel_id) {
            row.remove(session);
        }
    }
}
