//! AWAY (Modern IRC): leaves word, or is back.

use chat_model::Text;
use chat_model::call::{Call, clip};
use chat_model::event::Event;
use chat_model::limits::AWAY_BYTES_MAX;
use chat_model::reply::Reply;

use crate::cx::{Cx, Outcome};

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let me = cx.me()?;
    let words = call.words().next_rest().filter(|text| !text.is_empty());
    let message: Option<Text> = words.map(|text| clip(text, AWAY_BYTES_MAX).into());
    let changed = cx.user(me).away != message;
    cx.user_mut(me).away = message.clone();
    cx.reply_to_user(me, &Reply::NowAway { away: message.is_some() });
    if changed {
        let event = Event::Away { id: cx.next_id(), who: cx.who(me), message };
        let to = cx.peers(me);
        cx.publish_to_others(to, event);
    }
    Ok(())
}
