//! Who may come into a channel, speak on it and change it.

use chat_model::id::{ChannelId, UserId};
use chat_model::mode::{ChannelFlag, Rank, Ranks};
use chat_model::refusal::{ChannelLimit, Refusal};

use super::{Right, ranks};
use crate::bans;
use crate::budgets::{self, Budget};
use crate::cx::{Cx, Outcome};
use crate::membership::Somebody;
use crate::state::maker::Maker;
use crate::storm;

/// What a right is held against.
type Granted = Result<Right, Refusal>;

/// Whether a user may come in. With the right of a server operator comes the mode that would have kept out anybody
/// else.
pub(crate) fn may_join(
    cx: &Cx<'_>,
    me: UserId,
    channel_id: ChannelId,
    key: &str,
) -> Result<Option<&'static str>, Refusal> {
    match kept_out(cx, me, channel_id, key) {
        Some((mode, _)) if cx.user(me).is_operator() => Ok(Some(mode)),
        Some((_, refusal)) => Err(refusal),
        None => Ok(None),
    }
}

/// What keeps a user out of a channel. Nothing keeps out its founder, nor whom an operator has invited.
fn kept_out(cx: &Cx<'_>, me: UserId, channel_id: ChannelId, key: &str) -> Option<(&'static str, Refusal)> {
    let (user, found) = (cx.user(me), cx.channel(channel_id));
    let channel = found.name.clone();
    let before = cx.state.membership(channel_id, user.member);
    let is_founder = before.is_some_and(|row| row.ranks.has(Rank::Founder));
    if is_founder || user.invited.contains(&channel_id) {
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
    let is_full = |limit| cx.state.count_on(channel_id) >= limit as usize;
    found.modes.limit.is_some_and(is_full).then_some(("+l", Refusal::ChannelFull { channel }))
}

/// Whether a user is on as few channels as it may be.
pub(crate) fn may_join_another(cx: &Cx<'_>, me: UserId) -> bool {
    cx.user(me).channels.len() < cx.state.settings().limits.channels_per_user_max
}

/// Whether a user may make a channel, or which limit stands against it.
pub(crate) fn may_create(cx: &Cx<'_>, me: UserId) -> Result<(), ChannelLimit> {
    let limits = &cx.state.settings().limits;
    if cx.state.channels.len() >= limits.channels_max {
        return Err(ChannelLimit::All);
    }
    let Some(maker) = cx.state.maker(me) else { return Ok(()) };
    let max = match maker {
        Maker::Account(_) => limits.channels_per_account_max,
        Maker::Address(_) => limits.channels_per_address_max,
    };
    if cx.state.channels_made_by(maker) >= max {
        return Err(ChannelLimit::Made);
    }
    let is_spent = |budget| budgets::is_spent(cx, budget);
    if channel_budget(cx, maker).is_some_and(is_spent) { Err(ChannelLimit::MadeInDay) } else { Ok(()) }
}

/// What a channel is taken from that this one makes: what an account has made stays, whoever comes back for it.
pub(crate) fn channel_budget(cx: &Cx<'_>, maker: Maker) -> Option<Budget> {
    match maker {
        Maker::Account(_) => budgets::owner(cx).map(Budget::ChannelsInDay),
        Maker::Address(_) => None,
    }
}

/// Whether a user may speak on a channel.
pub(crate) fn may_speak(cx: &Cx<'_>, me: UserId, channel_id: ChannelId) -> Outcome {
    let (user, found) = (cx.user(me), cx.channel(channel_id));
    let channel = || found.name.clone();
    if user.muted {
        return Err(Refusal::CannotSendMuted { channel: channel() });
    }
    if found.modes.has(ChannelFlag::NoExternal) && !cx.state.is_on(channel_id, me) {
        return Err(Refusal::CannotSendOutside { channel: channel() });
    }
    let moderated = found.modes.has(ChannelFlag::Moderated);
    if (moderated || !found.bans.is_empty()) && has_voice(cx, me, channel_id) {
        return Ok(());
    }
    if moderated {
        return Err(Refusal::CannotSendModerated { channel: channel() });
    }
    if bans::on_channel(cx, channel_id, me) {
        return Err(Refusal::CannotSendBanned { channel: channel() });
    }
    Ok(())
}

/// Whether what a user says on leaving a channel is shown there: who may not speak has no last word either, nor has a
/// stranger in a storm.
pub(crate) fn has_last_word(cx: &Cx<'_>, me: UserId, channel_id: ChannelId) -> bool {
    may_speak(cx, me, channel_id).is_ok() && !storm::silences(cx, channel_id, me)
}

/// Whether neither `+m` nor a ban silences a user.
pub(crate) fn has_voice(cx: &Cx<'_>, me: UserId, channel_id: ChannelId) -> bool {
    cx.state.ranks(channel_id, me).is_some_and(|ranks| ranks.at_least(Rank::Voice))
}

/// Whether a user may set the topic.
pub(crate) fn may_set_topic(cx: &Cx<'_>, me: UserId, channel_id: ChannelId) -> Granted {
    let is_locked = cx.channel(channel_id).modes.has(ChannelFlag::TopicLocked);
    if is_locked || !cx.state.is_on(channel_id, me) {
        return require_rank(cx, me, channel_id, Rank::HalfOperator);
    }
    Ok(Right::Own)
}

/// Whether a user may ask others in.
pub(crate) fn may_invite(cx: &Cx<'_>, me: UserId, channel_id: ChannelId) -> Granted {
    if cx.channel(channel_id).modes.has(ChannelFlag::InviteOnly) || !cx.state.is_on(channel_id, me) {
        return require_rank(cx, me, channel_id, Rank::HalfOperator);
    }
    Ok(Right::Own)
}

/// Whether a user's invitation opens the door, whatever keeps it shut. Another member's opens nothing, or any member
/// could undo a ban.
pub(crate) fn opens_door(cx: &Cx<'_>, me: UserId, channel_id: ChannelId) -> Granted {
    require_rank(cx, me, channel_id, Rank::HalfOperator)
}

/// Whether a user may put anybody out at all.
pub(crate) fn may_put_out(cx: &Cx<'_>, me: UserId, channel_id: ChannelId) -> Outcome {
    require_rank(cx, me, channel_id, Rank::HalfOperator).map(drop)
}

/// Whether a user may put somebody out.
pub(crate) fn may_kick(cx: &Cx<'_>, me: UserId, target: &Somebody, channel_id: ChannelId) -> Granted {
    let theirs = cx.state.membership(channel_id, target.member).unwrap_or_default().ranks;
    // Whoever may take somebody's rank may put it out.
    let needs = theirs.highest().map_or(Rank::HalfOperator, ranks::giver_of);
    grant(cx, me, channel_id, needs, |mine| ranks::may_kick(mine, theirs))
}

/// Whether a user has anything to say about the ranks of others. Whoever holds one may at least lay it down.
pub(crate) fn may_change_ranks(cx: &Cx<'_>, me: UserId, channel_id: ChannelId) -> Outcome {
    grant(cx, me, channel_id, Rank::HalfOperator, |mine| mine != Ranks::default()).map(drop)
}

/// Whether a user may give somebody a rank (`on`), or take it.
pub(crate) fn may_change_rank(
    cx: &Cx<'_>,
    me: UserId,
    target: &Somebody,
    channel_id: ChannelId,
    rank: Rank,
    on: bool,
) -> Granted {
    let is_own = target.user == Some(me);
    grant(cx, me, channel_id, ranks::giver_of(rank), |mine| ranks::may_change(mine, rank, on, is_own))
}

/// Whether a user may change the modes of a channel that are no ranks.
pub(crate) fn may_change_mode(cx: &Cx<'_>, me: UserId, channel_id: ChannelId, letter: char) -> Granted {
    let needs = if letter == 'b' { Rank::HalfOperator } else { Rank::Operator };
    require_rank(cx, me, channel_id, needs)
}

/// Refuses whoever has not this rank on the channel, or a higher one.
fn require_rank(cx: &Cx<'_>, me: UserId, channel_id: ChannelId, needs: Rank) -> Granted {
    grant(cx, me, channel_id, needs, |mine| mine.at_least(needs))
}

/// Asks whether a user's ranks are enough. A server operator may act all the same: the lobby has no operators of its
/// own at first. Who is not even on the channel is told that.
fn grant(
    cx: &Cx<'_>,
    me: UserId,
    channel_id: ChannelId,
    needs: Rank,
    is_enough: impl Fn(Ranks) -> bool,
) -> Granted {
    let mine = cx.state.ranks(channel_id, me);
    if mine.is_some_and(is_enough) {
        return Ok(Right::Own);
    }
    if cx.user(me).is_operator() {
        return Ok(Right::Server);
    }
    let channel = cx.channel(channel_id).name.clone();
    if mine.is_none() {
        return Err(Refusal::NotOnChannel { channel });
    }
    let has = |ranks: Ranks| ranks.at_least(needs);
    let anybody = cx.state.memberships_of(channel_id).any(|(_, row)| row.joined && has(row.ranks));
    Err(Refusal::NotChannelOperator { channel, needs, anybody })
}
