//! Channels that nobody uses end. Otherwise whoever once made one with an account keeps it for good, and one address could
//! come to hold all channels that there may be.
//!
//! A channel is in use while somebody is on it, and when somebody comes into it, speaks to it or changes it from outside.
//! When that was last is kept to within an hour, so that it costs a row an hour and not one a message.

use chat_model::change::Change;
use chat_model::id::{ChannelId, Time};
use chat_model::mode::Rank;
use chat_model::name::{Account, ChannelName};
use chat_model::reply::{Notice, Reply};

use crate::cx::Cx;
use crate::effect::{Effect, Log};
use crate::membership;
use crate::state::State;
use crate::state::account::AccountId;
use crate::state::membership::Member;
use crate::upkeep;

/// Milliseconds after which it is noted again that a channel is used.
const NOTED_AGAIN_MS: i64 = 60 * 60 * 1000;
/// Channels that are looked at in one tick: all that there may be in a few minutes.
const LOOKS_PER_TICK: usize = 100;
/// Channels that one account is told of: others can make it the founder of any number.
const TOLD_MAX: usize = 10;

/// Notes that a channel is used.
pub(crate) fn used(cx: &mut Cx<'_>, channel_id: ChannelId) {
    note(cx.state, channel_id, cx.now, cx.effects);
}

fn note(state: &mut State, channel_id: ChannelId, now: Time, effects: &mut Vec<Effect>) {
    let Some(channel) = state.channels.get(&channel_id) else { return };
    // A clock that was set back does not make it any older.
    if now.since(channel.last_used) >= NOTED_AGAIN_MS {
        set_last_used(state, channel_id, now, effects);
    }
}

fn set_last_used(state: &mut State, channel_id: ChannelId, last_used: Time, effects: &mut Vec<Effect>) {
    if let Some(channel) = state.channels.get_mut(&channel_id) {
        channel.last_used = last_used;
        let channel = channel.name.clone();
        effects.push(Effect::SaveWhenPossible(Change::ChannelUsed { channel, last_used }));
    }
}

/// Looks at some of the channels: notes which are in use, and ends those that nobody has used for too long.
pub(crate) fn tick(state: &mut State, now: Time, effects: &mut Vec<Effect>) {
    let after = state.counters.channel_looked_at;
    let channel_ids: Vec<ChannelId> =
        state.channels.after(after.as_ref()).map(|(id, _)| *id).take(LOOKS_PER_TICK).collect();
    // After the last of them it is the first one's turn again.
    let is_whole = channel_ids.len() == LOOKS_PER_TICK;
    state.counters.channel_looked_at = channel_ids.last().copied().filter(|_| is_whole);
    for channel_id in channel_ids {
        look_at(state, channel_id, now, effects);
    }
}

fn look_at(state: &mut State, channel_id: ChannelId, now: Time, effects: &mut Vec<Effect>) {
    if state.is_lobby(channel_id) {
        return;
    }
    // What a wrong clock has noted, or has made of the time since, counts for nothing: all begin anew.
    if state.clock_doubted || state.count_on(channel_id) > 0 {
        return note(state, channel_id, now, effects);
    }
    let Some(last_used) = state.channels.get(&channel_id).map(|channel| channel.last_used) else { return };
    if last_used > now {
        return set_last_used(state, channel_id, now, effects);
    }
    let idle_ms_max = state.settings().limits.channel_idle_ms_max;
    if state.is_over(idle_ms_max.map(|ms| last_used.plus(ms)), now) {
        expire(state, channel_id, now, effects);
    }
}

fn expire(state: &mut State, channel_id: ChannelId, now: Time, effects: &mut Vec<Effect>) {
    remember_founders(state, channel_id, effects);
    let Some(channel) = membership::end_channel(state, channel_id, effects) else { return };
    upkeep::record(state, now, ["expire", channel.name.as_str(), "nobody used it"], effects);
    let (channel, last_used) = (channel.name, channel.last_used);
    effects.push(Effect::Log(Log::ChannelExpired { channel, last_used }));
}

/// Founders are told when they come back, which may be long after.
fn remember_founders(state: &mut State, channel_id: ChannelId, effects: &mut Vec<Effect>) {
    let Some(channel) = state.channels.get(&channel_id).map(|channel| channel.name.clone()) else { return };
    let founders: Vec<AccountId> = state
        .memberships_of(channel_id)
        .filter(|(_, row)| row.ranks.has(Rank::Founder))
        .filter_map(|(member, _)| match member {
            Member::Account(account) => Some(account),
            Member::Guest(_) => None,
        })
        .collect();
    for account in founders {
        remember(state, account, &channel);
    }
    effects.push(Effect::SaveWhenPossible(Change::ChannelExpired { channel }));
}

/// Notes that an account is to be told of a channel.
pub(crate) fn remember(state: &mut State, account: AccountId, channel: &ChannelName) {
    let mut channels = state.expired.get(&account).cloned().unwrap_or_default();
    if channels.len() < TOLD_MAX && !channels.contains(channel) {
        channels.push(channel.clone());
        state.expired.insert(account, channels);
    }
}

/// Tells an account that has come which of its channels have ended.
pub(crate) fn tell_founder(cx: &mut Cx<'_>, account: &Account) {
    let Some(id) = cx.state.accounts.get(account).map(|row| row.id) else { return };
    let Some(channels) = cx.state.expired.remove(&id) else { return };
    cx.save_when_possible(Change::ToldOfExpired { account: account.clone() });
    for channel in channels {
        cx.reply(Reply::Notice(Notice::ChannelExpired { channel }));
    }
}
