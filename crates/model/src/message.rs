//! A message, the one thing that is kept for ever.

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::id::Stamp;
use crate::mode::Rank;
use crate::name::{Account, ChannelName, Nick};
use crate::who::Source;

/// What kind of message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MessageKind {
    /// A message that may be answered.
    Privmsg,
    /// A message that must not be answered by a machine.
    Notice,
    /// Tags without text (IRCv3 message-tags). Not kept.
    Tagmsg,
}

impl MessageKind {
    /// The IRC command, which is also the form it is stored in.
    pub fn command(self) -> &'static str {
        match self {
            Self::Privmsg => "PRIVMSG",
            Self::Notice => "NOTICE",
            Self::Tagmsg => "TAGMSG",
        }
    }

    /// Reads [`MessageKind::command`].
    pub fn from_command(command: &str) -> Option<Self> {
        [Self::Privmsg, Self::Notice, Self::Tagmsg].into_iter().find(|kind| kind.command() == command)
    }
}

/// Client-only tags (`+name`), kept escaped as they came and without the `@`: `"+draft/reply=123;+typing=active"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClientTags(pub Text);

/// One end of a direct conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// The nickname at the time.
    pub nick: Nick,
    /// The account, unless it is a guest's.
    pub account: Option<Account>,
}

impl Party {
    /// What identifies this end: the account, or `~nick` for a guest (whom nobody can be again tomorrow).
    pub fn key(&self) -> String {
        match &self.account {
            Some(account) => account.folded().to_owned(),
            None => format!("~{}", self.nick.folded()),
        }
    }
}

/// Where a message goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// To a channel, or only to its members of at least that rank (`@#channel`, ISUPPORT `STATUSMSG`).
    Channel {
        /// The channel, spelled as it is called.
        name: ChannelName,
        /// The lowest rank that gets it.
        rank: Option<Rank>,
    },
    /// To one user: a whisper.
    User(Party),
}

/// A message, as shown and as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// When it was said. In a conversation, times rise by a millisecond a message at the least, unless the clock is set.
    pub at: Stamp,
    /// Who said it.
    pub from: Source,
    /// To whom.
    pub target: Target,
    /// What kind it is.
    pub kind: MessageKind,
    /// What was said. Empty for TAGMSG.
    pub text: Text,
    /// Client-only tags that go with it.
    pub tags: Option<ClientTags>,
}

/// What a message costs besides its text and its tags, about: who said it, when and where.
const MESSAGE_BYTES: usize = 200;
/// Bytes of text in one line of IRC, about; each has what [`MESSAGE_BYTES`] stands for.
const LINE_BYTES: usize = 350;

impl Message {
    /// About how many bytes it is in the wordiest face, which cuts a long text into lines.
    pub fn about_bytes(&self) -> usize {
        let tags = self.tags.as_ref().map_or(0, |tags| tags.0.len());
        self.text.len() + (1 + self.text.len() / LINE_BYTES) * (MESSAGE_BYTES + tags)
    }

    /// The conversation that the message belongs to.
    pub fn conversation(&self) -> Conversation {
        match (&self.target, &self.from) {
            (Target::Channel { name, .. }, _) => Conversation::Channel(name.clone()),
            (Target::User(to), Source::User(who)) => {
                let from = Party { nick: who.nick.clone(), account: who.account.clone() };
                Conversation::direct(&from, to)
            }
            (Target::User(to), Source::Server) => Conversation::Direct("*".to_owned(), to.key()),
        }
    }
}

/// What history is kept by: a channel, or an unordered pair of ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Conversation {
    /// A channel in its present life.
    Channel(ChannelName),
    /// Two ends by [`Party::key`], the lesser first. `*` is the server.
    Direct(String, String),
}

impl Conversation {
    /// The conversation of two parties, whoever speaks.
    pub fn direct(one: &Party, other: &Party) -> Self {
        let (one, other) = (one.key(), other.key());
        if one <= other { Self::Direct(one, other) } else { Self::Direct(other, one) }
    }
}
