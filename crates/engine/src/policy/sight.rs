//! Who may know of what: of channels that are secret, and of users who are invisible. Server operators know of all.

use chat_model::id::{ChannelId, UserId};
use chat_model::mode::{ChannelFlag, UserMode};

use crate::cx::Cx;
use crate::state::membership::Presence;

/// Whether a user may know of a channel. A secret one is, for those outside, as if it were not there.
pub(crate) fn sees_channel(cx: &Cx<'_>, me: UserId, channel_id: ChannelId) -> bool {
    !cx.channel(channel_id).modes.has(ChannelFlag::Secret) || is_inside(cx, me, channel_id)
}

/// Whether a user may find another without knowing its nickname. The invisible are seen by those who share a channel
/// with them.
pub(crate) fn sees_user(cx: &Cx<'_>, me: UserId, other: UserId) -> bool {
    let (myself, user) = (cx.user(me), cx.user(other));
    let is_shown = !user.modes.has(UserMode::Invisible) || myself.shares_channel(user);
    is_shown || me == other || myself.is_operator()
}

/// Whether a user may know that another is on a channel.
pub(crate) fn sees_on_channel(cx: &Cx<'_>, me: UserId, other: UserId, channel_id: ChannelId) -> bool {
    let sees =
        is_inside(cx, me, channel_id) || (sees_channel(cx, me, channel_id) && sees_user(cx, me, other));
    sees && (!cx.state.is_delayed(channel_id, other) || knows_delayed(cx, me)(other))
}

/// Of whose arrival on a channel a user may know though it is shown later.
fn knows_delayed(cx: &Cx<'_>, me: UserId) -> impl Fn(UserId) -> bool + use<> {
    let is_operator = cx.user(me).is_operator();
    move |other| is_operator || me == other
}

/// Those on a channel whom a user may see there, and how they are there.
pub(crate) fn seen_on_channel<'a>(
    cx: &'a Cx<'_>,
    me: UserId,
    channel_id: ChannelId,
) -> impl Iterator<Item = (UserId, &'a Presence)> + 'a {
    let sees = sees_there(cx, me, channel_id);
    cx.state.present_on(channel_id, None).filter(move |(other, presence)| sees(*other, presence))
}

/// Whether a user may see somebody on a channel there, to be asked of each who is there.
pub(crate) fn sees_there<'a>(
    cx: &'a Cx<'_>,
    me: UserId,
    channel_id: ChannelId,
) -> impl Fn(UserId, &Presence) -> bool + 'a {
    let inside = is_inside(cx, me, channel_id);
    let open = sees_channel(cx, me, channel_id);
    let knows_delayed = knows_delayed(cx, me);
    // Ten thousand may be there of whom one is shown: nothing is looked up before that is known.
    move |other, presence| {
        (presence.is_shown || knows_delayed(other)) && (inside || (open && sees_user(cx, me, other)))
    }
}

/// Whether a user may know from where another is.
pub(crate) fn sees_address(cx: &Cx<'_>, me: UserId, other: UserId) -> bool {
    me == other || cx.user(me).is_operator()
}

/// Whether a user may know a channel's key.
pub(crate) fn sees_key(cx: &Cx<'_>, me: UserId, channel_id: ChannelId) -> bool {
    cx.state.is_on(channel_id, me)
}

/// Whether a user may read what was said on a channel: members only, whoever else may be told that it is there.
pub(crate) fn reads_history(cx: &Cx<'_>, me: UserId, channel_id: ChannelId) -> bool {
    cx.state.is_on(channel_id, me)
}

fn is_inside(cx: &Cx<'_>, me: UserId, channel_id: ChannelId) -> bool {
    cx.state.is_on(channel_id, me) || cx.user(me).is_operator()
}
