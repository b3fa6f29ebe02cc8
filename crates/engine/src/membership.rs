//! Coming into channels and leaving them, and the ranks that go with it.

use std::sync::Arc;

use chat_model::change::Change;
use chat_model::event::Event;
use chat_model::id::{ChannelId, MsgId, SessionId, Stamp, UserId};
use chat_model::mode::{ModeChange, Rank, Ranks};
use chat_model::name::{Account, Nick};
use chat_model::refusal::Refusal;
use chat_model::reply::Reply;
use chat_model::who::Source;

use crate::commands::names;
use crate::cx::{Cx, Outcome};
use crate::delivered;
use crate::effect::{Audience, Effect};
use crate::idle;
use crate::pending::Missed;
use crate::state::State;
use crate::state::channel::Channel;
use crate::state::membership::{Member, Membership};
use crate::storm;

/// The membership with which a user comes into a channel now: what it held there before, and `new` ranks.
pub(crate) fn coming(cx: &mut Cx<'_>, id: UserId, channel_id: ChannelId, new: Ranks) -> Membership {
    let before = cx.state.membership_of(channel_id, id).unwrap_or_default();
    Membership { joined: true, ranks: returning(before.ranks).and(new), delivered: cx.next_id() }
}

/// A founder who comes back into the channel is its operator, too: many clients know no higher sign than `@`.
fn returning(mut ranks: Ranks) -> Ranks {
    if ranks.has(Rank::Founder) {
        ranks.set(Rank::Operator, true);
    }
    ranks
}

/// Makes a user a member and shows the channel to all its sessions. Whether the user may is decided before, and what
/// is to be stored of it is. `arrived` says that it has come to the server just now, and that this is where others see
/// it. Returns when it was.
pub(crate) fn join(
    cx: &mut Cx<'_>,
    id: UserId,
    channel_id: ChannelId,
    row: Membership,
    arrived: bool,
) -> MsgId {
    let Membership { ranks, delivered: joined, .. } = row;
    let member = cx.user(id).member;
    idle::used(cx, channel_id);
    cx.state.memberships.insert((channel_id, member), row);
    cx.state.index(channel_id, id);
    cx.user_mut(id).invited.remove(&channel_id);
    let (name, audience) = (cx.channel(channel_id).name.clone(), cx.state.audience(channel_id));
    let user = cx.user(id);
    let (who, sessions, away) = (user.who.clone(), user.sessions.clone(), user.away.clone());
    let at = Stamp { id: joined, time: cx.now };
    let event = |ranks| Event::Joined { at, who: who.clone(), channel: name.clone(), ranks, arrived };
    let is_shown = storm::shows_arrival(cx, channel_id, id);
    let audience = if is_shown { audience } else { Arc::new(sessions.clone()) };
    if !is_shown {
        cx.state.show_on(channel_id, id, false);
    }
    // Its ranks are in the list of names that it is shown next.
    cx.own(event(Ranks::default()));
    cx.publish_to_others(audience.clone(), event(ranks));
    for session in sessions {
        show(cx, session, channel_id);
    }
    if away.is_some() {
        cx.publish_to_others(audience, Event::Away { at, who, message: away });
    }
    joined
}

/// What is to be stored of a membership. Guests leave no trace.
pub(crate) fn change(cx: &Cx<'_>, who: &Somebody, channel_id: ChannelId, row: Membership) -> Option<Change> {
    // Where somebody is a member, what was delivered is kept for the account.
    let is_same = |before: Membership| before.joined && row.joined && before.ranks == row.ranks;
    if cx.state.membership(channel_id, who.member).is_some_and(is_same) {
        return None;
    }
    let channel = cx.channel(channel_id).name.clone();
    Some(Change::Member(row.stored(channel, who.account.clone()?)))
}

/// Has a membership stored, where it is an account's, before it is changed.
pub(crate) fn save(cx: &mut Cx<'_>, who: &Somebody, channel_id: ChannelId, row: Membership) -> Outcome {
    change(cx, who, channel_id, row).map_or(Ok(()), |change| cx.save(change))
}

