//! INVITE (Modern IRC): asks somebody in. An operator's invitation opens the door once, whatever keeps it shut; another
//! member's opens nothing, or any member could undo a ban.

use std::sync::Arc;

use chat_model::call::Call;
use chat_model::event::Event;
use chat_model::id::{ChannelId, UserId};
use chat_model::mode::ChannelFlag;
use chat_model::refusal::Refusal;
use chat_model::reply::Reply;

use crate::bans;
use crate::cx::{Cx, Outcome};

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let me = cx.me()?;
    let mut words = call.words();
    if words.is_empty() {
        // Some of these channels may have ended since.
        let channels = cx.user(me).invited.iter().filter_map(|id| cx.state.channels.get(id));
        let channels = channels.map(|channel| channel.name.clone()).collect();
        cx.reply(Reply::Invitations { channels });
        return Ok(());
    }
    let (nick, channel) = (words.nick()?, words.channel()?);
    let missing = || Refusal::NoSuchNick { nick: nick.as_str().into() };
    let guest = cx.state.user_by_nick(&nick).ok_or_else(missing)?;
    let channel_id = cx.channel_to_act_on(me, &channel)?;
    if cx.channel(channel_id).modes.has(ChannelFlag::InviteOnly) {
        cx.require_operator(me, channel_id)?;
    }
    let (name, nick) = (cx.channel(channel_id).name.clone(), cx.user(guest).who.nick.clone());
    if cx.channel(channel_id).members.contains_key(&guest) {
        return Err(Refusal::AlreadyOnChannel { nick, channel: name });
    }
    if cx.channel(channel_id).is_operator(me) || cx.user(me).is_operator() {
        open_for(cx, guest, channel_id);
    } else if bans::on_channel(cx, channel_id, guest) {
        // It would look as if it had helped.
        return Err(Refusal::NotChannelOperator { channel: name });
    }
    cx.reply(Reply::Inviting { nick: nick.clone(), channel: name.clone() });
    if let Some(message) = cx.user(guest).away.clone() {
        cx.reply(Reply::TheyAreAway { nick: nick.clone(), message });
    }
    let (id, by) = (cx.next_id(), cx.who(me));
    let event = |to_members| Event::Invited {
        id,
        by: by.clone(),
        channel: name.clone(),
        nick: nick.clone(),
        to_members,
    };
    let guests = Arc::new(cx.user(guest).sessions.clone());
    let members = cx.channel(channel_id).audience.clone();
    cx.publish_to_others(guests, event(false));
    cx.publish_to_others(members, event(true));
    if cx.overrides(me, channel_id) {
        cx.audit_override(&name, nick.as_str());
    }
    Ok(())
}

/// Lets somebody in once. Invitations into channels that have ended go, so that they do not pile up.
fn open_for(cx: &mut Cx<'_>, guest: UserId, channel_id: ChannelId) {
    let mut invited = std::mem::take(&mut cx.user_mut(guest).invited);
    invited.retain(|id| cx.state.channels.contains(id));
    invited.insert(channel_id);
    cx.user_mut(guest).invited = invited;
}
