//! What the server sends: one type for every object, with the fields that it has left out where they say nothing.

use std::borrow::Cow;

use chat_model::ctcp::{Body, body};
use chat_model::event::Event;
use chat_model::id::Time;
use chat_model::message::{Message, MessageKind, Target};
use chat_model::mode::Rank;
use chat_model::name::{Account, ChannelName, Nick};
use chat_model::who::Source;
use serde::Serialize;

use crate::screen::sanitize;
use crate::{Context, clock, sentences};

/// One object. `msg` may be printed as it is; the rest is for machines and tells texts as they were sent.
#[derive(Default, Serialize)]
pub(super) struct Object<'a> {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    /// Whether it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) success: Option<bool>,
    pub(super) msg: String,
    /// Why not, for machines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<&'static str>,
    /// What a program would send to help itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hint: Option<&'static str>,
    /// What a program can send, an object each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) objects: Option<&'static [&'static str]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) time: Option<String>,
    /// What happened, in a `system_msg`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) event: Option<&'static str>,
    /// Whom it happened to, or whom the login made of the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) nick: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) to: Option<&'a str>,
    /// A channel other than the room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) channel: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) account: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) users: Option<Vec<&'a str>>,
    /// The new mode, in the answer to `ignore`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) muted: Option<bool>,
    /// The language of `msg`, in the answer to `lang`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) lang: Option<&'static str>,
    /// Whether `text` is what the sender does (`/me`).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) action: bool,
    /// Whether it is an IRC NOTICE, which a machine must not answer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) notice: bool,
    /// Whether it was said before the login.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) past: bool,
}

impl Object<'_> {
    /// Appends the object and a newline.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        serde_json::to_writer(&mut *out, self).expect("writing strings to memory cannot fail");
        out.push(b'\n');
    }
}

/// A sentence about something, with its time before it: `[TIME : …]\r\n[ SYSTEM ] : text\r\n`.
pub(super) fn system<'a>(text: Cow<'a, str>, time: Time, cx: &Context) -> Object<'a> {
    let shown = sanitize(&text).into_owned();
    system_shown(text, &shown, time, cx)
}

/// An answer of the server's own, which may have several lines: one object all the same, since clients of this protocol take
/// what they read at once for one.
pub(super) fn lines(text: String, time: Time, cx: &Context) -> Object<'static> {
    let lines: Vec<_> = text.lines().map(sanitize).collect();
    let shown = lines.join("\r\n");
    system_shown(text.into(), &shown, time, cx)
}

fn system_shown<'a>(text: Cow<'a, str>, shown: &str, time: Time, cx: &Context) -> Object<'a> {
    let msg = format!("{}[ SYSTEM ] : {shown}\r\n", stamp(time, cx));
    Object {
        kind: "system_msg",
        msg,
        text: Some(text),
        time: Some(clock::rfc3339(time)),
        ..Object::default()
    }
}

fn stamp(time: Time, cx: &Context) -> String {
    format!("[TIME : {}]\r\n", clock::ctime(time, &cx.zone))
}

/// A message as an object. `None` for tags alone and for what programs say to each other in CTCP.
pub(super) fn message<'a>(message: &'a Message, cx: &'a Context) -> Option<Object<'a>> {
    match body(&message.text) {
        _ if message.kind == MessageKind::Tagmsg => None,
        Body::Text(text) => Some(said(message, text, false, cx)),
        Body::Action(text) => Some(said(message, text, true, cx)),
        Body::Ctcp(_) => None,
    }
}

/// A message that its sender is shown whatever it is: the receipt.
pub(super) fn receipt<'a>(own: &'a Message, cx: &'a Context) -> Option<Object<'a>> {
    match own.kind {
        MessageKind::Tagmsg => None,
        MessageKind::Privmsg | MessageKind::Notice => {
            message(own, cx).or_else(|| Some(said(own, &own.text, false, cx)))
        }
    }
}

