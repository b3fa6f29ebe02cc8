//! Events as lines, for everybody whose capabilities are the same. This is the busiest code of the face: a message
//! goes straight into the output, without a string in between.

use chat_model::call::clip;
use chat_model::event::Event;
use chat_model::id::Stamp;
use chat_model::message::{Message, MessageKind, Target};
use chat_model::mode::{ModeChange, Ranks};
use chat_model::name::ChannelName;
use chat_model::who::{Source, Who};

use super::capability::{Capabilities, Capability};
use super::channel::mode_lines;
use super::clock::push_time;
use super::line::{Line, Tags};
use crate::{Context, sentences};

/// How somebody sees events.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) capabilities: Capabilities,
    /// The batch that the lines are in.
    pub(super) batch: Option<&'a str>,
    pub(super) cx: &'a Context,
}

impl View<'_> {
    /// Appends the event as this viewer is shown it, or nothing.
    pub(super) fn event(self, event: &Event, out: &mut Vec<u8>) {
        let has = |capability| self.capabilities.has(capability);
        let line = |out| self.plain_head(event, out);
        match event {
            Event::Message(message) => self.message(message, "", out),
            Event::Joined { at, who, channel, ranks, .. } => {
                let join = line(out).command("JOIN").name(channel.as_str());
                if has(Capability::ExtendedJoin) {
                    join.name(account_of(who)).text(&who.realname);
                } else {
                    join.end();
                }
                self.ranks_of(*at, channel, who, *ranks, out);
            }
            Event::Parted { channel, reason, .. } => {
                let part = line(out).command("PART").name(channel.as_str());
                optional(part, reason.as_deref());
            }
            Event::Quit { reason, .. } => {
                let reason = sentences::left(reason, self.cx.language);
                line(out).command("QUIT").text(&reason);
            }
            Event::Kicked { channel, nick, reason, .. } => {
                line(out).command("KICK").name(channel.as_str()).name(nick.as_str()).text(reason);
            }
            Event::Renamed { nick, .. } => line(out).command("NICK").name(nick.as_str()).end(),
            Event::Topic { channel, topic, .. } => {
                line(out).command("TOPIC").name(channel.as_str()).text(topic);
            }
            Event::ChannelMode { channel, changes, .. } => {
                mode_lines(changes, out, |out| {
                    self.plain_head(event, out).command("MODE").word(channel.as_str())
                });
            }
            Event::Invited { channel, nick, to_members, .. } => {
                if !to_members || has(Capability::InviteNotify) {
                    line(out).command("INVITE").name(nick.as_str()).name(channel.as_str()).end();
                }
            }
            Event::Away { message, .. } if has(Capability::AwayNotify) => {
                optional(line(out).command("AWAY"), message.as_deref());
            }
            Event::AccountChanged { account, .. } if has(Capability::AccountNotify) => {
                let account = account.as_ref().map_or("*", |account| account.as_str());
                line(out).command("ACCOUNT").name(account).end();
            }
            Event::RealnameChanged { who, .. } if has(Capability::Setname) => {
                line(out).command("SETNAME").text(&who.realname);
            }
            // IRC has no line for a crowd: its members are told of one by one, when they do something.
            Event::Away { .. }
            | Event::AccountChanged { .. }
            | Event::RealnameChanged { .. }
            | Event::Crowd { .. } => {}
        }
    }

    /// The ranks that somebody came into a channel with, which JOIN does not tell.
    fn ranks_of(self, at: Stamp, channel: &ChannelName, who: &Who, ranks: Ranks, out: &mut Vec<u8>) {
        let nick = &who.nick;
        let changes: Vec<_> =
            ranks.iter().map(|rank| ModeChange::Rank { rank, on: true, nick: nick.clone() }).collect();
        if !changes.is_empty() {
            mode_lines(&changes, out, |out| {
                self.head(at, None, None, out).command("MODE").word(channel.as_str())
            });
        }
    }

    /// A message, with `stamp` before its text, in as many lines as it takes: nothing of it is cut.
    pub(super) fn message(self, message: &Message, stamp: &str, out: &mut Vec<u8>) {
        if message.kind == MessageKind::Tagmsg {
            if self.capabilities.has(Capability::MessageTags) {
                self.addressed(message, true, out).end();
            }
            return;
        }
        let (open, text, close) = unwrap_action(&message.text);
        let (mut rest, mut first) = (text, true);
        loop {
            let line = self.addressed(message, first, out);
            let stamp = if first { stamp } else { "" };
            let room = line.room().saturating_sub(open.len() + stamp.len() + close.len());
            let piece = piece(rest, room);
            line.text_of(&[open, stamp, piece, close]);
            rest = &rest[piece.len()..];
            first = false;
            if rest.is_empty() || piece.is_empty() {
                return;
            }
        }
    }

    /// A message up to its text. Only the first line of a message carries its id.
    fn addressed<'o>(self, message: &Message, first: bool, out: &'o mut Vec<u8>) -> Line<'o> {
        let who = match &message.from {
            Source::User(who) => Some(&**who),
            Source::Server => None,
        };
        let line = self.head(message.at, who, first.then_some(message), out).command(message.kind.command());
        match &message.target {
            Target::Channel { name, rank } => {
                let mut buffer = [0; 4];
                let sign = rank.map_or("", |rank| &*rank.prefix().encode_utf8(&mut buffer));
                line.signed_name(sign, name.as_str())
            }
            Target::User(to) => line.name(to.nick.as_str()),
        }
    }

    /// Tags and source of an event that is no message.
    fn plain_head<'o>(self, event: &Event, out: &'o mut Vec<u8>) -> Line<'o> {
        self.head(event.at(), event.who(), None, out)
    }

    /// Tags and source. `message` is what the tags of a message are taken from.
    fn head<'o>(
        self,
        at: Stamp,
        who: Option<&Who>,
        message: Option<&Message>,
        out: &'o mut Vec<u8>,
    ) -> Line<'o> {
        let mut tags = Tags::new(out);
        if let Some(batch) = self.batch {
            tags.tag("batch=").extend_from_slice(batch.as_bytes());
        }
        if self.capabilities.has(Capability::ServerTime) {
            push_time(at.time, tags.tag("time="));
        }
        let message_tags = self.capabilities.has(Capability::MessageTags);
        if let Some(message) = message.filter(|_| message_tags) {
            push_number(message.at.id.0, tags.tag("msgid="));
        }
        if let Some(who) = who {
            if let Some(account) =
                who.account.as_ref().filter(|_| self.capabilities.has(Capability::AccountTag))
            {
                tags.tag("account=").extend_from_slice(account.as_str().as_bytes());
            }
            if who.bot && message_tags {
                tags.tag("bot");
            }
        }
        if let Some(client) = message.and_then(|message| message.tags.as_ref()).filter(|_| message_tags) {
            tags.tag(&client.0);
        }
        match who {
            Some(who) => tags.end().who(who),
            None => tags.end().server(self.cx),
        }
    }
}

/// The account, or the `*` that stands for none.
fn account_of(who: &Who) -> &str {
    who.account.as_ref().map_or("*", |account| account.as_str())
}

/// Takes a CTCP ACTION apart, so that what comes before or is left out of its text stays inside it.
fn unwrap_action(text: &str) -> (&'static str, &str, &'static str) {
    match text.strip_prefix("\x01ACTION ") {
        Some(inner) => ("\x01ACTION ", inner.strip_suffix('\x01').unwrap_or(inner), "\x01"),
        None => ("", text, ""),
    }
}

/// What of a longer text fits, ending after a word where that leaves most of the room in use.
fn piece(text: &str, bytes_max: usize) -> &str {
    let piece = clip(text, bytes_max);
    match piece.rfind(' ') {
        Some(space) if piece.len() < text.len() && space > bytes_max / 2 => &piece[..=space],
        _ => piece,
    }
}

fn optional(line: Line<'_>, text: Option<&str>) {
    match text {
        Some(text) => line.text(text),
        None => line.end(),
    }
}

fn push_number(number: i64, out: &mut Vec<u8>) {
    use std::io::Write;
    write!(out, "{number}").expect("writing to memory cannot fail");
}
