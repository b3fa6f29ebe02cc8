//! PART (Modern IRC).

use chat_model::Text;
use chat_model::call::Call;
use chat_model::event::Event;
use chat_model::id::UserId;

use crate::cx::{Cx, Outcome};
use crate::membership::{self, Somebody};
use crate::policy;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let me = cx.me()?;
    let mut words = call.words();
    let (names, too_many) = words.list()?;
    let reason = words.reason();
    for name in names {
        if let Err(refusal) = part(cx, me, name, reason.clone()) {
            cx.refuse(refusal);
        }
    }
    cx.refuse_too_many(too_many);
    Ok(())
}

fn part(cx: &mut Cx<'_>, me: UserId, name: &str, reason: Option<Text>) -> Outcome {
    let channel_id = cx.my_channel(me, name)?;
    let reason = reason.filter(|_| policy::channel::has_last_word(cx, me, channel_id));
    let (at, who, channel) = (cx.stamp(), cx.who(me), cx.channel(channel_id).name.clone());
    let myself = Somebody::of_user(cx, me);
    membership::leave(cx, &myself, channel_id, Event::Parted { at, who, channel, reason })
}
