//! KILL of server operators (RFC 1459 section 4.6.1): closes all sessions of a user.

use chat_model::Text;
use chat_model::call::Call;
use chat_model::close_reason::CloseReason;
use chat_model::id::UserId;
use chat_model::refusal::Refusal;

use crate::cx::{Cx, Outcome};
use crate::departure;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let me = cx.me()?;
    let mut words = call.words();
    let nick = words.nick()?;
    let missing = || Refusal::NoSuchNick { nick: nick.as_str().into() };
    let target = cx.state.user_by_nick(&nick).ok_or_else(missing)?;
    let reason = words.reason().unwrap_or_default();
    let by = cx.user(me).who.nick.as_str().into();
    let name: Text = cx.user(target).who.nick.as_str().into();
    cx.audit("kill", &name, &reason)?;
    close_all(cx, target, &CloseReason::Killed { by, reason });
    Ok(())
}

/// Closes all sessions of a user. How many there were.
pub(super) fn close_all(cx: &mut Cx<'_>, user: UserId, reason: &CloseReason) -> usize {
    let sessions = cx.user(user).sessions.clone();
    for session in &sessions {
        departure::close(cx, *session, reason.clone());
    }
    sessions.len()
}
