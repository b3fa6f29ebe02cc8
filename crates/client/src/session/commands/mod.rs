//! What people type behind a `/`: THE table of commands. Help, completion and arity errors come from its rows.

mod account;
mod channels;
pub(crate) mod help;
mod people;
mod privacy;
mod talk;
mod this;

use chat_model::phrase;
use chat_model::sentence;
use chat_model::slip;
use chat_wire::sentences::usage;

use super::Session;
pub(crate) use privacy::{aims_at, asks_for_secret, is_service, may_be_kept};

/// A command.
#[derive(Debug)]
pub(crate) struct Command {
    /// Its name, without the `/`.
    pub(crate) name: &'static str,
    /// A shorter name.
    pub(crate) short: Option<&'static str>,
    /// Its words, as help shows them.
    pub(crate) args: &'static str,
    /// What Tab completes behind it, word by word; the last one goes on for ever.
    pub(crate) complete: &'static [Complete],
    /// Whether it can be done without a connection.
    offline: bool,
    /// Whether its words are nobody else's business, not even the input history's.
    pub(crate) secret: bool,
    run: fn(&mut Session, &mut Words<'_>) -> Result<(), Problem>,
}

/// What a word can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Complete {
    /// Nothing that is known here.
    Nothing,
    /// A nickname.
    Nick,
    /// A channel.
    Channel,
    /// A channel or a nickname.
    Target,
    /// A command.
    Command,
}

/// Why a command was not done.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// Words are missing.
    Usage,
    /// Something else, in a sentence.
    Because(String),
}

impl From<&str> for Problem {
    fn from(text: &str) -> Self {
        Self::Because(text.to_owned())
    }
}

/// The words behind a command, and where the line was meant to go.
#[derive(Debug)]
pub(super) struct Words<'a> {
    rest: &'a str,
    active: Option<String>,
}

impl<'a> Words<'a> {
    /// The next word, if there is one.
    fn next(&mut self) -> Option<&'a str> {
        let (word, rest) = self.rest.split_once(' ').unwrap_or((self.rest, ""));
        self.rest = rest.trim_start();
        (!word.is_empty()).then_some(word)
    }

    /// The next word, which must be there.
    fn word(&mut self) -> Result<&'a str, Problem> {
        self.next().ok_or(Problem::Usage)
    }

    /// Everything that is left; may be empty.
    fn rest(&mut self) -> &'a str {
        std::mem::take(&mut self.rest).trim_end()
    }

    /// Everything that is left, which must be something.
    fn text(&mut self) -> Result<&'a str, Problem> {
        Some(self.rest()).filter(|text| !text.is_empty()).ok_or(Problem::Usage)
    }

    /// The next word if it is a channel, else the active one.
    fn channel(&mut self, session: &Session) -> Result<String, Problem> {
        let named = self.rest.split(' ').next().filter(|word| session.support.is_channel(word));
        if let Some(named) = named {
            self.next();
            return Ok(named.to_owned());
        }
        let active = self.active.clone().filter(|active| session.support.is_channel(active));
        active.ok_or_else(|| {
            let text = phrase!(
                session.language(),
                en = "you are in no channel; name one: #channel",
                zh = "你不在任何频道，请写明：#频道",
            );
            text.into()
        })
    }
}

