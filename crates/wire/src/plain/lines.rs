//! Events as lines of text. Whatever others wrote goes through [`sanitize`] on its way out.

use std::borrow::Cow;
use std::sync::Arc;

use chat_model::event::Event;
use chat_model::id::Time;
use chat_model::message::{Message, MessageKind, Target};
use chat_model::mode::ModeChange;
use chat_model::name::ChannelName;
use chat_model::who::Source;
use jiff::civil::Date;

use crate::ctcp::{Body, body};
use crate::screen::sanitize;
use crate::{Context, clock};

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
        timed(event.id().time(), &text, cx, out);
    }
}

fn in_words(event: &Event, cx: &Context) -> Option<String> {
    Some(match event {
        Event::Message(message) => return said(message, cx),
        Event::Joined { who, channel, .. } => format!("{}*** {} came in", place(channel, cx), who.nick),
        Event::Parted { who, channel, reason, .. } => match reason {
            Some(reason) => format!("{}*** {} left ({reason})", place(channel, cx), who.nick),
            None => format!("{}*** {} left", place(channel, cx), who.nick),
        },
        Event::Quit { who, reason, .. } if reason.is_empty() => format!("*** {} left", who.nick),
        Event::Quit { who, reason, .. } => format!("*** {} left ({reason})", who.nick),
        Event::Kicked { by, channel, nick, reason, .. } => {
            format!("{}*** {nick} was put out by {} ({reason})", place(channel, cx), speaker(by, cx))
        }
        Event::Renamed { who, nick, .. } => format!("*** {} is called {nick} now", who.nick),
        Event::Topic { by, channel, topic, .. } if topic.is_empty() => {
            format!("{}*** {} removed the topic", place(channel, cx), speaker(by, cx))
        }
        Event::Topic { by, channel, topic, .. } => {
            format!("{}*** {} set the topic: {topic}", place(channel, cx), speaker(by, cx))
        }
        Event::ChannelMode { by, channel, changes, .. } => {
            let changes: Vec<_> = changes.iter().map(mode_change).collect();
            format!("{}*** {} set {}", place(channel, cx), speaker(by, cx), changes.join(" "))
        }
        Event::Invited { to_members: true, by, channel, nick, .. } => {
            format!("{}*** {} invited {nick}", place(channel, cx), by.nick)
        }
        Event::Invited { by, channel, .. } => {
            format!("*** {} invites you to {channel}; /join {channel} goes there", by.nick)
        }
        // Too small to interrupt a conversation with; /whois and /ls tell them.
        Event::Away { .. } | Event::AccountChanged { .. } | Event::RealnameChanged { .. } => return None,
    })
}

/// A message in words. `None` for tags alone and for what programs say to each other in CTCP.
pub(super) fn said(message: &Message, cx: &Context) -> Option<String> {
    let from = speaker(&message.from, cx);
    let (text, is_action) = match body(message)? {
        Body::Text(text) => (text, false),
        Body::Action(text) => (text, true),
        Body::Ctcp => return None,
    };
    let place = match &message.target {
        Target::Channel { name, rank: None } => place(name, cx),
        Target::Channel { name, rank: Some(rank) } => Cow::Owned(format!("{}{name} ", rank.prefix())),
        Target::User(to) if message.kind == MessageKind::Notice => {
            return Some(format!("-{from} -> {}- {text}", to.nick));
        }
        Target::User(to) if is_action => return Some(format!("[{from} -> {}] * {from} {text}", to.nick)),
        Target::User(to) => return Some(format!("[{from} -> {}] {text}", to.nick)),
    };
    Some(match message.kind {
        MessageKind::Notice => format!("{place}-{from}- {text}"),
        _ if is_action => format!("{place}* {from} {text}"),
        _ => format!("{place}<{from}> {text}"),
    })
}

/// The channel before a line, unless it is the room that everybody is in.
pub(super) fn place(channel: &ChannelName, cx: &Context) -> Cow<'static, str> {
    if cx.lobby.as_ref() == Some(channel) { Cow::Borrowed("") } else { Cow::Owned(format!("{channel} ")) }
}

fn speaker<'a>(source: &'a Source, cx: &'a Context) -> &'a str {
    source.nick().map_or(&*cx.server, |nick| nick.as_str())
}

fn mode_change(change: &ModeChange) -> String {
    let sign = |on: bool| if on { '+' } else { '-' };
    match change {
        ModeChange::Flag { flag, on } => format!("{}{}", sign(*on), flag.letter()),
        ModeChange::Key(key) => format!("{}k", sign(key.is_some())),
        ModeChange::Limit(Some(limit)) => format!("+l {limit}"),
        ModeChange::Limit(None) => "-l".into(),
        ModeChange::Rank { rank, on, nick } => format!("{}{} {nick}", sign(*on), rank.letter()),
        ModeChange::Ban { on, mask } => format!("{}b {mask}", sign(*on)),
    }
}

/// Messages of the past between two lines that say so, with the day wherever it changes. Nothing for none.
pub(super) fn past(what: &str, messages: &[Arc<Message>], now: Time, cx: &Context, out: &mut Vec<u8>) {
    let shown: Vec<(Time, String)> =
        messages.iter().filter_map(|m| said(m, cx).map(|text| (m.id.time(), text))).collect();
    if shown.is_empty() {
        return;
    }
    line(&format!("--- {what}: {} ---", shown.len()), out);
    let mut today: Date = clock::day(now, &cx.zone);
    for (time, text) in shown {
        let day = clock::day(time, &cx.zone);
        if day != today {
            line(&format!("--- {} ---", clock::day_in_words(day)), out);
            today = day;
        }
        timed(time, &text, cx, out);
    }
    line("--- now ---", out);
}
