//! KICK (Modern IRC): puts somebody out of a channel.

use chat_model::Text;
use chat_model::call::Call;
use chat_model::event::Event;
use chat_model::id::{ChannelId, UserId};
use chat_model::name::Nick;
use chat_model::refusal::Refusal;

use crate::cx::{Cx, Outcome};
use crate::membership::{self, Somebody};
use crate::policy;
use crate::storm;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let me = cx.me()?;
    let mut words = call.words();
    let ((channels, _), (nicks, too_many)) = (words.list()?, words.list()?);
    let reason = words.reason().unwrap_or_else(|| cx.user(me).who.nick.as_str().into());
    for (index, nick) in nicks.iter().enumerate() {
        // One channel for all, or one for each (RFC 2812 section 3.2.8).
        let channel = channels.get(index).unwrap_or(&channels[0]);
        if let Err(refusal) = kick(cx, me, channel, nick, &reason) {
            cx.refuse(refusal);
        }
    }
    cx.refuse_too_many(too_many);
    Ok(())
}

fn kick(cx: &mut Cx<'_>, me: UserId, channel: &str, nick: &str, reason: &Text) -> Outcome {
    let channel_id = cx.known_channel(me, channel)?;
    policy::channel::may_put_out(cx, me, channel_id)?;
    let target = member(cx, channel_id, nick)?;
    let right = policy::channel::may_kick(cx, me, &target, channel_id)?;
    membership::require_storage(cx, target.member)?;
    let (channel, nick) = (cx.channel(channel_id).name.clone(), target.nick.clone());
    if right.is_override() {
        cx.audit_override(&channel, &format!("{nick}: {reason}"))?;
    }
    for id in target.user.into_iter().chain([me]) {
        storm::reveal(cx, channel_id, id);
    }
    let (at, by) = (cx.stamp(), cx.source());
    let event = Event::Kicked { at, by, channel, nick, reason: reason.clone() };
    membership::leave(cx, &target, channel_id, event)
}

/// A member of a channel, on or not.
pub(super) fn member(cx: &Cx<'_>, channel_id: ChannelId, nick: &str) -> Result<Somebody, Refusal> {
    let missing = || Refusal::NoSuchNick { nick: nick.into() };
    let found = Nick::new(nick).ok().and_then(|nick| Somebody::by_nick(cx, &nick));
    let somebody = found.ok_or_else(missing)?;
    if cx.state.membership(channel_id, somebody.member).is_some_and(|row| row.joined) {
        return Ok(somebody);
    }
    let channel = cx.channel(channel_id).name.clone();
    Err(Refusal::TheyAreNotOnChannel { nick: somebody.nick, channel })
}
