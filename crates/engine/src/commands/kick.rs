//! KICK (Modern IRC): puts somebody out of a channel.

use chat_model::Text;
use chat_model::call::Call;
use chat_model::event::Event;
use chat_model::id::UserId;
use chat_model::name::{ChannelName, Nick};
use chat_model::refusal::Refusal;

use crate::cx::{Cx, Outcome};
use crate::membership;

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
    let no_channel = |_| Refusal::NoSuchChannel { channel: channel.into() };
    let channel = ChannelName::new(channel).map_err(no_channel)?;
    let channel_id = cx.channel_to_act_on(me, &channel)?;
    cx.require_operator(me, channel_id)?;
    let no_nick = || Refusal::NoSuchNick { nick: nick.into() };
    let nick = Nick::new(nick).map_err(|_| no_nick())?;
    let target = cx.state.user_by_nick(&nick).ok_or_else(no_nick)?;
    let (channel, nick) = (cx.channel(channel_id).name.clone(), cx.user(target).who.nick.clone());
    if !cx.channel(channel_id).members.contains_key(&target) {
        return Err(Refusal::TheyAreNotOnChannel { nick, channel });
    }
    let overrides = cx.overrides(me, channel_id);
    let (id, by) = (cx.next_id(), cx.source());
    let event =
        Event::Kicked { id, by, channel: channel.clone(), nick: nick.clone(), reason: reason.clone() };
    membership::leave(cx, target, channel_id, event);
    if overrides {
        cx.audit_override(&channel, &format!("{nick}: {reason}"));
    }
    Ok(())
}
