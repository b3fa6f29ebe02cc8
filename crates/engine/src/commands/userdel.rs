//! USERDEL of administrators: deletes an account. Who is on with it goes on as a guest; what it said stays said.

use std::sync::Arc;

use chat_model::call::Call;
use chat_model::change::Change;
use chat_model::event::Event;
use chat_model::id::{ChannelId, SessionId, UserId};
use chat_model::name::Account;
use chat_model::reply::Reply;
use chat_model::who::Who;

use super::passwd;
use crate::cx::{Cx, Outcome};
use crate::effect::Effect;
use crate::membership;
use crate::state::membership::Member;
use crate::state::session::Session;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let account = passwd::require(cx, &call.words().account()?)?;
    cx.save(Change::AccountDeleted { account: account.clone() })?;
    cx.audit("user delete", account.as_str(), "")?;
    let Some(row) = cx.state.accounts.remove(&account) else { return Ok(()) };
    cx.state.forget_look(&account.to_nick());
    if let Some(user) = row.user {
        log_out(cx, user, Member::Account(row.id));
    }
    forget_logins(cx, &account);
    let channel_ids: Vec<ChannelId> = cx.state.channels.iter().map(|(channel_id, _)| *channel_id).collect();
    for channel_id in channel_ids {
        if cx.state.memberships.remove(&(channel_id, Member::Account(row.id))).is_some() {
            membership::end_if_deserted(cx.state, channel_id, cx.effects);
        }
    }
    cx.reply(Reply::Done { count: 1 });
    Ok(())
}

/// Who is on with the account goes on as a guest, without any rank.
fn log_out(cx: &mut Cx<'_>, user: UserId, old: Member) {
    let who = Arc::new(Who { account: None, ..(*cx.who(user)).clone() });
    let row = cx.user_mut(user);
    (row.who, row.member) = (who.clone(), Member::Guest(user));
    let event = Event::AccountChanged { id: cx.next_id(), who, account: None };
    let to = cx.peers(user);
    cx.effects.push(Effect::Publish { to, except: None, event });
    membership::rebind(cx, user, old, Member::Guest(user));
}

/// Those who have logged in to the account and not come in yet come in as guests, if they may.
fn forget_logins(cx: &mut Cx<'_>, account: &Account) {
    let is_its = |session: &Session| session.account.as_ref() == Some(account);
    let sessions: Vec<SessionId> =
        cx.state.sessions.iter().filter(|(_, row)| is_its(row)).map(|(session, _)| *session).collect();
    for session in sessions {
        if let Some(row) = cx.state.sessions.get_mut(&session) {
            row.account = None;
        }
    }
}
