//! WHO (Modern IRC): of a channel, of a nickname, of a mask.

use chat_model::call::Call;
use chat_model::glob::Glob;
use chat_model::id::{ChannelId, UserId};
use chat_model::name::{ChannelName, Nick};
use chat_model::reply::{Reply, WhoRow};

use crate::cx::{Cx, Outcome};
use crate::policy::sight;

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
    let found = ChannelName::new(name).ok().and_then(|name| cx.known_channel(me, &name).ok());
    let Some(channel_id) = found else { return Vec::new() };
    sight::seen_on_channel(cx, me, channel_id).map(|id| row(cx, id, Some(channel_id))).collect()
}

/// Whoever fits with the nickname, user name, host or real name. A mask that is too long to be read fits nobody.
fn of_mask(cx: &Cx<'_>, me: UserId, mask: &str) -> Vec<WhoRow> {
    let (Some(name), Some(text)) = (Glob::of_names(mask), Glob::new(mask)) else { return Vec::new() };
    let shown = |id: UserId| {
        let who = &cx.user(id).who;
        let fits = name.matches(who.nick.folded())
            || [&who.username, &who.host, &who.realname].into_iter().any(|field| text.matches(field));
        fits && sight::sees_user(cx, me, id)
    };
    let found = cx.state.users.iter().map(|(id, _)| *id).filter(|id| shown(*id));
    found.map(|id| row(cx, id, shared_channel(cx, me, id))).collect()
}

/// A channel that the two are on together, or else one where the other may be seen.
fn shared_channel(cx: &Cx<'_>, me: UserId, other: UserId) -> Option<ChannelId> {
    let channel_ids = &cx.user(other).channels;
    let shared = channel_ids.iter().find(|channel_id| cx.user(me).channels.contains(*channel_id));
    let seen = || channel_ids.iter().find(|channel_id| sight::sees_on_channel(cx, me, other, **channel_id));
    shared.or_else(seen).copied()
}

fn row(cx: &Cx<'_>, id: UserId, channel_id: Option<ChannelId>) -> WhoRow {
    let user = cx.user(id);
    let ranks = |channel_id| cx.state.ranks(channel_id, id).unwrap_or_default();
    let channel = channel_id.map(|channel_id| (cx.channel(channel_id).name.clone(), ranks(channel_id)));
    WhoRow { who: user.who.clone(), channel, away: user.away.is_some(), operator: user.is_operator() }
}
