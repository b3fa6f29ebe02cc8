//! Who made the channels that there are, so that one cannot take the place of all.

use std::net::IpAddr;

use chat_model::address::block;
use chat_model::id::{ChannelId, UserId};
use chat_model::mode::Rank;
use serde::{Deserialize, Serialize};

use super::State;
use super::account::AccountId;
use super::membership::Member;

/// Whose channels are counted together: an account's, or those of all guests of one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Maker {
    Account(AccountId),
    /// `None` is a unix socket.
    Address(Option<IpAddr>),
}

impl State {
    /// Whose a channel would be that a user makes.
    pub(crate) fn maker(&self, user: UserId) -> Option<Maker> {
        let user = self.users.get(&user)?;
        Some(match user.member {
            Member::Account(account) => Maker::Account(account),
            Member::Guest(_) => {
                let first = user.sessions.first().and_then(|session| self.sessions.get(session));
                Maker::Address(first.and_then(|session| session.peer.address).map(block))
            }
        })
    }

    /// How many of the channels that there are somebody has made.
    pub(crate) fn channels_made_by(&self, maker: Maker) -> usize {
        self.made.get(&maker).copied().unwrap_or(0)
    }

    /// Notes whose a channel is.
    pub(crate) fn set_maker(&mut self, channel_id: ChannelId, maker: Maker) {
        self.forget_maker(channel_id);
        if let Some(channel) = self.channels.get_mut(&channel_id) {
            channel.maker = Some(maker);
            self.made.insert(maker, self.channels_made_by(maker) + 1);
        }
    }

    /// The channel is nobody's, or about to end.
    pub(super) fn forget_maker(&mut self, channel_id: ChannelId) {
        let Some(maker) = self.channels.get(&channel_id).and_then(|channel| channel.maker) else { return };
        match self.channels_made_by(maker) {
            0 | 1 => drop(self.made.remove(&maker)),
            count => self.made.insert(maker, count - 1),
        }
    }

    /// After a start: a channel counts as its founder's.
    pub(crate) fn founders_are_makers(&mut self) {
        let founded = self.memberships.iter().filter(|(_, row)| row.ranks.has(Rank::Founder));
        let founded = founded.filter_map(|((channel_id, member), _)| match member {
            Member::Account(account) => Some((*channel_id, Maker::Account(*account))),
            Member::Guest(_) => None,
        });
        for (channel_id, maker) in founded.collect::<Vec<_>>() {
            self.set_maker(channel_id, maker);
        }
    }
}
