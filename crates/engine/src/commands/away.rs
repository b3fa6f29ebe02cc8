//! AWAY (Modern IRC): leaves word, or is back. It is said of one session, the laptop or the phone.

use chat_model::Text;
use chat_model::call::{Call, clip};
use chat_model::limits::AWAY_BYTES_MAX;
use chat_model::reply::CommandReply;

use crate::away;
use crate::cx::{Cx, Outcome};

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let me = cx.me()?;
    let words = call.words().next_rest().filter(|text| !text.is_empty());
    let message: Option<Text> = words.map(|text| clip(text, AWAY_BYTES_MAX).into());
    cx.session_mut().away.clone_from(&message);
    cx.reply(CommandReply::NowAway { away: message.is_some() });
    away::update(cx, me);
    Ok(())
}
