//! INVITE (Modern IRC): asks somebody in. An operator's invitation opens the door once, whatever keeps it shut.

use std::sync::Arc;

use chat_model::call::Call;
use chat_model::event::Event;
use chat_model::id::{ChannelId, UserId};
use chat_model::refusal::Refusal;
use chat_model::reply::{CommandReply, Reply};

use crate::bans;
use crate::cx::{Cx, Outcome};
use crate::policy;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let me = cx.me()?;
    let mut words = call.words();
    if words.is_empty() {
        // Some of these channels may have ended since.
        let channels = cx.user(me).invited.iter().filter_map(|id| cx.state.channels.get(id));
        let channels = channels.map(|channel| channel.name.clone()).collect();
        cx.reply(CommandReply::Invitations { channels });
        return Ok(());
    }
    let (nick, channel) = (words.nick()?, words.channel()?);
    let missing = || Refusal::NoSuchNick { nick: nick.as_str().into() };
    let guest = cx.state.user_by_nick(&nick).ok_or_else(missing)?;
    let channel_id = cx.known_channel(me, channel.as_str())?;
    let right = policy::channel::may_invite(cx, me, channel_id)?;
    let (name, nick) = (cx.channel(channel_id).name.clone(), cx.user(guest).who.nick.clone());
    if cx.state.is_on(channel_id, guest) {
        return Err(Refusal::AlreadyOnChannel { nick, channel: name });
    }
    let opens = policy::channel::opens_door(cx, me, channel_id);
    if right.is_override() || opens.as_ref().is_ok_and(|right| right.is_override()) {
        cx.audit_override(&name, nick.as_str())?;
    }
    match &opens {
        Ok(_) => open_for(cx, guest, channel_id),
        // It would look as if it had helped.
        Err(refusal) if bans::on_channel(cx, channel_id, guest) => return Err(refusal.clone()),
        Err(_) => {}
    }
    cx.reply(CommandReply::Inviting { nick: nick.clone(), channel: name.clone() });
    if let Some(message) = cx.user(guest).away.clone() {
        cx.reply(Reply::TheyAreAway { nick: nick.clone(), message });
    }
    let (at, by) = (cx.stamp(), cx.who(me));
    let event = |to_members| Event::Invited {
        at,
        by: by.clone(),
        channel: name.clone(),
        nick: nick.clone(),
        to_members,
    };
    let guests = Arc::new(cx.user(guest).sessions.clone());
    let members = cx.state.audience(channel_id);
    cx.publish_to_others(guests, event(false));
    cx.publish_to_others(members, event(true));
    Ok(())
}

/// Lets somebody in once. Invitations into channels that have ended go, so that they do not pile up.
fn open_for(cx: &mut Cx<'_>, guest: UserId, channel_id: ChannelId) {
    let mut invited = std::mem::take(&mut cx.user_mut(guest).invited);
    invited.retain(|id| cx.state.channels.contains(id));
    invited.insert(channel_id);
    cx.user_mut(guest).invited = invited;
}
