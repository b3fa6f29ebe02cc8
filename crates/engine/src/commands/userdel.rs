//! USERDEL of administrators: deletes an account. Who is on with it leaves, or goes on as a plain guest where there are
//! guests; what it said stays said.

use std::sync::Arc;

use chat_model::call::Call;
use chat_model::change::Change;
use chat_model::close_reason::CloseReason;
use chat_model::event::Event;
use chat_model::id::{ChannelId, UserId};
use chat_model::name::{Account, Nick};
use chat_model::reply::AdminReply;
use chat_model::who::Who;

use super::{kill, passwd};
use crate::arrival;
use crate::cx::{Cx, Outcome};
use crate::effect::Effect;
use crate::login;
use crate::membership;
use crate::nicknames;
use crate::state::membership::Member;
use crate::state::said::Circle;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let account = passwd::require(cx, &call.words().account()?)?;
    cx.save(Change::AccountDeleted { account: account.clone() })?;
    cx.audit("user delete", account.as_str(), "")?;
    let Some(row) = cx.state.accounts.remove(&account) else { return Ok(()) };
    cx.state.forget_look(&account.to_nick());
    cx.state.forget_devices(row.id);
    cx.state.last_said.remove(&Circle::Member(Member::Account(row.id)));
    cx.state.expired.remove(&row.id);
    login::forget(cx, &account);
    let (mut count, mut guests) = (0, Vec::new());
    match row.user {
        Some(user) if cx.state.settings().guests => {
            guests = go_on_as_guests(cx, user, Member::Account(row.id), &account);
            count = guests.len();
        }
        Some(user) => count = kill::close_all(cx, user, &CloseReason::AccountDeleted),
        None => {}
    }
    let channel_ids: Vec<ChannelId> = cx.state.channels.iter().map(|(channel_id, _)| *channel_id).collect();
    for channel_id in channel_ids {
        if cx.state.memberships.remove(&(channel_id, Member::Account(row.id))).is_some() {
            membership::end_if_deserted(cx.state, channel_id, cx.effects);
        }
    }
    cx.reply(AdminReply::LoggedOut { count, guests });
    Ok(())
}

/// Each session of a user goes on as a guest of its own, without any rank: only an account has several. How they are
/// called.
fn go_on_as_guests(cx: &mut Cx<'_>, user: UserId, old: Member, account: &Account) -> Vec<Nick> {
    let (first, others) = (cx.user(user).sessions[0], cx.user(user).sessions[1..].to_vec());
    let mut guests = vec![cx.user(user).who.nick.clone()];
    for session in others {
        let mut cx = Cx::new(cx.state, cx.effects, cx.now, session, cx.verb);
        let nick = nicknames::guest_nick(&mut cx);
        let guest = login::split_off(&mut cx, user, nick.clone(), None);
        arrival::join_channels(&mut cx, guest, None, true);
        login::tell_logged_out(&mut cx, guest, account.clone());
        guests.push(nick);
    }
    let who = Arc::new(Who { account: None, ..(*cx.who(user)).clone() });
    cx.state.set_who(user, &who);
    cx.user_mut(user).member = Member::Guest(user);
    let event = Event::AccountChanged { at: cx.stamp(), who, account: None };
    let to = cx.peers(user);
    cx.effects.push(Effect::Publish { to, except: None, event });
    membership::rebind(cx, user, old, Member::Guest(user));
    let mut cx = Cx::new(cx.state, cx.effects, cx.now, first, cx.verb);
    login::tell_logged_out(&mut cx, user, account.clone());
    guests
}
