//! Leaving the server, and being made to.

use chat_model::change::Change;
use chat_model::close_reason::CloseReason;
use chat_model::event::Event;
use chat_model::id::{SessionId, Time, UserId};
use chat_model::name::Account;
use chat_model::reply::Whowas;

use crate::away;
use crate::cx::Cx;
use crate::delivered;
use crate::effect::{Effect, Log};
use crate::membership;
use crate::policy;
use crate::state::State;
use crate::state::membership::Member;
use crate::storm;

/// Notes that an account is no longer on.
pub(crate) fn went(state: &mut State, now: Time, account: &Account, effects: &mut Vec<Effect>) {
    if let Some(row) = state.accounts.get_mut(account) {
        row.user = None;
        let change = Change::Presence { account: account.clone(), last_here: Some(now) };
        effects.push(Effect::SaveWhenPossible(change));
    }
}

/// Ends a session: it is told why, and leaves.
pub(crate) fn close(cx: &mut Cx<'_>, session: SessionId, reason: CloseReason) {
    cx.effects.push(Effect::Close { session, reason: reason.clone() });
    depart(cx, session, reason);
}

/// Ends all of an account's sessions but the asking one. How many there were.
pub(crate) fn close_others(cx: &mut Cx<'_>, account: &Account, reason: &CloseReason) -> usize {
    let others = cx.other_sessions(account);
    for other in &others {
        close(cx, *other, reason.clone());
    }
    others.len()
}

/// A session is gone. When it was the user's last, so is the user.
pub(crate) fn depart(cx: &mut Cx<'_>, session: SessionId, reason: CloseReason) {
    let user = cx.state.sessions.get(&session).and_then(|row| row.user);
    let reason = match reason {
        // These words are shown on all of its channels.
        CloseReason::Quit(Some(_)) if user.is_some_and(|id| is_silent_somewhere(cx, id)) => {
            CloseReason::Quit(None)
        }
        other => other,
    };
    delivered::ended(cx.state, cx.now, session, &reason, cx.effects);
    cx.state.remove_session(session);
    if let Some(id) = user {
        detach(cx, id, session, &reason);
    }
}

fn is_silent_somewhere(cx: &Cx<'_>, id: UserId) -> bool {
    let mut channel_ids = cx.user(id).channels.iter();
    channel_ids.any(|channel_id| !policy::channel::has_last_word(cx, id, *channel_id))
}

/// Takes a session from its user. Without any left, the user leaves for this reason.
pub(crate) fn detach(cx: &mut Cx<'_>, id: UserId, session: SessionId, reason: &CloseReason) {
    let user = cx.user_mut(id);
    user.sessions.retain(|other| *other != session);
    let (channel_ids, is_last) = (user.channels.clone(), user.sessions.is_empty());
    for channel_id in channel_ids {
        cx.state.remove_from_audience(channel_id, session);
    }
    let nick = cx.user(id).who.nick.clone();
    if is_last {
        quit(cx, id, reason.clone());
    } else {
        away::update(cx, id);
    }
    let online = cx.state.users.len();
    cx.effects.push(Effect::Log(Log::Left { nick, reason: reason.clone(), online }));
}

fn quit(cx: &mut Cx<'_>, id: UserId, reason: CloseReason) {
    let to = cx.peers(id);
    let at = cx.stamp();
    for channel_id in cx.user(id).channels.clone() {
        if cx.state.is_delayed(channel_id, id) {
            storm::went_unseen(cx, channel_id);
        }
    }
    let Some(user) = cx.state.remove_user(id) else { return };
    if !to.is_empty() {
        let event = Event::Quit { at, who: user.who.clone(), reason };
        cx.effects.push(Effect::Publish { to, except: None, event });
    }
    for channel_id in &user.channels {
        cx.state.unindex(*channel_id, id, &user);
        if let Member::Guest(_) = user.member {
            cx.state.memberships.remove(&(*channel_id, user.member));
        }
        membership::end_if_deserted(cx.state, *channel_id, cx.effects);
    }
    cx.state.nicks.remove(&user.who.nick);
    cx.state.forget_look(&user.who.nick);
    if let Some(account) = &user.who.account {
        went(cx.state, cx.now, account, cx.effects);
    }
    cx.state.remember_whowas(Whowas { who: user.who, left: cx.now });
}

/// The server is going down: everybody is told, and has had what it has shown to have got.
pub(crate) fn stop(state: &mut State, now: Time, effects: &mut Vec<Effect>) {
    let sessions: Vec<_> = state.sessions.iter().map(|(session, _)| *session).collect();
    for session in &sessions {
        delivered::ended(state, now, *session, &CloseReason::Stopping, effects);
    }
    for session in sessions {
        effects.push(Effect::Close { session, reason: CloseReason::Stopping });
        state.remove_session(session);
    }
    let online: Vec<_> = state.users.iter().filter_map(|(_, user)| user.who.account.clone()).collect();
    for account in online {
        went(state, now, &account, effects);
    }
}
