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
use crate::state::session::Session;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let account = passwd::require(cx, &call.words().account()?)?;
    let online = cx.state.accounts.remove(&account).and_then(|row| row.user);
    cx.state.forget_look(&account.to_nick());
    cx.save(Change::AccountDeleted { account: account.clone() });
    cx.audit("user delete", account.as_str(), "");
    if let Some(user) = online {
        log_out(cx, user);
    }
    forget_logins(cx, &account);
    let channel_ids: Vec<ChannelId> = cx.state.channels.iter().map(|(channel_id, _)| *channel_id).collect();
    for channel_id in channel_ids {
        untie(cx, channel_id, &account);
    }
    cx.reply(Reply::Done { count: 1 });
    Ok(())
}

fn log_out(cx: &mut Cx<'_>, user: UserId) {
    let who = Arc::new(Who { account: None, ..(*cx.who(user)).clone() });
    cx.user_mut(user).who = who.clone();
    let event = Event::AccountChanged { id: cx.next_id(), who, account: None };
    let to = cx.peers(user);
    cx.effects.push(Effect::Publish { to, except: None, event });
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

fn untie(cx: &mut Cx<'_>, channel_id: ChannelId, account: &Account) {
    if cx.channel(channel_id).ties.contains_key(account) {
        cx.channel_mut(channel_id).ties.remove(account);
        membership::end_if_deserted(cx.state, channel_id, cx.effects);
    }
}
