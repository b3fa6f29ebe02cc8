//! JOIN (Modern IRC): comes into channels, which begin to be with their first member.

use chat_model::call::Call;
use chat_model::change::Change;
use chat_model::event::Event;
use chat_model::id::{ChannelId, UserId};
use chat_model::mode::{ChannelFlag, Ranks};
use chat_model::name::ChannelName;
use chat_model::refusal::Refusal;

use crate::bans;
use crate::cx::{Cx, Outcome};
use crate::membership::{self, Occasion};
use crate::pending::Missed;
use crate::replay;
use crate::state::channel::Channel;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let me = cx.me()?;
    let mut words = call.words();
    if words.peek() == Some("0") {
        leave_all(cx, me);
        return Ok(());
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

fn leave_all(cx: &mut Cx<'_>, me: UserId) {
    for channel_id in cx.user(me).channels.clone() {
        let (id, who, channel) = (cx.next_id(), cx.who(me), cx.channel(channel_id).name.clone());
        membership::leave(cx, me, channel_id, Event::Parted { id, who, channel, reason: None });
    }
}

/// Joins one channel. What of its past is to be shown comes back; nothing when the user was there already.
fn join(cx: &mut Cx<'_>, me: UserId, name: &str, key: &str) -> Result<Option<Missed>, Refusal> {
    let name = ChannelName::new(name).map_err(|why| Refusal::BadChannelName { channel: name.into(), why })?;
    let (channel_id, ranks, overridden) = match cx.state.channel_by_name(&name) {
        Some((_, channel)) if channel.members.contains_key(&me) => return Ok(None),
        Some((channel_id, _)) => {
            let overridden = may_join(cx, me, channel_id, key)?;
            (channel_id, returning_ranks(cx, me, channel_id), overridden)
        }
        None => (create(cx, me, name)?, Ranks { operator: true, voice: false }, None),
    };
    let account = cx.user(me).who.account.clone();
    let tie = account.and_then(|account| cx.channel(channel_id).ties.get(&account).copied());
    let joined = membership::join(cx, me, channel_id, ranks, Occasion::Join);
    if let Some(mode) = overridden {
        let channel = cx.channel(channel_id).name.clone();
        cx.audit_override(&channel, mode);
    }
    Ok(Some(membership::missed(cx, channel_id, tie.map(|tie| tie.seen), joined)))
}

fn returning_ranks(cx: &Cx<'_>, me: UserId, channel_id: ChannelId) -> Ranks {
    let account = cx.user(me).who.account.as_ref();
    let tie = account.and_then(|account| cx.channel(channel_id).ties.get(account));
    tie.map(|tie| tie.ranks).unwrap_or_default()
}

fn create(cx: &mut Cx<'_>, me: UserId, name: ChannelName) -> Result<ChannelId, Refusal> {
    check_count(cx, me, &name)?;
    if cx.state.channels.len() >= cx.state.settings().limits.channels_max {
        return Err(Refusal::TooManyChannels { channel: name });
    }
    let channel = Channel::new(name, cx.now);
    cx.save(Change::Channel(channel.stored()));
    Ok(cx.state.add_channel(channel))
}

fn check_count(cx: &Cx<'_>, me: UserId, name: &ChannelName) -> Outcome {
    if cx.user(me).channels.len() < cx.state.settings().limits.channels_per_user_max {
        return Ok(());
    }
    Err(Refusal::TooManyChannels { channel: name.clone() })
}

/// Whether the user may come in. With it comes the mode that would have kept out whoever is no server operator.
fn may_join(
    cx: &Cx<'_>,
    me: UserId,
    channel_id: ChannelId,
    key: &str,
) -> Result<Option<&'static str>, Refusal> {
    check_count(cx, me, &cx.channel(channel_id).name)?;
    match kept_out(cx, me, channel_id, key) {
        Some((mode, _)) if cx.user(me).is_operator() => Ok(Some(mode)),
        Some((_, refusal)) => Err(refusal),
        None => Ok(None),
    }
}

/// What keeps the user out of a channel.
fn kept_out(cx: &Cx<'_>, me: UserId, channel_id: ChannelId, key: &str) -> Option<(&'static str, Refusal)> {
    let (user, found) = (cx.user(me), cx.channel(channel_id));
    let channel = found.name.clone();
    if user.invited.contains(&channel_id) {
        return None;
    }
    if bans::on_channel(cx, channel_id, me) {
        return Some(("+b", Refusal::BannedFromChannel { channel }));
    }
    if found.modes.has(ChannelFlag::InviteOnly) {
        return Some(("+i", Refusal::InviteOnly { channel }));
    }
    if found.modes.key.as_deref().is_some_and(|wanted| wanted != key) {
        return Some(("+k", Refusal::BadChannelKey { channel }));
    }
    let is_full = found.modes.limit.is_some_and(|limit| found.members.len() >= limit as usize);
    is_full.then_some(("+l", Refusal::ChannelFull { channel }))
}
