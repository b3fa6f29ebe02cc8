//! Events as lines of text. Whatever others wrote goes through [`sanitize`] on its way out.

use std::borrow::Cow;
use std::sync::Arc;

use chat_model::ctcp::{Body, body};
use chat_model::event::Event;
use chat_model::id::Time;
use chat_model::message::{Message, MessageKind, Target};
use chat_model::mode::ModeChange;
use chat_model::name::ChannelName;
use chat_model::who::Source;
use chat_model::{phrase, sentence};
use jiff::civil::Date;

use crate::screen::sanitize;
use crate::sentences::in_brackets;
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
        timed(event.id().time(), &text, cx, out);
    }
}

fn in_words(event: &Event, cx: &Context) -> Option<String> {
    let l = cx.language;
    Some(match event {
        Event::Message(message) => return said(message, cx),
        Event::Joined { who, channel, .. } => {
            let (place, nick) = (place(channel, cx), &who.nick);
            sentence!(l, en = "{place}*** {nick} came in", zh = "{place}*** {nick} 进来了")
        }
        Event::Parted { who, channel, reason, .. } => {
            let why = in_brackets(reason.as_deref().unwrap_or_default(), l);
            let (place, nick) = (place(channel, cx), &who.nick);
            sentence!(l, en = "{place}*** {nick} left{why}", zh = "{place}*** {nick} 离开了{why}")
        }
        Event::Quit { who, reason, .. } => {
            let why = in_brackets(&sentences::left(reason, l), l);
            sentence!(l, en = "*** {nick} left{why}", zh = "*** {nick} 离开了{why}", nick = who.nick)
        }
        Event::Crowd { channel, came, went, .. } => {
            let (place, crowd) = (place(channel, cx), sentences::crowd(*came, *went, l));
            format!("{place}*** {crowd}")
        }
        Event::Kicked { by, channel, nick, reason, .. } => {
            let (place, by, why) = (place(channel, cx), speaker(by, cx), in_brackets(reason, l));
            sentence!(
                l,
                en = "{place}*** {nick} was put out by {by}{why}",
                zh = "{place}*** {nick} 被 {by} 踢出{why}",
            )
        }
        Event::Renamed { who, nick, .. } => {
            sentence!(
                l,
                en = "*** {old} is called {nick} now",
                zh = "*** {old} 改名为 {nick}",
                old = who.nick
            )
        }
        Event::Topic { by, channel, topic, .. } => {
            let (place, by) = (place(channel, cx), speaker(by, cx));
            match topic.is_empty() {
                true => {
                    sentence!(l, en = "{place}*** {by} removed the topic", zh = "{place}*** {by} 取消了主题")
                }
                false => {
                    sentence!(
                        l,
                        en = "{place}*** {by} set the topic: {topic}",
                        zh = "{place}*** {by} 设了主题：{topic}"
                    )
                }
            }
        }
        Event::ChannelMode { by, channel, changes, .. } => {
            let changes: Vec<_> = changes.iter().map(ModeChange::to_string).collect();
            let (place, by, modes) = (place(channel, cx), speaker(by, cx), changes.join(" "));
            sentence!(l, en = "{place}*** {by} set {modes}", zh = "{place}*** {by} 设了 {modes}")
        }
        Event::Invited { to_members: true, by, channel, nick, .. } => {
            let (place, by) = (place(channel, cx), &by.nick);
            sentence!(l, en = "{place}*** {by} invited {nick}", zh = "{place}*** {by} 邀请了 {nick}")
        }
        Event::Invited { by, channel, .. } => sentence!(
            l,
            en = "*** {by} invites you to {channel}; /join {channel} goes there",
            zh = "*** {by} 邀请你加入 {channel}，输入 /join {channel} 即可",
            by = by.nick,
        ),
        // Too small to interrupt a conversation with; /whois and /ls tell them.
        Event::Away { .. } | Event::AccountChanged { .. } | Event::RealnameChanged { .. } => return None,
    })
}

/// A message in words. `None` for tags alone and for what programs say to each other in CTCP.
pub(super) fn said(message: &Message, cx: &Context) -> Option<String> {
    let from = speaker(&message.from, cx);
    let (text, is_action) = match body(&message.text) {
        _ if message.kind == MessageKind::Tagmsg => return None,
        Body::Text(text) => (text, false),
        Body::Action(text) => (text, true),
        Body::Ctcp(_) => return None,
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

/// Messages of the past between two lines that say so, with the day wherever it changes. Nothing for none.
pub(super) fn past(what: &str, messages: &[Arc<Message>], now: Time, cx: &Context, out: &mut Vec<u8>) {
    let shown: Vec<(Time, String)> =
        messages.iter().filter_map(|m| said(m, cx).map(|text| (m.id.time(), text))).collect();
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
