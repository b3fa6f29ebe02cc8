//! WHO (Modern IRC): of a channel, of a nickname, of a mask.

use chat_model::Text;
use chat_model::call::Call;
use chat_model::glob::Glob;
use chat_model::id::{ChannelId, UserId};
use chat_model::name::Nick;
use chat_model::reply::{CommandReply, WhoRow};
use serde::{Deserialize, Serialize};

use crate::cx::{Cx, Outcome};
use crate::listing::{self, Piece, Progress, Shown};
use crate::policy::sight;

/// Whom, and how far the answer is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Listing {
    /// As it was asked for.
    mask: Text,
    of: Of,
    /// RFC 1459 section 4.5.1: `WHO * o` is for operators of the server alone.
    operators_only: bool,
    progress: Progress<UserId>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
enum Of {
    Nobody,
    User(UserId),
    Channel(ChannelId),
    /// Whoever fits with the nickname, user name, host or real name.
    Mask {
        name: Glob,
        text: Glob,
    },
}

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let me = cx.me()?;
    let mut words = call.words();
    let mask = words.next_word().filter(|word| !word.is_empty()).unwrap_or("*");
    let operators_only = words.next_word() == Some("o");
    let listing =
        Listing { mask: mask.into(), of: of(cx, me, mask), operators_only, progress: Progress::default() };
    listing::go_on(cx, listing::Listing::Who(listing));
    Ok(())
}

fn of(cx: &Cx<'_>, me: UserId, mask: &str) -> Of {
    if mask.starts_with('#') {
        return cx.known_channel(me, mask).map_or(Of::Nobody, Of::Channel);
    }
    if let Some(id) = Nick::new(mask).ok().and_then(|nick| cx.state.nicks.get(&nick).copied()) {
        return Of::User(id);
    }
    match (Glob::of_names(mask), Glob::new(mask)) {
        (Some(name), Some(text)) => Of::Mask { name, text },
        // A mask that is too long to be read fits nobody.
        _ => Of::Nobody,
    }
}

impl Listing {
    pub(crate) fn piece(&mut self, cx: &Cx<'_>) -> Shown {
        let Piece { rows, part } = self.rows(cx);
        (CommandReply::Who { mask: self.mask.clone(), rows, part }.into(), part)
    }

    fn rows(&mut self, cx: &Cx<'_>) -> Piece<WhoRow> {
        let Ok(me) = cx.me() else { return self.progress.end() };
        let shown = |row: WhoRow| (row.operator || !self.operators_only).then_some(row);
        let progress = &mut self.progress;
        match &self.of {
            Of::User(id) => {
                let found = cx.state.users.range(*id..=*id).map(|(id, _)| *id);
                progress.take(found, |id| *id, |id| shown(row(cx, id, shared_channel(cx, me, id))))
            }
            // It may have ended since the last piece.
            Of::Channel(channel_id) if cx.state.channels.contains(channel_id) => {
                let sees = sight::sees_there(cx, me, *channel_id);
                let present = cx.state.present_on(*channel_id, progress.after().copied());
                progress.take(
                    present,
                    |(id, _)| *id,
                    |(id, presence)| {
                        sees(id, presence).then(|| shown(row(cx, id, Some(*channel_id)))).flatten()
                    },
                )
            }
            Of::Mask { name, text } => progress.take_from(&cx.state.users, |(id, user)| {
                let who = &user.who;
                let fits = name.matches(who.nick.folded())
                    || [&who.username, &who.host, &who.realname].into_iter().any(|field| text.matches(field));
                let seen = fits && sight::sees_user(cx, me, *id);
                seen.then(|| shown(row(cx, *id, shared_channel(cx, me, *id)))).flatten()
            }),
            Of::Nobody | Of::Channel(_) => progress.end(),
        }
    }
}

/// A channel that the two are on together, or else one where the other may be seen.
fn shared_channel(cx: &Cx<'_>, me: UserId, other: UserId) -> Option<ChannelId> {
    let channel_ids = &cx.user(other).channels;
    let shared = channel_ids.iter().find(|channel_id| cx.user(me).channels.contains(*channel_id));
    let seen = || channel_ids.iter().find(|channel_id| sight::sees_on_channel(cx, me, other, **channel_id));
    shared.or_else(seen).copied()
}

fn row(cx: &Cx<'_>, id: UserId, channel_id: Option<ChannelId>) -> WhoRow {
    let user = cx.user(id);
    let channel = channel_id.map(|channel_id| cx.ranked(channel_id, id));
    WhoRow { who: user.who.clone(), channel, away: user.away.is_some(), operator: user.is_operator() }
}
