//! NICK (Modern IRC): the first nickname, or another.

use chat_model::call::Call;
use chat_model::id::{ChannelId, UserId};
use chat_model::name::{ChannelName, Nick};
use chat_model::refusal::Refusal;

use crate::arrival;
use crate::bans;
use crate::cx::{Cx, Outcome};
use crate::nicknames;
use crate::policy;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let word = call.words().next_word().filter(|word| !word.is_empty()).ok_or(Refusal::NoNicknameGiven)?;
    let nick = Nick::new(word).map_err(|why| Refusal::BadNick { nick: word.into(), why })?;
    let Some(me) = cx.session_row().user else {
        return first(cx, nick);
    };
    let who = cx.who(me);
    if who.nick.as_str() == nick.as_str() {
        return Ok(());
    }
    nicknames::may_have(cx, &nick, who.account.as_ref(), Some(me))?;
    if let Some(reason) = bans::ban_of(cx.state, &nick, who.account.as_ref(), cx.now) {
        return Err(Refusal::Banned { reason });
    }
    if let Some(channel) = banned_on(cx, me) {
        return Err(Refusal::CannotRenameBanned { nick, channel });
    }
    nicknames::rename(cx, me, nick);
    Ok(())
}

/// A channel where the user has no voice and is banned, which goes by its nickname as like as not.
fn banned_on(cx: &Cx<'_>, me: UserId) -> Option<ChannelName> {
    let mut channel_ids = cx.user(me).channels.iter();
    let is_silent = |channel_id: &&ChannelId| {
        bans::on_channel(cx, **channel_id, me) && !policy::channel::has_voice(cx, me, **channel_id)
    };
    channel_ids.find(is_silent).map(|channel_id| cx.channel(*channel_id).name.clone())
}

/// Before the registration is complete. Whether the nickname is free for this session is known only when it is known
/// whether the session logs in; but what a guest holds is not.
fn first(cx: &mut Cx<'_>, nick: Nick) -> Outcome {
    cx.session_mut().asked_nick = Some(nick.clone());
    let holder = cx.state.nicks.get(&nick).map(|id| cx.user(*id));
    if holder.is_some_and(|user| user.who.account.is_none()) {
        return Err(Refusal::NickInUse { nick });
    }
    cx.session_mut().nick = Some(nick);
    arrival::complete(cx)
}