/// Refuses what changes the membership of somebody for whom that cannot be stored, before anything comes of it.
pub(crate) fn require_storage(cx: &Cx<'_>, member: Member) -> Outcome {
    match member {
        Member::Account(_) => cx.require_storage(),
        Member::Guest(_) => Ok(()),
    }
}

/// The same for what comes of somebody's arrival, which no full disk keeps from happening.
pub(crate) fn save_when_possible(cx: &mut Cx<'_>, id: UserId, channel_id: ChannelId, row: Membership) {
    let who = Somebody::of_user(cx, id);
    if let Some(change) = change(cx, &who, channel_id, row) {
        cx.save_when_possible(change);
    }
}

/// Tells a session what a new member wants to know: the topic, and who is there. Where those are many, the asking session is
/// told them a piece at a time, when it has been told all else.
pub(crate) fn show(cx: &mut Cx<'_>, session: SessionId, channel_id: ChannelId) {
    let channel = cx.channel(channel_id);
    let (name, topic) = (channel.name.clone(), channel.topic.clone());
    if topic.is_some() {
        cx.reply_to(session, Reply::Topic { channel: name, topic });
    }
    if session == cx.session && cx.session_row().busy.is_none() && !names::are_few(cx, channel_id) {
        cx.names_due.push_back(channel_id);
    } else if let Some(viewer) = cx.state.sessions.get(&session).and_then(|row| row.user) {
        let names = names::at_once(cx, channel_id, viewer);
        cx.reply_to(session, names);
    }
}

/// Somebody who is or was a member, on or not.
#[derive(Clone, Debug)]
pub(crate) struct Somebody {
    pub(crate) nick: Nick,
    pub(crate) member: Member,
    pub(crate) account: Option<Account>,
    /// `None` for an account that nobody is on with.
    pub(crate) user: Option<UserId>,
}

impl Somebody {
    pub(crate) fn of_user(cx: &Cx<'_>, id: UserId) -> Self {
        let user = cx.user(id);
        let (nick, account) = (user.who.nick.clone(), user.who.account.clone());
        Self { nick, member: user.member, account, user: Some(id) }
    }

    /// Who has a nickname now, else the account that owns it.
    pub(crate) fn by_nick(cx: &Cx<'_>, nick: &Nick) -> Option<Self> {
        if let Some(id) = cx.state.user_by_nick(nick) {
            return Some(Self::of_user(cx, id));
        }
        let account = cx.state.account(&nick.to_account())?;
        let member = Member::Account(cx.state.accounts.get(&account)?.id);
        Some(Self { nick: account.to_nick(), member, account: Some(account), user: None })
    }
}

/// Ends a membership. The event that tells of it goes to all who are on, the leaving one included.
pub(crate) fn leave(cx: &mut Cx<'_>, who: &Somebody, channel_id: ChannelId, event: Event) -> Outcome {
    // Whoever goes has seen it; whoever is put out may be away, or dead.
    let goes = who.user.is_some_and(|id| cx.user(id).sessions.contains(&cx.session));
    let delivered = if goes { event.at().id } else { delivered::so_far(cx, who) };
    let row = cx.state.membership(channel_id, who.member).unwrap_or_default().ended(delivered);
    save(cx, who, channel_id, row)?;
    let delayed = who.user.filter(|id| cx.state.is_delayed(channel_id, *id));
    let audience: Audience = match delayed {
        Some(id) => Arc::new(cx.user(id).sessions.clone()),
        None => cx.state.audience(channel_id),
    };
    cx.publish(audience, event);
    if delayed.is_some() {
        storm::went_unseen(cx, channel_id);
    }
    if let Some(id) = who.user {
        let user = cx.user(id).clone();
        cx.state.unindex(channel_id, id, &user);
    }
    match who.member {
        Member::Guest(_) => drop(cx.state.memberships.remove(&(channel_id, who.member))),
        Member::Account(_) => cx.state.memberships.insert((channel_id, who.member), row),
    }
    end_if_deserted(cx.state, channel_id, cx.effects);
    Ok(())
}

