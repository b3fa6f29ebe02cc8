//! The past, shown to clients that do not ask for it themselves.

use std::collections::BTreeSet;
use std::mem;

use chat_model::history::{Extent, Query, Reads, Select};
use chat_model::id::{MsgId, Ticket, UserId};
use chat_model::limits::HISTORY_BYTES_MAX;
use chat_model::message::Conversation;
use chat_model::name::{Account, ChannelName};
use chat_model::reply::{Notice, Reply};
use serde::{Deserialize, Serialize};

use crate::commands::names;
use crate::cx::Cx;
use crate::delivered;
use crate::effect::{Effect, ShownAs};
use crate::input::{Lookup, Question};
use crate::pending::{Missed, What};

/// Whispers to show: to which account, and since when.
pub(crate) type WhispersSince = Option<(Account, MsgId)>;

/// What is shown at once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Piece {
    Channel(Missed),
    Whispers,
}

/// What is left to show.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Rest {
    /// Before the past, those are named who are there, where they are many.
    names: Option<names::Listing>,
    /// In the reverse order.
    channels: Vec<Missed>,
    whispers: WhispersSince,
    /// What comes after this is kept back, and shown in the end.
    until: MsgId,
}

/// A question for what the asking user may read of a conversation.
pub(crate) fn query(cx: &Cx<'_>, conversation: Conversation, select: Select, limit: u32) -> Query {
    let reads = cx.me().map_or_else(|_| Reads::default(), |me| reads(cx, me, &conversation));
    Query { conversation, select, limit, bytes_max: HISTORY_BYTES_MAX, reads }
}

fn reads(cx: &Cx<'_>, me: UserId, conversation: &Conversation) -> Reads {
    let channel = match conversation {
        Conversation::Channel(name) => cx.state.channel_by_name(name),
        Conversation::Direct(..) => None,
    };
    let ranks = channel.and_then(|(id, _)| cx.state.ranks(id, me)).unwrap_or_default();
    Reads { ranks, account: cx.user(me).who.account.clone() }
}

/// Shows what was missed, a piece at a time as the session takes it, and keeps back what happens in the meantime, so that
/// it is shown in order. Bots are shown nothing: they would answer it.
pub(crate) fn ask(cx: &mut Cx<'_>, channels: Vec<Missed>, whispers: WhispersSince) {
    let until = cx.state.counters.last_id;
    ask_until(cx, until, channels, whispers);
}

/// The same with the whispers up to an id, for who has been shown those after it.
pub(crate) fn ask_until(cx: &mut Cx<'_>, until: MsgId, channels: Vec<Missed>, whispers: WhispersSince) {
    note_shown(cx, &channels);
    let names = names::Listing::of(mem::take(&mut cx.names_due));
    let is_bot = cx.me().is_ok_and(|me| cx.user(me).who.bot);
    let (channels, whispers) = match is_bot || cx.session_row().knows_history {
        true => (Vec::new(), None),
        false => (channels.into_iter().filter(|missed| missed.limit > 0).rev().collect(), whispers),
    };
    if names.is_none() && channels.is_empty() && whispers.is_none() {
        return;
    }
    let session = cx.session;
    cx.effects.push(Effect::Hold { session });
    let rest = Rest { names, channels, whispers, until };
    match rest.names {
        // Of the answer to the call they are no part.
        Some(_) => cx.ask(Question::Drained, What::Shown { rest }, false),
        None => go_on(cx, rest),
    }
}

/// Asks for the next piece. After the last one, what was kept back may follow.
pub(crate) fn go_on(cx: &mut Cx<'_>, mut rest: Rest) {
    if let Some((reply, part)) = rest.names.as_mut().and_then(|names| names.piece(cx)) {
        cx.effects.push(Effect::Past { session: cx.session, reply });
        rest.names.take_if(|_| part.total.is_some());
        cx.ask(Question::Drained, What::Shown { rest }, false);
    } else if let Some(missed) = rest.channels.pop() {
        let conversation = Conversation::Channel(missed.channel.clone());
        let query = query(cx, conversation, missed.select(), missed.limit);
        let what = What::Missed { piece: Piece::Channel(missed), rest };
        cx.ask(Question::Lookup(Lookup::History { query }), what, false);
    } else if let Some((account, after)) = rest.whispers.take() {
        let (until, limit) = (rest.until, cx.state.settings().chathistory_max);
        let what = What::Missed { piece: Piece::Whispers, rest };
        cx.ask(Question::Lookup(Lookup::Whispers { account, after, until, limit }), what, false);
    } else {
        release(cx);
    }
}

/// Notes from where on a session sees its channels, for when it logs in. Those that it left are forgotten.
fn note_shown(cx: &mut Cx<'_>, channels: &[Missed]) {
    let Ok(me) = cx.me() else { return };
    let names: BTreeSet<_> =
        cx.user(me).channels.iter().map(|channel_id| &cx.channel(*channel_id).name).collect();
    let is_shown_now = |name: &ChannelName| channels.iter().any(|missed| missed.channel == *name);
    let before = cx.session_row().shown_from.iter();
    let kept = before.filter(|(name, _)| names.contains(name) && !is_shown_now(name)).cloned();
    let now = channels.iter().map(|missed| (missed.channel.clone(), missed.before));
    let shown_from = kept.chain(now).collect();
    cx.session_mut().shown_from = shown_from;
}

/// Shows a piece, and goes on when the session has taken it.
pub(crate) fn show(cx: &mut Cx<'_>, ticket: Ticket, piece: Piece, extent: Extent, rest: Rest) {
    let Some(oldest) = extent.oldest else { return go_on(cx, rest) };
    let session = cx.session;
    // A guest who has had nothing yet misses nothing before.
    let (channel, misses_more) = match piece {
        Piece::Channel(missed) => (Some(missed.channel), extent.is_cut && missed.delivered.is_some()),
        Piece::Whispers => (None, extent.is_cut),
    };
    let mut shown_from = cx.session_mut().shown_from.iter_mut();
    if let Some((_, from)) = shown_from.find(|(name, _)| Some(name) == channel.as_ref()) {
        *from = oldest;
    }
    if misses_more {
        let reply = Reply::Notice(Notice::MoreMissed { channel: channel.clone() });
        cx.effects.push(Effect::Past { session, reply });
    }
    cx.show(ticket, ShownAs::Missed { channel });
    cx.ask(Question::Drained, What::Shown { rest }, false);
}

/// What was missed is not lost because it cannot be read just now: the session's mark stays where it is.
pub(crate) fn cannot_be_read(cx: &mut Cx<'_>) {
    delivered::hold_mark(cx);
    let comes_later = cx.me().is_ok_and(|me| cx.user(me).who.account.is_some());
    let reply = Reply::Notice(Notice::PastUnavailable { comes_later });
    cx.effects.push(Effect::Past { session: cx.session, reply });
    release(cx);
}

/// Ends what [`ask`] began: what was kept back may follow now.
pub(crate) fn release(cx: &mut Cx<'_>) {
    let session = cx.session;
    cx.effects.push(Effect::Release { session });
}
