//! CHANNELS of administrators.

use chat_model::call::Call;
use chat_model::id::ChannelId;
use chat_model::name::ChannelName;
use chat_model::reply::{AdminReply, ChannelRow};
use serde::{Deserialize, Serialize};

use crate::cx::{Cx, Outcome};
use crate::listing::{self, Piece, Progress, Shown};

/// How far the answer is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Listing {
    progress: Progress<ChannelName>,
}

pub(super) fn run(cx: &mut Cx<'_>, _call: &Call) -> Outcome {
    listing::go_on(cx, listing::Listing::Channels(Listing::default()));
    Ok(())
}

impl Listing {
    pub(crate) fn piece(&mut self, cx: &Cx<'_>) -> Shown {
        let Piece { rows, part } =
            self.progress.take_from(&cx.state.channel_names, |(_, id)| Some(row(cx, *id)));
        (AdminReply::Channels { rows, part }.into(), part)
    }
}

fn row(cx: &Cx<'_>, id: ChannelId) -> ChannelRow {
    let channel = cx.channel(id);
    ChannelRow {
        channel: channel.name.clone(),
        members: cx.state.count_on(id),
        modes: channel.modes.clone(),
        topic: channel.topic.as_ref().map_or_else(|| "".into(), |topic| topic.text.clone()),
        bans: channel.bans.len(),
        created: channel.created,
    }
}
