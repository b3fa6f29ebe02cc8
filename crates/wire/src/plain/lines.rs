//! Events as lines of text. Whatever others wrote goes through [`sanitize`] on its way out.

use std::borrow::Cow;
use std::sync::Arc;

use chat_model::ctcp::{Body, body};
use chat_model::event::Event;
use chat_model::id::Time;
use chat_model::message::{Message, MessageKind, Target};
use chat_model::name::ChannelName;
use chat_model::{phrase, sentence};
use jiff::civil::Date;

use crate::screen::sanitize;
use crate::{Context, clock, sentences};

/// A line as it is.
pub(super) fn line(text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(sanitize(text).as_bytes());
    out.extend_from_slice(b"\r\n");
}

/// A line with the time before it.
pub(super) fn timed(time: Time, text: &str, cx: &Context, out: &mut Vec<u8>) {
    line(&format!("[{}] {text}", clock::hours_minutes(time, &cx.zone)), out);
}

/// See [`crate::encode`].
pub fn encode(event: &Event, cx: &Context, out: &mut Vec<u8>) {
    if let Some(text) = in_words(event, cx) {
        timed(event.at().time, &text, cx, out);
    }
}

fn in_words(event: &Event, cx: &Context) -> Option<String> {
    if let Event::Message(message) = event {
        return said(message, cx);
    }
    let label = event.channel().map_or(Cow::Borrowed(""), |channel| channel_label(channel, cx));
    Some(format!("{label}*** {}", sentences::event(event, cx)?))
}

/// A message in words. `None` for tags alone and for what programs say to each other in CTCP.
pub(super) fn said(message: &Message, cx: &Context) -> Option<String> {
    let from = cx.speaker(&message.from);
    let (text, is_action) = match body(&message.text) {
        _ if message.kind == MessageKind::Tagmsg => return None,
        Body::Text(text) => (text, false),
        Body::Action(text) => (text, true),
        Body::Ctcp(_) => return None,
    };
    let label = match &message.target {
        Target::Channel { name, rank: None } => channel_label(name, cx),
        Target::Channel { name, rank: Some(rank) } => Cow::Owned(format!("{}{name} ", rank.prefix())),
        Target::User(to) if message.kind == MessageKind::Notice => {
            return Some(format!("-{from} -> {}- {text}", to.nick));
        }
        Target::User(to) if is_action => return Some(format!("[{from} -> {}] * {from} {text}", to.nick)),
        Target::User(to) => return Some(format!("[{from} -> {}] {text}", to.nick)),
    };
    Some(match message.kind {
        MessageKind::Notice => format!("{label}-{from}- {text}"),
        _ if is_action => format!("{label}* {from} {text}"),
        _ => format!("{label}<{from}> {text}"),
    })
}

/// The channel before a line, unless it is the room that everybody is in.
pub(super) fn channel_label(channel: &ChannelName, cx: &Context) -> Cow<'static, str> {
    if cx.lobby.as_ref() == Some(channel) { Cow::Borrowed("") } else { Cow::Owned(format!("{channel} ")) }
}

/// Messages of the past between two lines that say so, with the day wherever it changes. Nothing for none.
pub(super) fn past(what: &str, messages: &[Arc<Message>], now: Time, cx: &Context, out: &mut Vec<u8>) {
    let shown: Vec<(Time, String)> =
        messages.iter().filter_map(|m| said(m, cx).map(|text| (m.at.time, text))).collect();
    if shown.is_empty() {
        return;
    }
    let (l, count) = (cx.language, shown.len());
    line(&sentence!(l, en = "--- {what}: {count} ---", zh = "--- {what}：{count} 条 ---"), out);
    let mut today: Date = clock::day(now, &cx.zone);
    for (time, text) in shown {
        let day = clock::day(time, &cx.zone);
        if day != today {
            line(&format!("--- {} ---", clock::day_in_words(day, l)), out);
            today = day;
        }
        timed(time, &text, cx, out);
    }
    line(phrase!(l, en = "--- now ---", zh = "--- 现在 ---"), out);
}
