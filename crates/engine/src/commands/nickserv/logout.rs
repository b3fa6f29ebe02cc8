//! `LOGOUT`: this session goes on as a guest. The account's other sessions stay what they are.

use chat_model::close_reason::CloseReason;
use chat_model::refusal::Refusal;

use super::my_account;
use crate::cx::{Cx, Outcome};
use crate::{arrival, delivered, login, nicknames};

pub(super) fn run(cx: &mut Cx<'_>, _words: &[&str]) -> Option<Outcome> {
    Some(log_out(cx))
}

fn log_out(cx: &mut Cx<'_>) -> Outcome {
    let (me, account) = (cx.me()?, my_account(cx)?);
    let settings = cx.settings();
    if !settings.guests {
        return Err(Refusal::GuestsNotAllowed { registration: settings.registration });
    }
    // The nickname is the account's, so a guest cannot keep it.
    let nick = nicknames::guest_nick(cx);
    let reason = CloseReason::LoggedOut { nick: nick.clone() };
    delivered::ended(cx.state, cx.now, cx.session, &reason, cx.effects);
    let guest = login::split_off(cx, me, nick, None);
    arrival::join_channels(cx, guest, None, true);
    login::tell_logged_out(cx, guest, account);
    Ok(())
}
