//! LIST (Modern IRC): channels, their size and their topic. Secret ones only for those who are on them.

use chat_model::call::Call;
use chat_model::id::ChannelId;
use chat_model::mode::ChannelFlag;
use chat_model::name::ChannelName;
use chat_model::reply::{Listed, Reply};

use crate::cx::{Cx, Outcome};

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let me = cx.me()?;
    let wanted: Option<Vec<ChannelName>> = call
        .words()
        .next_word()
        .filter(|word| !word.is_empty())
        .map(|word| word.split(',').filter_map(|name| ChannelName::new(name).ok()).collect());
    let shown = |id: &ChannelId| {
        let channel = cx.channel(*id);
        let secret = channel.modes.has(ChannelFlag::Secret) && !channel.members.contains_key(&me);
        !secret && wanted.as_ref().is_none_or(|names| names.contains(&channel.name))
    };
    let listed = |id: &ChannelId| {
        let channel = cx.channel(*id);
        let topic = channel.topic.as_ref().map_or_else(|| "".into(), |topic| topic.text.clone());
        Listed { channel: channel.name.clone(), members: channel.members.len(), topic }
    };
    let channels =
        cx.state.channel_names.iter().map(|(_, id)| id).filter(|id| shown(id)).map(listed).collect();
    cx.reply(Reply::List { channels });
    Ok(())
}
