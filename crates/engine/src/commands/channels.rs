//! CHANNELS of administrators.

use chat_model::call::Call;
use chat_model::reply::{ChannelRow, Reply};

use crate::cx::{Cx, Outcome};

pub(super) fn run(cx: &mut Cx<'_>, _call: &Call) -> Outcome {
    let row = |id| {
        let channel = cx.channel(id);
        ChannelRow {
            channel: channel.name.clone(),
            members: cx.state.users_on(id).count(),
            modes: channel.modes.clone(),
            topic: channel.topic.as_ref().map_or_else(|| "".into(), |topic| topic.text.clone()),
            bans: channel.bans.len(),
            created: channel.created,
        }
    };
    let rows = cx.state.channel_names.iter().map(|(_, id)| row(*id)).collect();
    cx.reply(Reply::Channels(rows));
    Ok(())
}
