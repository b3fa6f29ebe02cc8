//! MOTD (RFC 2812 section 3.4.1).

use chat_model::call::Call;
use chat_model::reply::CommandReply;

use crate::cx::{Cx, Outcome};

pub(super) fn run(cx: &mut Cx<'_>, _call: &Call) -> Outcome {
    let lines = cx.settings().motd.clone();
    cx.reply(CommandReply::Motd { lines });
    Ok(())
}