/// Gives a member a rank, or takes it. Whether that changed anything.
pub(crate) fn set_rank(
    cx: &mut Cx<'_>,
    who: &Somebody,
    channel_id: ChannelId,
    rank: Rank,
    on: bool,
) -> Result<bool, Refusal> {
    let mut row = cx.state.membership(channel_id, who.member).unwrap_or_default();
    if !row.ranks.set(rank, on) {
        return Ok(false);
    }
    save(cx, who, channel_id, row)?;
    cx.state.set_membership(channel_id, who.member, who.user, row);
    Ok(true)
}

/// A user has another account, or has one now: it is on its channels as that. What the account held there, it holds
/// again; what the user held as a guest, it keeps; what it held as another account stays with that.
pub(crate) fn rebind(cx: &mut Cx<'_>, id: UserId, old: Member, new: Member) {
    let delivered = cx.state.counters.last_id;
    for channel_id in cx.user(id).channels.clone() {
        let before = cx.state.membership(channel_id, old).unwrap_or_default().ranks;
        let held = cx.state.membership(channel_id, new).unwrap_or_default().ranks;
        let ranks = match old {
            Member::Guest(_) => {
                cx.state.memberships.remove(&(channel_id, old));
                founding(cx.state, channel_id, before).and(returning(held))
            }
            Member::Account(_) => returning(held),
        };
        let row = Membership { joined: true, ranks, delivered };
        save_when_possible(cx, id, channel_id, row);
        cx.state.set_membership(channel_id, new, Some(id), row);
        announce_ranks(cx, id, channel_id, before, ranks);
    }
}

/// What a guest takes along into its account: the only operator of a channel without a founder has founded it, as far
/// as anybody can tell.
fn founding(state: &State, channel_id: ChannelId, mut ranks: Ranks) -> Ranks {
    // The guest itself is not in the table any more. Nobody founds the lobby.
    let is_led = || state.memberships_of(channel_id).any(|(_, row)| row.ranks.at_least(Rank::Operator));
    if ranks.has(Rank::Operator) && !state.is_lobby(channel_id) && !is_led() {
        ranks.set(Rank::Founder, true);
    }
    ranks
}

/// Shows everybody on the channel how somebody's ranks changed by themselves.
pub(crate) fn announce_ranks(
    cx: &mut Cx<'_>,
    id: UserId,
    channel_id: ChannelId,
    before: Ranks,
    after: Ranks,
) {
    let nick = cx.user(id).who.nick.clone();
    let change = |on| move |rank| (rank, on);
    let taken = before.without(after).iter().map(change(false));
    let given = after.without(before).iter().map(change(true));
    let changes: Vec<_> =
        taken.chain(given).map(|(rank, on)| ModeChange::Rank { rank, on, nick: nick.clone() }).collect();
    if changes.is_empty() {
        return;
    }
    let (at, to, channel) = (cx.stamp(), cx.state.audience(channel_id), cx.channel(channel_id).name.clone());
    let event = Event::ChannelMode { at, by: Source::Server, channel, changes };
    cx.effects.push(Effect::Publish { to, except: None, event });
}

/// Ends a channel's life when nobody is a member any more. The lobby stays.
pub(crate) fn end_if_deserted(state: &mut State, id: ChannelId, effects: &mut Vec<Effect>) {
    if state.is_lobby(id) || !state.is_deserted(id) {
        return;
    }
    end_channel(state, id, effects);
}

/// Ends a channel's life, with the memberships of those who are away. Its messages stay.
pub(crate) fn end_channel(state: &mut State, id: ChannelId, effects: &mut Vec<Effect>) -> Option<Channel> {
    let channel = state.remove_channel(id)?;
    effects.push(Effect::SaveWhenPossible(Change::ChannelEnded { channel: channel.name.clone() }));
    Some(channel)
}

/// What of a channel's past is to be shown to who has just joined it.
pub(crate) fn missed(cx: &Cx<'_>, channel_id: ChannelId, delivered: Option<MsgId>, before: MsgId) -> Missed {
    let settings = cx.state.settings();
    let asked = cx.session_row().replay;
    let limit = match (asked, delivered) {
        (Some(lines), _) => lines.min(settings.chathistory_max),
        (None, Some(_)) => settings.chathistory_max,
        (None, None) => settings.replay,
    };
    let delivered = if asked.is_some() { None } else { delivered };
    Missed { channel: cx.channel(channel_id).name.clone(), delivered, before, limit }
}
