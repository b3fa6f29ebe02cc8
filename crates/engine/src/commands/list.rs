//! LIST (Modern IRC): channels, their size and their topic. Those that only wait for members who are away are left
//! out: whoever looks for company finds nobody there.

use std::collections::BTreeSet;

use chat_model::call::Call;
use chat_model::id::ChannelId;
use chat_model::name::ChannelName;
use chat_model::reply::{CommandReply, Listed};
use serde::{Deserialize, Serialize};

use crate::cx::{Cx, Outcome};
use crate::listing::{self, Piece, Progress, Shown};
use crate::policy::sight;

/// Which channels, and how far the answer is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Listing {
    /// Those that were named; `None` is all.
    wanted: Option<BTreeSet<ChannelName>>,
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
        let all = &cx.state.channel_names;
        let Piece { rows: channels, part } = match &self.wanted {
            None => self.progress.take_from(all, |(_, id)| listed(cx, *id)),
            // Whoever names two of a hundred thousand is not made to wait for the rest.
            Some(names) => {
                let after = self.progress.after().cloned();
                let rest = names.iter().filter(|name| after.as_ref().is_none_or(|last| *name > last));
                let found = |name: &ChannelName| listed(cx, *all.get(name)?);
                self.progress.take(rest, |name| (*name).clone(), found)
            }
        };
        (CommandReply::List { channels, part }.into(), part)
    }
}

fn listed(cx: &Cx<'_>, id: ChannelId) -> Option<Listed> {
    let me = cx.me().ok()?;
    if !sight::sees_channel(cx, me, id) {
        return None;
    }
    let channel = cx.channel(id);
    let topic = channel.topic.as_ref().map_or_else(|| "".into(), |topic| topic.text.clone());
    let members = cx.state.count_on(id);
    (members > 0).then(|| Listed { channel: channel.name.clone(), members, topic })
}
