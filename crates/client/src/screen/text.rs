//! Lines for people: `[14:02] <alice> hi`.

use chat_model::id::Time;
use chat_model::language::Language;
use chat_model::sentence;
use chat_wire::clock::day_in_words;
use chat_wire::screen::sanitize;
use chat_wire::sentences::in_brackets;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use unicode_width::UnicodeWidthStr as _;

use super::colour::Look;
use super::wrap::wrap;
use crate::session::line::{Kind, Line, Person, Said, What};

/// Columns between two names in `/ls`.
const GAP: usize = 2;
/// What a terminal rings the bell for.
const BELL: char = '\u{7}';

/// Turns lines into text, and remembers which day it is.
#[derive(Debug)]
pub(crate) struct Text {
    /// Whether there are colours.
    pub(crate) colours: bool,
    /// Whether somebody sits there to whom a bell and whole words matter.
    pub(crate) attended: bool,
    /// Columns of the terminal.
    pub(crate) columns: usize,
    /// The language of what comes and goes.
    pub(crate) language: Language,
    zone: TimeZone,
    day: Option<Date>,
}

impl Text {
    /// Text for a terminal or a file.
    pub(crate) fn new(colours: bool, attended: bool, columns: usize, zone: TimeZone) -> Self {
        Self { colours, attended, columns, language: Language::default(), zone, day: None }
    }

    /// The rows for a line; each ends with a line feed.
    pub(crate) fn rows(&mut self, line: &Line) -> String {
        let mut rows = String::new();
        if has_clock(&line.what) {
            rows.extend(self.day_row(line.time));
        }
        if self.attended && rings(&line.what) {
            rows.push(BELL);
        }
        for row in self.body(line) {
            rows.push_str(&row);
            rows.push('\n');
        }
        rows
    }

    /// A row of its own when another day begins.
    fn day_row(&mut self, time: Time) -> Option<String> {
        let day = self.local(time)?.date();
        let before = self.day.replace(day);
        if before.is_none_or(|before| before == day) {
            return None;
        }
        let text = format!("-- {} --", day_in_words(day, self.language));
        Some(format!("{}\n", self.quiet(&text)))
    }

    fn local(&self, time: Time) -> Option<jiff::Zoned> {
        let stamp = jiff::Timestamp::from_millisecond(time.0).ok()?;
        Some(stamp.to_zoned(self.zone.clone()))
    }

    fn body(&self, line: &Line) -> Vec<String> {
        let clock = self.local(line.time).map_or_else(String::new, |at| at.strftime("[%H:%M]").to_string());
        let clock = self.quiet(&clock);
        match &line.what {
            What::Message(said) => vec![format!("{clock} {}", self.said(said))],
            What::Whisper(said) => vec![format!("{clock} {}", self.whisper(said))],
            What::People { channel, people } => self.people(channel, people),
            What::Error { text, .. } => self.sentence(Look::Error, &format!("!! {}", sanitize(text))),
            What::Info { text } | What::Server { text, .. } => {
                self.sentence(Look::Quiet, &format!("-- {}", sanitize(text)))
            }
            what => vec![format!("{clock} {}", self.quiet(&format!("-- {}", in_words(what, self.language))))],
        }
    }

    /// Rows for what nobody will want to copy in one piece.
    fn sentence(&self, look: Look, text: &str) -> Vec<String> {
        let rows = if self.attended { wrap(text, self.columns) } else { vec![text.to_owned()] };
        rows.iter().map(|row| self.paint(look, row)).collect()
    }

    fn said(&self, said: &Said) -> String {
        let label = match &said.channel {
            Some(channel) if said.elsewhere => format!("{} ", sanitize(channel)),
            _ => String::new(),
        };
        let nick = self.nick(&said.nick);
        let text = sanitize(&said.text);
        let text = if said.mention { self.paint(Look::Mention, &text) } else { text.into_owned() };
        match said.kind {
            Kind::Privmsg => format!("{label}<{nick}> {text}"),
            Kind::Notice => format!("{label}-{nick}- {text}"),
            Kind::Action => format!("{label}* {nick} {text}"),
        }
    }

    fn whisper(&self, said: &Said) -> String {
        let (from, to) = (sanitize(&said.nick), sanitize(said.to.as_deref().unwrap_or_default()));
        let text = sanitize(&said.text);
        let ends = |left, right| self.paint(Look::Whisper, &format!("{left}{from} -> {to}{right}"));
        match said.kind {
            Kind::Privmsg => format!("{} {text}", ends('[', ']')),
            Kind::Notice => format!("{} {text}", ends('-', '-')),
            Kind::Action => format!("{} * {} {text}", ends('[', ']'), self.nick(&said.nick)),
        }
    }

