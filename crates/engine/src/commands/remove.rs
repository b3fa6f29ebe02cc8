//! KICK of administrators: closes all sessions of a user, who may come again.

use chat_model::Text;
use chat_model::call::Call;
use chat_model::close_reason::CloseReason;
use chat_model::refusal::Refusal;
use chat_model::reply::AdminReply;

use super::kill;
use crate::cx::{Cx, Outcome};

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let mut words = call.words();
    let nick = words.nick()?;
    let missing = || Refusal::NoSuchNick { nick: nick.as_str().into() };
    let target = cx.state.user_by_nick(&nick).ok_or_else(missing)?;
    let reason: Text = words.all_rest().unwrap_or_default().into();
    let name: Text = cx.user(target).who.nick.as_str().into();
    cx.audit("kick", &name, &reason)?;
    let by = cx.settings().server.clone();
    let count = kill::close_all(cx, target, &CloseReason::Killed { by, reason });
    cx.reply(AdminReply::Done { count });
    Ok(())
}
