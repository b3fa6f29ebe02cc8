//! The past, shown to clients that do not ask for it themselves.

use std::collections::BTreeSet;
use std::sync::Arc;

use chat_model::history::{Bound, Query, Select};
use chat_model::id::MsgId;
use chat_model::message::{Conversation, Message, Target};
use chat_model::name::{Account, ChannelName};
use chat_model::reply::{Notice, Reply};
use chat_model::who::Source;

use crate::cx::Cx;
use crate::effect::Effect;
use crate::input::{Question, Whispers};
use crate::pending::{Missed, What};

/// Whispers to show: to which account, and since when.
pub(crate) type WhispersSince = Option<(Account, MsgId)>;

/// Asks for what was missed, and keeps back what happens in the meantime, so that it is shown in order.
pub(crate) fn ask(cx: &mut Cx<'_>, channels: Vec<Missed>, whispers: WhispersSince) {
    note_shown(cx, &channels);
    let channels: Vec<_> = channels.into_iter().filter(|missed| missed.limit > 0).collect();
    if cx.session_row().knows_history || (channels.is_empty() && whispers.is_none()) {
        return;
    }
    let queries = channels
        .iter()
        .map(|missed| Query {
            conversation: Conversation::Channel(missed.channel.clone()),
            select: Select::Before(Bound::at_id(missed.before)),
            limit: missed.limit,
        })
        .collect();
    let limit = cx.state.settings().chathistory_max;
    // What comes after this is kept back meanwhile, and shown then.
    let whispers_until = whispers.is_some().then_some(cx.state.counters.last_id);
    let whispers = whispers.map(|(account, after)| Whispers { account, after, limit });
    let session = cx.session;
    cx.effects.push(Effect::Hold { session });
    cx.ask(Question::History { queries, whispers }, What::Missed { channels, whispers_until }, false);
}

/// Notes from where on a guest sees its channels, for when it logs in. Those that it left are forgotten.
fn note_shown(cx: &mut Cx<'_>, channels: &[Missed]) {
    let Ok(me) = cx.me() else { return };
    if cx.user(me).who.account.is_some() {
        return;
    }
    let names: BTreeSet<_> =
        cx.user(me).channels.iter().map(|channel_id| cx.channel(*channel_id).name.clone()).collect();
    let row = cx.session_mut();
    row.shown_from.retain(|channel, _| names.contains(channel));
    row.shown_from.extend(channels.iter().map(|missed| (missed.channel.clone(), missed.before)));
}

/// Shows what came of it.
pub(crate) fn show(
    cx: &mut Cx<'_>,
    channels: &[Missed],
    whispers_until: Option<MsgId>,
    mut lists: Vec<Vec<Arc<Message>>>,
) {
    let mut past = Vec::new();
    let whispered = whispers_until.and_then(|until| Some((until, lists.pop()?)));
    for (missed, mut messages) in channels.iter().zip(lists) {
        let is_full = messages.len() as u32 >= missed.limit;
        if let Some(seen) = missed.seen {
            messages.retain(|message| message.id > seen);
        }
        if let (Some(from), Some(first)) =
            (cx.session_mut().shown_from.get_mut(&missed.channel), messages.first())
        {
            *from = first.id;
        }
        let channel = Some(missed.channel.clone());
        let more = missed.seen.is_some() && is_full && messages.len() as u32 >= missed.limit;
        keep_readable(cx, &mut messages);
        tell_one(channel, messages, more, &mut past);
    }
    let limit = cx.state.settings().chathistory_max;
    if let Some((until, mut messages)) = whispered {
        let more = messages.len() as u32 >= limit;
        messages.retain(|message| message.id <= until);
        tell_one(None, messages, more, &mut past);
    }
    release(cx, past);
}

/// Leaves out what went only to ranks (`@#channel`) that the asking user does not hold now, unless it is its own.
pub(crate) fn keep_readable(cx: &Cx<'_>, messages: &mut Vec<Arc<Message>>) {
    let Ok(me) = cx.me() else { return };
    let account = cx.user(me).who.account.as_ref();
    let is_own = |message: &Message| match &message.from {
        Source::User(who) => account.is_some() && who.account.as_ref() == account,
        Source::Server => false,
    };
    messages.retain(|message| match &message.target {
        Target::Channel { name, rank: Some(rank) } => {
            let channel = cx.state.channel_by_name(name);
            let ranks = channel.and_then(|(_, channel)| channel.ranks(me)).unwrap_or_default();
            ranks.at_least(*rank) || is_own(message)
        }
        Target::Channel { rank: None, .. } | Target::User(_) => true,
    });
}

fn tell_one(channel: Option<ChannelName>, messages: Vec<Arc<Message>>, more: bool, past: &mut Vec<Reply>) {
    if messages.is_empty() {
        return;
    }
    if more {
        past.push(Reply::Notice(Notice::MoreMissed { channel: channel.clone() }));
    }
    past.push(Reply::Missed { channel, messages });
}

/// Ends what [`ask`] began: what was kept back may follow this now.
pub(crate) fn release(cx: &mut Cx<'_>, past: Vec<Reply>) {
    let session = cx.session;
    cx.effects.push(Effect::Release { session, past });
}
