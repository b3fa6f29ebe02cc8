//! WHO (Modern IRC): of a channel, of a nickname, of a mask.

use chat_model::call::Call;
use chat_model::glob::Glob;
use chat_model::id::{ChannelId, UserId};
use chat_model::mode::{ChannelFlag, UserMode};
use chat_model::name::{ChannelName, Nick};
use chat_model::reply::{Reply, WhoRow};

use crate::cx::{Cx, Outcome};

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let me = cx.me()?;
    let mut words = call.words();
    let mask = words.next_word().filter(|word| !word.is_empty()).unwrap_or("*");
    // RFC 1459 section 4.5.1: `WHO * o` is for operators of the server alone.
    let operators_only = words.next_word() == Some("o");
    let mut rows = if mask.starts_with('#') {
        of_channel(cx, me, mask)
    } else {
        match Nick::new(mask).ok().and_then(|nick| cx.state.nicks.get(&nick).copied()) {
            Some(id) => vec![row(cx, id, shared_channel(cx, me, id))],
            None => of_mask(cx, me, mask),
        }
    };
    rows.retain(|row| row.operator || !operators_only);
    cx.reply(Reply::Who { mask: mask.into(), rows });
    Ok(())
}

fn of_channel(cx: &Cx<'_>, me: UserId, name: &str) -> Vec<WhoRow> {
    let found = ChannelName::new(name).ok().and_then(|name| cx.state.channel_by_name(&name));
    let Some((channel_id, channel)) = found else { return Vec::new() };
    let inside = channel.members.contains_key(&me);
    if channel.modes.has(ChannelFlag::Secret) && !inside {
        return Vec::new();
    }
    let shown = |id: &UserId| inside || !cx.user(*id).modes.has(UserMode::Invisible);
    channel.members.keys().filter(|id| shown(id)).map(|id| row(cx, *id, Some(channel_id))).collect()
}

/// Whoever fits with the nickname, user name, host or real name. A mask that is too long to be read fits nobody.
fn of_mask(cx: &Cx<'_>, me: UserId, mask: &str) -> Vec<WhoRow> {
    let (Some(name), Some(text)) = (Glob::of_names(mask), Glob::new(mask)) else { return Vec::new() };
    let myself = cx.user(me);
    let shown = |id: UserId| {
        let user = cx.user(id);
        let who = &user.who;
        let fits = name.matches(who.nick.folded())
            || [&who.username, &who.host, &who.realname].into_iter().any(|field| text.matches(field));
        fits && (id == me || !user.modes.has(UserMode::Invisible) || myself.shares_channel(user))
    };
    let found = cx.state.users.iter().map(|(id, _)| *id).filter(|id| shown(*id));
    found.map(|id| row(cx, id, shared_channel(cx, me, id))).collect()
}

/// A channel that the two are on together, or one that everybody may know of.
fn shared_channel(cx: &Cx<'_>, me: UserId, other: UserId) -> Option<ChannelId> {
    let channel_ids = &cx.user(other).channels;
    let shared = channel_ids.iter().find(|channel_id| cx.user(me).channels.contains(*channel_id));
    let public =
        || channel_ids.iter().find(|channel_id| !cx.channel(**channel_id).modes.has(ChannelFlag::Secret));
    let visible = !cx.user(other).modes.has(UserMode::Invisible);
    shared.or_else(|| if visible { public() } else { None }).copied()
}

fn row(cx: &Cx<'_>, id: UserId, channel_id: Option<ChannelId>) -> WhoRow {
    let user = cx.user(id);
    let channel = channel_id.map(|channel_id| {
        let channel = cx.channel(channel_id);
        (channel.name.clone(), channel.ranks(id).unwrap_or_default())
    });
    WhoRow { who: user.who.clone(), channel, away: user.away.is_some(), operator: user.is_operator() }
}
