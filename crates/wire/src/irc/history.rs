//! What a client is told of the past (IRCv3 draft/chathistory), asked for or missed.

use std::sync::Arc;

use chat_model::Text;
use chat_model::id::MsgId;
use chat_model::message::Message;
use chat_model::name::ChannelName;

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
pub(super) fn targets(pen: &mut Pen<'_>, targets: &[(Text, MsgId)]) {
    let batch = pen.open("draft/chathistory-targets", None);
    for (name, latest) in targets {
        let mut tags = Tags::new(pen.out);
        if let Some(batch) = &batch {
            tags.tag("batch=").extend_from_slice(batch.as_bytes());
        }
        let line = tags.end().server(pen.cx).command("CHATHISTORY").word("TARGETS").word(name);
        line.word(&time_text(latest.time())).end();
    }
    if let Some(batch) = batch {
        pen.close(&batch);
    }
}

/// What was missed, as the messages that they were. A client that takes no time tags gets the time before the text.
/// Whispers are of several conversations, and a batch is of one.
pub(super) fn missed(pen: &mut Pen<'_>, channel: Option<&ChannelName>, messages: &[Arc<Message>]) {
    let timed = pen.capabilities.has(Capability::ServerTime);
    let (now, zone) = (pen.now, pen.cx.zone.clone());
    in_batch(pen, channel.map(ChannelName::as_str), |view, out| {
        for message in messages.iter().filter(|message| !is_request(message)) {
            let stamp = if timed { String::new() } else { stamp(message.id.time(), now, &zone) };
            view.message(message, &stamp, out);
        }
    });
}

/// A CTCP request of the past (ACTION aside) is not for people, and a client would answer it now.
fn is_request(message: &Message) -> bool {
    message.text.starts_with('\x01') && !message.text.starts_with("\x01ACTION ")
}

/// Lets `write` write lines that are in a batch of this conversation, where there is one and the client knows batches.
fn in_batch(pen: &mut Pen<'_>, target: Option<&str>, write: impl FnOnce(View<'_>, &mut Vec<u8>)) {
    let batch = target.and_then(|target| pen.open("chathistory", Some(target)));
    write(View { capabilities: pen.capabilities, batch: batch.as_deref(), cx: pen.cx }, pen.out);
    if let Some(batch) = batch {
        pen.close(&batch);
    }
}
