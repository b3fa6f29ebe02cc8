//! PING and PONG (Modern IRC).

use chat_model::call::Call;
use chat_model::refusal::Refusal;
use chat_model::reply::CommandReply;

use crate::cx::{Cx, Outcome};

pub(super) fn ping(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let token = call.words().next_word().ok_or(Refusal::NoOrigin)?.into();
    cx.reply(CommandReply::Pong { token });
    Ok(())
}

/// That something came is all that there is to it, and the shell has seen that.
pub(super) fn pong(_cx: &mut Cx<'_>, _call: &Call) -> Outcome {
    Ok(())
}
