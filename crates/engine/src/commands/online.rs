//! ONLINE of administrators: who is on, and how.

use std::collections::BTreeSet;

use chat_model::call::Call;
use chat_model::id::UserId;
use chat_model::name::Nick;
use chat_model::reply::{AdminReply, OnlineRow};
use serde::{Deserialize, Serialize};

use crate::cx::{Cx, Outcome};
use crate::listing::{self, Piece, Progress, Shown};

/// How far the answer is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Listing {
    progress: Progress<Nick>,
}

pub(super) fn run(cx: &mut Cx<'_>, _call: &Call) -> Outcome {
    listing::go_on(cx, listing::Listing::Online(Listing::default()));
    Ok(())
}

impl Listing {
    pub(crate) fn piece(&mut self, cx: &Cx<'_>) -> Shown {
        let Piece { rows, part } = self.progress.take_from(&cx.state.nicks, |(_, id)| Some(row(cx, *id)));
        (AdminReply::Online { rows, part }.into(), part)
    }
}

fn row(cx: &Cx<'_>, id: UserId) -> OnlineRow {
    let user = cx.user(id);
    let peers =
        || user.sessions.iter().filter_map(|session| cx.state.sessions.get(session)).map(|row| &row.peer);
    let clients: BTreeSet<&str> = peers().map(|peer| &*peer.client).collect();
    OnlineRow {
        nick: user.who.nick.clone(),
        account: user.who.account.clone(),
        address: peers().next().and_then(|peer| peer.address),
        client: clients.into_iter().collect::<Vec<_>>().join("+").into(),
        channels: user.channels.iter().map(|channel_id| cx.ranked(*channel_id, id)).collect(),
        idle_s: cx.now.since(user.active) / 1000,
        since: user.since,
    }
}