    /// Names in columns, as many as fit.
    fn people(&self, channel: &str, people: &[Person]) -> Vec<String> {
        let count = people.len();
        let channel = sanitize(channel);
        let heading =
            sentence!(self.language, en = "-- {count} in {channel}:", zh = "-- {channel} 有 {count} 人：");
        let mut rows = vec![self.quiet(&heading)];
        let cells: Vec<(String, usize)> = people.iter().map(|person| self.cell(person)).collect();
        let width = cells.iter().map(|(_, width)| width + GAP).max().unwrap_or(1);
        let columns = (self.columns.saturating_sub(3) / width).max(1);
        for cells in cells.chunks(columns) {
            let mut row = String::from("  ");
            for (text, used) in cells {
                row.push(' ');
                row.push_str(text);
                row.push_str(&" ".repeat(width - used - 1));
            }
            rows.push(row.trim_end().to_owned());
        }
        rows
    }

    /// A name with its rank, and how wide it is on the screen.
    fn cell(&self, person: &Person) -> (String, usize) {
        let prefix = sanitize(&person.prefix).into_owned();
        let width = prefix.width() + sanitize(&person.nick).width();
        (format!("{prefix}{}", self.nick(&person.nick)), width)
    }

    fn nick(&self, nick: &str) -> String {
        self.paint(Look::of_nick(nick), &sanitize(nick))
    }

    fn quiet(&self, text: &str) -> String {
        self.paint(Look::Quiet, text)
    }

    fn paint(&self, look: Look, text: &str) -> String {
        look.paint(self.colours, text)
    }
}

/// Whether a line has its time in it. Answers and remarks belong to now anyway.
fn has_clock(what: &What) -> bool {
    !matches!(what, What::People { .. } | What::Error { .. } | What::Info { .. } | What::Server { .. })
}

/// Whether something calls for the user.
fn rings(what: &What) -> bool {
    match what {
        What::Message(said) => said.mention && !said.past,
        What::Whisper(said) => !said.own && !said.past && said.kind != Kind::Notice,
        What::Invite { .. } => true,
        _ => false,
    }
}

/// What comes and goes, in words.
fn in_words(what: &What, l: Language) -> String {
    let text = match what {
        What::Join { channel, nick, account } => {
            let account = account.as_ref().filter(|account| !account.eq_ignore_ascii_case(nick));
            let account = account.map_or_else(String::new, |account| {
                sentence!(l, en = " (account {account})", zh = "（账号 {account}）")
            });
            sentence!(l, en = "{nick}{account} joined {channel}", zh = "{nick}{account} 加入了 {channel}")
        }
        What::Part { channel, nick, text } => {
            let why = in_brackets(text, l);
            sentence!(l, en = "{nick} left {channel}{why}", zh = "{nick} 离开了 {channel}{why}")
        }
        What::Quit { nick, text } => {
            sentence!(l, en = "{nick} is gone{why}", zh = "{nick} 走了{why}", why = in_brackets(text, l))
        }
        What::Nick { nick, to } => sentence!(l, en = "{nick} is now {to}", zh = "{nick} 改名为 {to}"),
        What::Kick { channel, nick, by, text } => {
            let why = in_brackets(text, l);
            sentence!(
                l,
                en = "{by} kicked {nick} out of {channel}{why}",
                zh = "{by} 把 {nick} 踢出了 {channel}{why}",
            )
        }
        What::Topic { channel, nick: Some(nick), text } if text.is_empty() => {
            sentence!(l, en = "{nick} removed the topic of {channel}", zh = "{nick} 取消了 {channel} 的主题")
        }
        What::Topic { channel, nick: Some(nick), text } => {
            sentence!(
                l,
                en = "{nick} set the topic of {channel}: {text}",
                zh = "{nick} 把 {channel} 的主题改为：{text}"
            )
        }
        What::Topic { channel, nick: None, text } => {
            sentence!(l, en = "topic of {channel}: {text}", zh = "{channel} 的主题：{text}")
        }
        What::Mode { target, nick, text } => {
            sentence!(l, en = "{nick} set {text} on {target}", zh = "{nick} 给 {target} 设置了模式 {text}")
        }
        What::Invite { channel, nick } => sentence!(
            l,
            en = "{nick} invites you to {channel}: /join {channel}",
            zh = "{nick} 邀请你加入 {channel}：/join {channel}",
        ),
        What::Connection { text, .. } => text.clone(),
        What::Message(said) | What::Whisper(said) => said.text.clone(),
        What::People { channel, .. } => channel.clone(),
        What::Server { text, .. } | What::Info { text } | What::Error { text, .. } => text.clone(),
    };
    sanitize(&text).into_owned()
}
