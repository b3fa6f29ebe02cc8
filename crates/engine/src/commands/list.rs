//! LIST (Modern IRC): channels, their size and their topic. Those that only wait for members who are away are left
//! out: whoever looks for company finds nobody there.

use chat_model::call::Call;
use chat_model::id::ChannelId;
use chat_model::name::ChannelName;
use chat_model::reply::{Listed, Reply};

use crate::cx::{Cx, Outcome};
use crate::policy::sight;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let me = cx.me()?;
    let wanted: Option<Vec<ChannelName>> = call
        .words()
        .next_word()
        .filter(|word| !word.is_empty())
        .map(|word| word.split(',').filter_map(|name| ChannelName::new(name).ok()).collect());
    let shown = |id: &ChannelId| {
        wanted.as_ref().is_none_or(|names| names.contains(&cx.channel(*id).name))
            && sight::sees_channel(cx, me, *id)
    };
    let listed = |id: &ChannelId| {
        let channel = cx.channel(*id);
        let topic = channel.topic.as_ref().map_or_else(|| "".into(), |topic| topic.text.clone());
        let members = cx.state.users_on(*id).count();
        (members > 0).then(|| Listed { channel: channel.name.clone(), members, topic })
    };
    let channels =
        cx.state.channel_names.iter().map(|(_, id)| id).filter(|id| shown(id)).filter_map(listed).collect();
    cx.reply(Reply::List { channels });
    Ok(())
}
