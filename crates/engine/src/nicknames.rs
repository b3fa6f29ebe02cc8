//! Who may be called what.

use std::sync::Arc;

use chat_model::event::Event;
use chat_model::id::UserId;
use chat_model::name::{Account, NameError, Nick};
use chat_model::refusal::Refusal;
use chat_model::reply::{IrcReply, Whowas};
use chat_model::who::Who;

use crate::cx::{Cx, Outcome};
use crate::effect::Effect;

/// Whether somebody with this account may have a nickname; `me` is who has another one now.
pub(crate) fn may_have(cx: &Cx<'_>, nick: &Nick, account: Option<&Account>, me: Option<UserId>) -> Outcome {
    let owner = nick.to_account();
    // An account that was made before its name became reserved is still its owner's.
    let is_owned = cx.state.accounts.contains(&owner);
    if is_server(cx, nick) || (!is_owned && nick.is_reserved()) {
        return Err(Refusal::BadNick { nick: nick.as_str().into(), why: NameError::Reserved });
    }
    if is_owned && account != Some(&owner) {
        return Err(Refusal::NickOwned { nick: nick.clone() });
    }
    if cx.state.nicks.get(nick).is_some_and(|user| Some(*user) != me) {
        return Err(Refusal::NickInUse { nick: nick.clone() });
    }
    let mine = me.map(|id| cx.user(id).who.nick.clone());
    match cx.state.look_alike(nick, mine.as_ref()) {
        Some(other) if account != Some(&owner) => Err(Refusal::NickLooksLike { nick: nick.clone(), other }),
        _ => Ok(()),
    }
}

/// Whether somebody of this name could be taken for the server, whose name may well be a nickname by its form.
pub(crate) fn is_server(cx: &Cx<'_>, nick: &Nick) -> bool {
    let server = Nick::new(&cx.state.settings().server);
    server.is_ok_and(|server| server == *nick || server.looks_like(nick))
}

/// Gives a user another nickname, which it may have.
pub(crate) fn rename(cx: &mut Cx<'_>, id: UserId, nick: Nick) {
    let old = cx.who(id);
    let event = Event::Renamed { at: cx.stamp(), who: old.clone(), nick: nick.clone() };
    let to = cx.peers(id);
    cx.state.set_who(id, &Arc::new(Who { nick: nick.clone(), ..(*old).clone() }));
    cx.state.nicks.remove(&old.nick);
    cx.state.nicks.insert(nick.clone(), id);
    cx.state.forget_look(&old.nick);
    cx.state.remember_look(&nick);
    cx.state.remember_whowas(Whowas { who: old, left: cx.now });
    if cx.user(id).sessions.contains(&cx.session) {
        cx.publish(to, event);
    } else {
        cx.effects.push(Effect::Publish { to, except: None, event });
    }
    let who = cx.who(id);
    cx.reply_to_user(id, &IrcReply::YouAre { who }.into());
}

/// How many guests have a number of four digits.
const SHORT_NUMBERS: u64 = 9000;

/// A nickname of nobody, for a guest who did not choose one or has to give its own back.
pub(crate) fn guest_nick(cx: &mut Cx<'_>) -> Nick {
    loop {
        cx.state.counters.guests += 1;
        let count = cx.state.counters.guests;
        // A prime that the range is no multiple of: every number comes once before any comes again.
        let number = if count <= SHORT_NUMBERS { 1000 + count * 7919 % SHORT_NUMBERS } else { 1000 + count };
        let nick = Nick::new(&format!("guest{number}")).expect("letters and digits are a nickname");
        if !cx.state.nicks.contains(&nick) && !cx.state.accounts.contains(&nick.to_account()) {
            return nick;
        }
    }
}
