//! NAMES (Modern IRC): who is on channels. What one may not know of looks as if it were not there.

use std::collections::BTreeSet;

use chat_model::call::Call;
use chat_model::name::ChannelName;
use chat_model::reply::{CommandReply, Reply};

use crate::cx::{Cx, Outcome};
use crate::membership;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let me = cx.me()?;
    let mut words = call.words();
    if words.peek().is_none_or(str::is_empty) {
        cx.reply(CommandReply::NoNames);
        return Ok(());
    }
    let mut named = BTreeSet::new();
    let (names, too_many) = words.list()?;
    for name in names {
        let found = ChannelName::new(name).ok();
        // A channel has one answer: the list can be ten thousand times as long as the name.
        if found.as_ref().is_some_and(|name| !named.insert(name.clone())) {
            continue;
        }
        let names = match cx.known_channel(me, name) {
            Ok(channel_id) => membership::names(cx, channel_id, me),
            Err(_) => Reply::Names { channel: name.into(), secret: false, members: Vec::new() },
        };
        cx.reply(names);
    }
    cx.refuse_too_many(too_many);
    Ok(())
}
