//! NAMES (Modern IRC): who is on channels. What one may not know of looks as if it were not there.

use std::collections::{BTreeSet, VecDeque};

use chat_model::call::Call;
use chat_model::id::{ChannelId, UserId};
use chat_model::mode::ChannelFlag;
use chat_model::name::ChannelName;
use chat_model::reply::{CommandReply, Member, Part, Reply};
use serde::{Deserialize, Serialize};

use crate::cx::{Cx, Outcome};
use crate::listing::{self, Piece, Progress, Shown};
use crate::policy::sight;

/// Names in one piece. Each is one row of one table, so many of them are quickly made.
pub(crate) const NAMES_MAX: usize = 500;

/// Channels whose names are to be told, and how far the first of them is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Listing {
    channels: VecDeque<ChannelId>,
    progress: Progress<UserId>,
}

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let me = cx.me()?;
    let mut words = call.words();
    if words.peek().is_none_or(str::is_empty) {
        cx.reply(CommandReply::NoNames);
        return Ok(());
    }
    let (mut named, mut known) = (BTreeSet::new(), VecDeque::new());
    let (names, too_many) = words.list()?;
    for name in names {
        let found = ChannelName::new(name).ok();
        // A channel has one answer: the list can be ten thousand times as long as the name.
        if found.as_ref().is_some_and(|name| !named.insert(name.clone())) {
            continue;
        }
        match cx.known_channel(me, name) {
            Ok(channel_id) => known.push_back(channel_id),
            Err(_) => {
                let (channel, members) = (name.into(), Vec::new());
                cx.reply(Reply::Names { channel, secret: false, members, part: Part::whole(0) });
            }
        }
    }
    cx.refuse_too_many(too_many);
    if let Some(listing) = Listing::of(known) {
        listing::go_on(cx, listing::Listing::Names(listing));
    }
    Ok(())
}

/// Whether all names of a channel fit into one piece.
pub(crate) fn are_few(cx: &Cx<'_>, channel_id: ChannelId) -> bool {
    cx.state.count_on(channel_id) <= NAMES_MAX
}

/// All names of a channel that somebody may see, where they are few.
pub(crate) fn at_once(cx: &Cx<'_>, channel_id: ChannelId, viewer: UserId) -> Reply {
    piece(cx, channel_id, viewer, &mut Progress::default()).0
}

impl Listing {
    /// `None` where there is nothing to tell.
    pub(crate) fn of(channels: VecDeque<ChannelId>) -> Option<Self> {
        (!channels.is_empty()).then(|| Self { channels, progress: Progress::default() })
    }

    /// The next names. It is the last piece when there is no channel after it.
    pub(crate) fn piece(&mut self, cx: &Cx<'_>) -> Option<Shown> {
        let viewer = cx.me().ok()?;
        // A channel may have ended since.
        while !cx.state.channels.contains(self.channels.front()?) {
            self.channels.pop_front();
            self.progress = Progress::default();
        }
        let (reply, part) = piece(cx, *self.channels.front()?, viewer, &mut self.progress);
        if part.total.is_some() {
            self.channels.pop_front();
            self.progress = Progress::default();
        }
        let total = part.total.filter(|_| self.channels.is_empty());
        Some((reply, Part { total, ..part }))
    }
}

fn piece(cx: &Cx<'_>, channel_id: ChannelId, viewer: UserId, progress: &mut Progress<UserId>) -> Shown {
    let channel = cx.channel(channel_id);
    let sees = sight::sees_there(cx, viewer, channel_id);
    let present = cx.state.present_on(channel_id, progress.after().copied());
    let Piece { rows: members, part } = progress.take_up_to(
        NAMES_MAX,
        NAMES_MAX,
        present,
        |(id, _)| *id,
        |(id, presence)| {
            sees(id, presence).then(|| Member { who: presence.who.clone(), ranks: presence.ranks })
        },
    );
    let secret = channel.modes.has(ChannelFlag::Secret);
    (Reply::Names { channel: channel.name.as_str().into(), secret, members, part }, part)
}