/// The commands, in the order of `/help`.
pub(crate) static COMMANDS: &[Command] = &[
    Command {
        name: "ls",
        short: None,
        args: "[#channel]",
        complete: &[Complete::Channel],
        offline: false,
        secret: false,
        run: channels::ls,
    },
    Command {
        name: "help",
        short: Some("h"),
        args: "[command]",
        complete: &[Complete::Command],
        offline: true,
        secret: false,
        run: this::help,
    },
    Command {
        name: "i",
        short: None,
        args: "",
        complete: &[],
        offline: false,
        secret: false,
        run: people::mute,
    },
    Command {
        name: "join",
        short: Some("j"),
        args: "#channel [key]",
        complete: &[Complete::Channel],
        offline: false,
        secret: false,
        run: channels::join,
    },
    Command {
        name: "part",
        short: None,
        args: "[#channel] [reason]",
        complete: &[Complete::Channel],
        offline: false,
        secret: false,
        run: channels::part,
    },
    Command {
        name: "to",
        short: None,
        args: "#channel | nick",
        complete: &[Complete::Target],
        offline: true,
        secret: false,
        run: channels::to,
    },
    Command {
        name: "msg",
        short: Some("m"),
        args: "nick|#channel text",
        complete: &[Complete::Target, Complete::Nick],
        offline: false,
        secret: false,
        run: talk::msg,
    },
    Command {
        name: "me",
        short: None,
        args: "text",
        complete: &[Complete::Nick],
        offline: false,
        secret: false,
        run: talk::me,
    },
    Command {
        name: "topic",
        short: None,
        args: "[#channel] [text]",
        complete: &[Complete::Channel, Complete::Nick],
        offline: false,
        secret: false,
        run: channels::topic,
    },
    Command {
        name: "who",
        short: None,
        args: "[#channel | nick | mask]",
        complete: &[Complete::Target],
        offline: false,
        secret: false,
        run: people::who,
    },
    Command {
        name: "whois",
        short: None,
        args: "nick",
        complete: &[Complete::Nick],
        offline: false,
        secret: false,
        run: people::whois,
    },
    Command {
        name: "nick",
        short: None,
        args: "nick",
        complete: &[Complete::Nothing],
        offline: false,
        secret: false,
        run: people::nick,
    },
    Command {
        name: "away",
        short: None,
        args: "[text]",
        complete: &[Complete::Nothing],
        offline: false,
        secret: false,
        run: people::away,
    },
    Command {
        name: "history",
        short: None,
        args: "[#channel | nick] [lines]",
        complete: &[Complete::Target],
        offline: false,
        secret: false,
        run: talk::history,
    },
    Command {
        name: "register",
        short: None,
        args: "[password]",
        complete: &[Complete::Nothing],
        offline: false,
        secret: true,
        run: account::register,
    },
    Command {
        name: "password",
        short: None,
        args: "[password]",
        complete: &[Complete::Nothing],
        offline: true,
        secret: true,
        run: account::password,
    },
    Command {
        name: "lang",
        short: None,
        args: "[en | zh]",
        complete: &[Complete::Nothing],
        offline: true,
        secret: false,
        run: this::lang,
    },
    Command {
        name: "raw",
        short: None,
        args: "line",
        complete: &[Complete::Nothing],
        offline: false,
        secret: false,
        run: this::raw,
    },
    Command {
        name: "quit",
        short: Some("q"),
        args: "[reason]",
        complete: &[Complete::Nothing],
        offline: true,
        secret: false,
        run: this::quit,
    },
];

/// The command of a name, short or long.
pub(crate) fn find(name: &str) -> Option<&'static Command> {
    let name = name.to_ascii_lowercase();
    COMMANDS.iter().find(|command| command.name == name || command.short == Some(&name))
}

impl Session {
    /// A line that begins with `/`. It is never sent as a message.
    pub(super) fn command(&mut self, line: &str, active: Option<String>) {
        let (name, rest) = line[1..].split_once(' ').unwrap_or((&line[1..], ""));
        let Some(command) = find(name) else {
            let l = self.language();
            let hint = slip::nearest(name, COMMANDS.iter().map(|command| command.name))
                .map_or_else(String::new, |near| {
                    sentence!(l, en = "; did you mean /{near}?", zh = "，是不是 /{near}？")
                });
            self.error(sentence!(
                l,
                en = "there is no /{name}{hint} (/help lists what there is)",
                zh = "没有 /{name}{hint}（用 /help 看有哪些）",
            ));
            return;
        };
        if !command.offline && self.must_wait() {
            self.keep(line, active);
            return;
        }
        let active = active.or_else(|| self.active.clone());
        match (command.run)(self, &mut Words { rest: rest.trim_start(), active }) {
            Ok(()) => {}
            Err(Problem::Usage) => {
                let (l, name) = (self.language(), command.name);
                let args = usage(command.args, l);
                self.error(sentence!(l, en = "that is /{name} {args}", zh = "写法是 /{name} {args}"));
            }
            Err(Problem::Because(text)) => self.error(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_there_once() {
        let mut names: Vec<_> = COMMANDS.iter().flat_map(|c| [Some(c.name), c.short]).flatten().collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