fn said<'a>(message: &'a Message, text: &'a str, action: bool, cx: &'a Context) -> Object<'a> {
    let from = cx.speaker(&message.from);
    let head = match &message.target {
        Target::Channel { name, rank } => match channel_label(name, *rank, cx) {
            Some(label) => format!("[{from} @ {label}]"),
            None => format!("[{from}]"),
        },
        Target::User(to) => format!("[ {from} CHATTING TO {} ]", to.nick),
    };
    let shown = if action { Cow::Owned(format!("* {from} {text}")) } else { Cow::Borrowed(text) };
    let time = message.at.time;
    let (kind, to, channel) = match &message.target {
        Target::Channel { name, .. } => ("broadcast", name.as_str(), other_channel(name, cx)),
        Target::User(to) => ("single", to.nick.as_str(), None),
    };
    let account = match &message.from {
        Source::User(who) => who.account.as_ref().map(|account| account.as_str()),
        Source::Server => None,
    };
    Object {
        kind,
        msg: format!("{}{head} : {}\r\n", stamp(time, cx), sanitize(&shown)),
        id: Some(message.at.id.to_string()),
        time: Some(clock::rfc3339(time)),
        from: Some(from),
        to: Some(to),
        channel,
        text: Some(Cow::Borrowed(text)),
        account,
        action,
        notice: message.kind == MessageKind::Notice,
        ..Object::default()
    }
}

/// The channel as `msg` tells it: nothing for the room, unless only part of it is spoken to.
fn channel_label(channel: &ChannelName, rank: Option<Rank>, cx: &Context) -> Option<String> {
    match rank {
        Some(rank) => Some(format!("{}{channel}", rank.prefix())),
        None => other_channel(channel, cx).map(str::to_owned),
    }
}

fn other_channel<'a>(channel: &'a ChannelName, cx: &Context) -> Option<&'a str> {
    (cx.lobby.as_ref() != Some(channel)).then_some(channel.as_str())
}

/// See [`crate::encode`].
pub fn encode(event: &Event, cx: &Context, out: &mut Vec<u8>) {
    let object = match event {
        Event::Message(said) => message(said, cx),
        _ => happening(event, cx),
    };
    if let Some(object) = object {
        object.write(out);
    }
}

/// What happens in the room besides talk, as a `system_msg`. Other channels are told of by their messages alone.
fn happening<'a>(event: &'a Event, cx: &'a Context) -> Option<Object<'a>> {
    let is_elsewhere = event.channel().is_some_and(|channel| other_channel(channel, cx).is_some());
    let (what, nick) = match event {
        Event::Joined { who, arrived: true, .. } => ("joined", Some(&who.nick)),
        _ if is_elsewhere => return None,
        Event::Joined { who, .. } => ("joined", Some(&who.nick)),
        Event::Parted { who, .. } | Event::Quit { who, .. } => ("left", Some(&who.nick)),
        Event::Crowd { .. } => ("crowd", None),
        Event::Kicked { nick, .. } => ("kicked", Some(nick)),
        Event::Renamed { who, .. } => ("renamed", Some(&who.nick)),
        Event::Topic { .. } => ("topic", None),
        Event::Message(_)
        | Event::ChannelMode { .. }
        | Event::Invited { .. }
        | Event::Away { .. }
        | Event::AccountChanged { .. }
        | Event::RealnameChanged { .. } => return None,
    };
    let text = sentences::event(event, cx)?;
    let account = event.who().filter(|who| Some(&who.nick) == nick).and_then(|who| who.account.as_ref());
    Some(Object {
        event: Some(what),
        id: Some(event.at().id.to_string()),
        nick: nick.map(Nick::as_str),
        to: if let Event::Renamed { nick, .. } = event { Some(nick.as_str()) } else { None },
        account: account.map(Account::as_str),
        ..system(Cow::Owned(text), event.at().time, cx)
    })
}
