//! Coming into channels and leaving them.

use chat_model::change::Change;
use chat_model::event::Event;
use chat_model::id::{ChannelId, MsgId, SessionId, UserId};
use chat_model::mode::{ChannelFlag, Ranks};
use chat_model::reply::{Member, Reply};

use crate::cx::Cx;
use crate::effect::{Audience, Effect};
use crate::pending::Missed;
use crate::state::State;
use crate::state::channel::Tie;

/// Why somebody comes into a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// It has come to the server just now, and this is where others see that.
    Arrival,
    /// It wanted to, or was there before.
    Join,
}

/// Makes a user a member and shows the channel to all its sessions. Whether the user may is decided before.
/// Returns when it was.
pub(crate) fn join(cx: &mut Cx<'_>, id: UserId, channel_id: ChannelId, ranks: Ranks, why: Occasion) -> MsgId {
    let arrived = why == Occasion::Arrival;
    let user = cx.user(id).clone();
    let joined = cx.next_id();
    let channel = cx.channel_mut(channel_id);
    channel.add_member(id, &user, ranks);
    let (name, audience) = (channel.name.clone(), channel.audience.clone());
    let row = cx.user_mut(id);
    row.channels.insert(channel_id);
    row.invited.remove(&channel_id);
    keep_tie(cx, id, channel_id, Tied::Member, joined);
    let who = user.who.clone();
    cx.publish(audience.clone(), Event::Joined { id: joined, who: who.clone(), channel: name, arrived });
    for session in &user.sessions {
        show(cx, *session, channel_id);
    }
    if user.away.is_some() {
        cx.publish_to_others(audience, Event::Away { id: joined, who, message: user.away });
    }
    joined
}

/// How an account is tied to a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tied {
    /// It is a member, and comes back into it.
    Member,
    /// It was one.
    Left,
}

/// Keeps what ties an account to the channel, so that it is there after a restart. Guests leave no trace.
pub(crate) fn keep_tie(cx: &mut Cx<'_>, id: UserId, channel_id: ChannelId, tied: Tied, seen: MsgId) {
    let joined = tied == Tied::Member;
    let Some(account) = cx.user(id).who.account.clone() else { return };
    let ranks = cx.channel(channel_id).ranks(id).unwrap_or_default();
    let before = cx.channel(channel_id).ties.get(&account).copied();
    if joined && before.is_some_and(|tie| tie.joined && tie.ranks == ranks) {
        return;
    }
    cx.channel_mut(channel_id).ties.insert(account.clone(), Tie { joined, ranks, seen });
    if let Some(stored) = cx.channel(channel_id).stored_member(&account) {
        cx.save(Change::Member(stored));
    }
}

/// Tells a session what a new member wants to know: the topic, and who is there.
pub(crate) fn show(cx: &mut Cx<'_>, session: SessionId, channel_id: ChannelId) {
    let channel = cx.channel(channel_id);
    let (name, topic) = (channel.name.clone(), channel.topic.clone());
    if topic.is_some() {
        cx.reply_to(session, Reply::Topic { channel: name, topic });
    }
    let names = names(cx, channel_id, Viewer::Member);
    cx.reply_to(session, names);
}

/// From where somebody looks at a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Viewer {
    /// Is on it, and sees everybody.
    Member,
    /// Is not, and does not see the invisible.
    Outsider,
}

/// Who is on a channel.
pub(crate) fn names(cx: &Cx<'_>, channel_id: ChannelId, viewer: Viewer) -> Reply {
    let channel = cx.channel(channel_id);
    let shown = |id: &UserId| {
        viewer == Viewer::Member || !cx.user(*id).modes.has(chat_model::mode::UserMode::Invisible)
    };
    let members = channel
        .members
        .iter()
        .filter(|(id, _)| shown(id))
        .map(|(id, ranks)| Member { who: cx.who(*id), ranks: *ranks })
        .collect();
    let secret = channel.modes.has(ChannelFlag::Secret);
    Reply::Names { channel: channel.name.as_str().into(), secret, members }
}

/// Ends a membership. The event that tells of it goes to all members, the leaving one included.
pub(crate) fn leave(cx: &mut Cx<'_>, id: UserId, channel_id: ChannelId, event: Event) {
    let seen = event.id();
    let audience: Audience = cx.channel(channel_id).audience.clone();
    cx.publish(audience, event);
    let user = cx.user(id).clone();
    cx.channel_mut(channel_id).remove_member(id, &user);
    cx.user_mut(id).channels.remove(&channel_id);
    keep_tie(cx, id, channel_id, Tied::Left, seen);
    end_if_deserted(cx.state, channel_id, cx.effects);
}

/// Ends a channel's life when nobody is a member any more. The lobby stays.
pub(crate) fn end_if_deserted(state: &mut State, id: ChannelId, effects: &mut Vec<Effect>) {
    let Some(channel) = state.channels.get(&id) else { return };
    let is_lobby = state.settings().lobby.as_ref() == Some(&channel.name);
    if is_lobby || !channel.is_deserted() {
        return;
    }
    let channel = channel.name.clone();
    state.channels.remove(&id);
    state.channel_names.remove(&channel);
    effects.push(Effect::SaveWhenPossible(Change::ChannelEnded { channel }));
}

/// What of a channel's past is to be shown to who has just joined it.
pub(crate) fn missed(cx: &Cx<'_>, channel_id: ChannelId, seen: Option<MsgId>, before: MsgId) -> Missed {
    let settings = cx.state.settings();
    let asked = cx.session_row().replay;
    let limit = match (asked, seen) {
        (Some(lines), _) => lines.min(settings.chathistory_max),
        (None, Some(_)) => settings.chathistory_max,
        (None, None) => settings.replay,
    };
    let seen = if asked.is_some() { None } else { seen };
    Missed { channel: cx.channel(channel_id).name.clone(), seen, before, limit }
}
