//! What a client is told of the past (IRCv3 draft/chathistory), asked for or missed.

use std::sync::Arc;

use chat_model::Text;
use chat_model::ctcp::{self, Body};
use chat_model::id::Time;
use chat_model::message::{Message, Target};
use chat_model::name::ChannelName;
use chat_model::who::Source;
use chat_model::{phrase, sentence};

use super::capability::Capability;
use super::clock::{stamp, time_text};
use super::event::View;
use super::line::Tags;
use super::pen::Pen;

/// CHATHISTORY: messages of one conversation.
pub(super) fn history(pen: &mut Pen<'_>, target: &str, messages: &[Arc<Message>]) {
    in_batch(pen, Some(target), |view, out| {
        for message in messages {
            view.message(message, "", out);
        }
    });
}

/// CHATHISTORY TARGETS.
pub(super) fn targets(pen: &mut Pen<'_>, targets: &[(Text, Time)]) {
    let batch = pen.open("draft/chathistory-targets", None);
    for (name, latest) in targets {
        let mut tags = Tags::new(pen.out);
        if let Some(batch) = &batch {
            tags.tag("batch=").extend_from_slice(batch.as_bytes());
        }
        let line = tags.end().server(pen.cx).command("CHATHISTORY").word("TARGETS").word(name);
        line.word(&time_text(*latest)).end();
    }
    if let Some(batch) = batch {
        pen.close(&batch);
    }
}

/// What was missed, as the messages that they were; and marked, so that neither a person nor a program takes it for
/// something that is said now: by a batch, or by a line before it and one after it. A client that takes no time tags gets
/// the time before the text.
pub(super) fn missed(pen: &mut Pen<'_>, channel: Option<&ChannelName>, messages: &[Arc<Message>]) {
    // What programs asked each other is not for people, and a client would answer it now.
    let is_for_people = |message: &&Arc<Message>| !matches!(ctcp::body(&message.text), Body::Ctcp(_));
    let shown: Vec<_> = messages.iter().filter(is_for_people).collect();
    if shown.is_empty() {
        return;
    }
    if pen.capabilities.has(Capability::Batch) {
        // A batch is of one conversation, and whispers may be of several.
        for run in shown.chunk_by(|one, other| one.conversation() == other.conversation()) {
            let target = channel.map_or_else(|| other_end(run[0], pen.nick), ChannelName::as_str);
            let now = pen.now;
            in_batch(pen, Some(target), |view, out| lines(view, run, now, out));
        }
        return;
    }
    let target = channel.map_or(pen.nick, ChannelName::as_str);
    let (l, now, count) = (pen.cx.language, pen.now, shown.len());
    let what = match channel {
        Some(_) => phrase!(l, en = "earlier messages", zh = "之前的消息"),
        None => phrase!(l, en = "earlier private messages", zh = "之前的私聊"),
    };
    pen.notice_to(target, &sentence!(l, en = "--- {what}: {count} ---", zh = "--- {what}：{count} 条 ---"));
    in_batch(pen, None, |view, out| lines(view, &shown, now, out));
    pen.notice_to(target, phrase!(l, en = "--- now ---", zh = "--- 现在 ---"));
}

/// With whom it was that a whisper was exchanged.
fn other_end<'a>(message: &'a Message, me: &'a str) -> &'a str {
    match (&message.from, &message.target) {
        (Source::User(who), Target::User(to)) if who.nick.as_str() == me => to.nick.as_str(),
        (Source::User(who), _) => who.nick.as_str(),
        (Source::Server, _) => me,
    }
}

/// Messages of the past as lines, with the time before them for who takes no tags.
fn lines(view: View<'_>, messages: &[&Arc<Message>], now: Time, out: &mut Vec<u8>) {
    let timed = view.capabilities.has(Capability::ServerTime);
    for message in messages {
        let stamp = if timed { String::new() } else { stamp(message.at.time, now, &view.cx.zone) };
        view.message(message, &stamp, out);
    }
}

/// Lets `write` write lines that are in a batch of this conversation, where there is one and the client knows batches.
fn in_batch(pen: &mut Pen<'_>, target: Option<&str>, write: impl FnOnce(View<'_>, &mut Vec<u8>)) {
    let batch = target.and_then(|target| pen.open("chathistory", Some(target)));
    write(View { capabilities: pen.capabilities, batch: batch.as_deref(), cx: pen.cx }, pen.out);
    if let Some(batch) = batch {
        pen.close(&batch);
    }
}
