//! What there is to see, as data: the screen turns it into text or JSON, tests compare it.

use chat_model::id::Time;
use serde::{Serialize, Serializer};

/// One thing to show, and when it happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Line {
    /// When, by the server's clock where it tells it.
    #[serde(serialize_with = "rfc3339")]
    pub(crate) time: Time,
    /// What.
    #[serde(flatten)]
    pub(crate) what: What,
}

/// The things that happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(crate) enum What {
    /// Said to a channel.
    Message(Said),
    /// Said to one person.
    Whisper(Said),
    /// Somebody came to a channel.
    Join { channel: String, nick: String, account: Option<String> },
    /// Somebody left a channel.
    Part { channel: String, nick: String, text: String },
    /// Somebody left the server.
    Quit { nick: String, text: String },
    /// Somebody is called otherwise now.
    Nick { nick: String, to: String },
    /// Somebody was put out of a channel.
    Kick { channel: String, nick: String, by: String, text: String },
    /// What a channel is about. `nick` is who changed it just now.
    Topic { channel: String, nick: Option<String>, text: String },
    /// Modes of a channel or of oneself changed.
    Mode { target: String, nick: String, text: String },
    /// Somebody invites us.
    Invite { channel: String, nick: String },
    /// The answer to `/ls`.
    People { channel: String, people: Vec<Person> },
    /// The connection came or went.
    Connection { online: bool, text: String },
    /// The server says something that has no form of its own here.
    Server { code: String, text: String },
    /// The client says something.
    Info { text: String },
    /// Something was refused or went wrong.
    Error { code: Option<String>, text: String },
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Said {
    /// When, as [`Line::time`].
    #[serde(skip)]
    pub(crate) time: Time,
    /// The server's id for it, where it gives one.
    pub(crate) id: Option<String>,
    /// Who said it.
    pub(crate) nick: String,
    /// The account of who said it.
    pub(crate) account: Option<String>,
    /// Where it was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) channel: Option<String>,
    /// To whom it was whispered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<String>,
    /// In which manner.
    pub(crate) kind: Kind,
    /// What was said.
    pub(crate) text: String,
    /// Whether it is our own.
    pub(crate) own: bool,
    /// Whether it names us.
    pub(crate) mention: bool,
    /// Whether it comes from the history and not as it was said.
    pub(crate) past: bool,
    /// Whether its channel is another than the active one.
    #[serde(skip)]
    pub(crate) elsewhere: bool,
}

/// The manners of saying something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// Plainly.
    Privmsg,
    /// As machines do.
    Notice,
    /// `/me waves`
    Action,
}

/// Somebody in the answer to `/ls`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Person {
    /// The nickname.
    pub(crate) nick: String,
    /// The signs of the ranks, `@+`.
    pub(crate) prefix: String,
}

/// A time as machines read it: `2026-11-21T14:02:03.123Z`.
pub(crate) fn timestamp(time: Time) -> String {
    match jiff::Timestamp::from_millisecond(time.0) {
        Ok(stamp) => format!("{stamp:.3}"),
        // Beyond the year 9999 there is no such form.
        Err(_) => String::new(),
    }
}

fn rfc3339<S: Serializer>(time: &Time, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&timestamp(*time))
}
