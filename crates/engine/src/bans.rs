//! Bans of the server, and whom those of channels cover.

use std::net::IpAddr;

use chat_model::Text;
use chat_model::change::BanTarget;
use chat_model::id::{ChannelId, Time, UserId};
use chat_model::mask::Mask;
use chat_model::name::{Account, Nick};

use crate::cx::Cx;
use crate::state::State;

/// Why a ban of the server covers an address.
pub(crate) fn address_ban(state: &State, address: IpAddr, now: Time) -> Option<Text> {
    let covers = |target: &BanTarget| matches!(target, BanTarget::Network(net) if net.contains(&address));
    active_ban(state, now, covers)
}

/// Why a ban of the server covers an account.
pub(crate) fn account_ban(state: &State, account: &Account, now: Time) -> Option<Text> {
    active_ban(state, now, |target| matches!(target, BanTarget::Account(banned) if banned == account))
}

/// Why a ban of the server covers a nickname or the account that comes with it.
pub(crate) fn ban_of(state: &State, nick: &Nick, account: Option<&Account>, now: Time) -> Option<Text> {
    active_ban(state, now, |target| covers(target, nick, account, None))
}

fn active_ban(state: &State, now: Time, covers: impl Fn(&BanTarget) -> bool) -> Option<Text> {
    let found = state.bans().find(|ban| !state.is_over(ban.expires, now) && covers(&ban.target));
    found.map(|ban| ban.reason.clone())
}

/// Whether a ban of the server covers somebody.
pub(crate) fn covers(
    target: &BanTarget,
    nick: &Nick,
    account: Option<&Account>,
    address: Option<IpAddr>,
) -> bool {
    match target {
        BanTarget::Nick(mask) => mask.covers(nick),
        BanTarget::Account(banned) => account == Some(banned),
        BanTarget::Network(net) => address.is_some_and(|address| net.contains(&address)),
    }
}

/// Whether a user is banned on a channel.
pub(crate) fn on_channel(cx: &Cx<'_>, channel_id: ChannelId, id: UserId) -> bool {
    cx.channel(channel_id).bans.iter().any(|ban| covers_user(cx, &ban.mask, id))
}

/// Whether a mask covers a user. A network covers whoever is connected from it with any of its sessions: or one more
/// connection from elsewhere would lift the ban.
pub(crate) fn covers_user(cx: &Cx<'_>, mask: &Mask, id: UserId) -> bool {
    let user = cx.user(id);
    let addresses = || {
        let sessions = user.sessions.iter().filter_map(|session| cx.state.sessions.get(session));
        sessions.filter_map(|session| session.peer.address)
    };
    mask.covers(&user.who, |network| addresses().any(|address| network.contains(&address)))
}
