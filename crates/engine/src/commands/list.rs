//! LIST (Modern IRC): channels, their size and their topic. Those that only wait for members who are away are left
//! out: whoever looks for company finds nobody there.

use chat_model::call::Call;
use chat_model::id::ChannelId;
use chat_model::name::ChannelName;
use chat_model::reply::{Listed, Reply};

use crate::cx::{Cx, Outcome};
use crate::listing::{self, Piece, Progress, Shown};
use crate::policy::sight;

/// Which channels, and how far the answer is.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    wanted: Option<Vec<ChannelName>>,
    progress: Progress<ChannelName>,
}

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let wanted = call
        .words()
        .next_word()
        .filter(|word| !word.is_empty())
        .map(|word| word.split(',').filter_map(|name| ChannelName::new(name).ok()).collect());
    listing::go_on(cx, listing::Listing::List(Listing { wanted, progress: Progress::default() }));
    Ok(())
}

impl Listing {
    pub(crate) fn piece(&mut self, cx: &Cx<'_>) -> Shown {
        let wanted = self.wanted.as_ref();
        let is_wanted = |name: &ChannelName| wanted.is_none_or(|names| names.contains(name));
        let Piece { rows: channels, part } =
            self.progress.take_from(&cx.state.channel_names, |(name, id)| {
                is_wanted(name).then(|| listed(cx, *id)).flatten()
            });
        (Reply::List { channels, part }, part)
    }
}

fn listed(cx: &Cx<'_>, id: ChannelId) -> Option<Listed> {
    let me = cx.me().ok()?;
    if !sight::sees_channel(cx, me, id) {
        return None;
    }
    let channel = cx.channel(id);
    let topic = channel.topic.as_ref().map_or_else(|| "".into(), |topic| topic.text.clone());
    let members = cx.state.users_on(id).count();
    (members > 0).then(|| Listed { channel: channel.name.clone(), members, topic })
}
