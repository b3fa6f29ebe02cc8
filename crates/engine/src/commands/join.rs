//! JOIN (Modern IRC): comes into channels, which begin to be with their first member.

use chat_model::call::Call;
use chat_model::change::Change;
use chat_model::event::Event;
use chat_model::id::{ChannelId, UserId};
use chat_model::mode::{Rank, Ranks};
use chat_model::name::ChannelName;
use chat_model::refusal::{ChannelLimit, Refusal};

use crate::budgets;
use crate::cx::{Cx, Outcome};
use crate::membership::{self, Somebody};
use crate::pending::Missed;
use crate::policy;
use crate::replay;
use crate::state::channel::Channel;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let me = cx.me()?;
    let mut words = call.words();
    if words.peek() == Some("0") {
        return leave_all(cx, me);
    }
    let (names, too_many) = words.list()?;
    let keys: Vec<_> = words.next_word().unwrap_or_default().split(',').collect();
    let mut all_missed = Vec::new();
    for (index, name) in names.into_iter().enumerate() {
        let key = keys.get(index).copied().unwrap_or_default();
        match join(cx, me, name, key) {
            Ok(missed) => all_missed.extend(missed),
            Err(refusal) => cx.refuse(refusal),
        }
    }
    cx.refuse_too_many(too_many);
    replay::ask(cx, all_missed, None);
    Ok(())
}

fn leave_all(cx: &mut Cx<'_>, me: UserId) -> Outcome {
    let myself = Somebody::of_user(cx, me);
    for channel_id in cx.user(me).channels.clone() {
        let (at, who, channel) = (cx.stamp(), cx.who(me), cx.channel(channel_id).name.clone());
        membership::leave(cx, &myself, channel_id, Event::Parted { at, who, channel, reason: None })?;
    }
    Ok(())
}

/// Joins one channel. What of its past is to be shown comes back; nothing when the user was there already.
fn join(cx: &mut Cx<'_>, me: UserId, name: &str, key: &str) -> Result<Option<Missed>, Refusal> {
    let name = ChannelName::new(name).map_err(|why| Refusal::BadChannelName { channel: name.into(), why })?;
    let found = cx.state.channel_names.get(&name).copied();
    if found.is_some_and(|channel_id| cx.state.is_on(channel_id, me)) {
        return Ok(None);
    }
    if !policy::channel::may_join_another(cx, me) {
        return Err(Refusal::TooManyChannels { channel: name, limit: ChannelLimit::Joined });
    }
    match found {
        Some(channel_id) => join_existing(cx, me, channel_id, key).map(Some),
        None => create(cx, me, name).map(Some),
    }
}

fn join_existing(cx: &mut Cx<'_>, me: UserId, channel_id: ChannelId, key: &str) -> Result<Missed, Refusal> {
    if let Some(mode) = policy::channel::may_join(cx, me, channel_id, key)? {
        let channel = cx.channel(channel_id).name.clone();
        cx.audit_override(&channel, mode)?;
    }
    let before = cx.state.membership_of(channel_id, me);
    let row = membership::coming(cx, me, channel_id, Ranks::default());
    membership::save(cx, &Somebody::of_user(cx, me), channel_id, row)?;
    let joined = membership::join(cx, me, channel_id, row, false);
    Ok(membership::missed(cx, channel_id, before.map(|row| row.delivered), joined))
}

fn create(cx: &mut Cx<'_>, me: UserId, name: ChannelName) -> Result<Missed, Refusal> {
    policy::channel::may_create(cx, me)
        .map_err(|limit| Refusal::TooManyChannels { channel: name.clone(), limit })?;
    let channel = Channel::new(name, cx.now);
    cx.save(Change::Channel(channel.stored()))?;
    let channel_id = cx.state.add_channel(channel);
    if let Some(maker) = cx.state.maker(me) {
        cx.state.set_maker(channel_id, maker);
        if let Some(budget) = policy::channel::channel_budget(cx, maker) {
            budgets::spend(cx, budget, 1);
        }
    }
    let ranks = founding_ranks(cx, me);
    let row = membership::coming(cx, me, channel_id, ranks);
    membership::save(cx, &Somebody::of_user(cx, me), channel_id, row)?;
    let joined = membership::join(cx, me, channel_id, row, false);
    Ok(membership::missed(cx, channel_id, None, joined))
}

/// Whoever makes a channel with an account has founded it. A guest is its operator while it is there.
fn founding_ranks(cx: &Cx<'_>, me: UserId) -> Ranks {
    let founder = cx.user(me).who.account.is_some().then_some(Rank::Founder);
    founder.into_iter().chain([Rank::Operator]).collect()
}
