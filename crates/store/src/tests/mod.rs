//! Tests of the store through its public face, on real files.

mod backing_up;
mod crashing;
mod expiring;
mod failing;
mod history;
mod opening;
mod round_trip;
mod searching;
mod timing;

use std::path::PathBuf;
use std::sync::Arc;

use chat_model::change::{Change, StoredChannel};
use chat_model::history::{Query, Reads, Select};
use chat_model::id::{MsgId, Stamp, Time};
use chat_model::message::{Conversation, Message, MessageKind, Party, Target};
use chat_model::mode::ChannelModes;
use chat_model::name::{Account, ChannelName, Nick};
use chat_model::secret::PasswordHash;
use chat_model::who::{Source, Who};
use tempfile::TempDir;

use crate::{Reader, Store};

/// A question by somebody without a rank, who is not limited in bytes.
pub(crate) fn query(conversation: Conversation, select: Select, limit: u32) -> Query {
    Query { conversation, select, limit, bytes_max: usize::MAX, reads: Reads::default() }
}

/// A database of its own in a directory that goes away with it.
pub(crate) struct Room {
    pub(crate) directory: TempDir,
    pub(crate) store: Store,
}

impl Room {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let store = Store::open(&directory.path().join("chat.db")).expect("a new database");
        Self { directory, store }
    }

    pub(crate) fn with(changes: &[Change]) -> Self {
        let mut room = Self::new();
        room.save(changes);
        room
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.directory.path().join("chat.db")
    }

    pub(crate) fn save(&mut self, changes: &[Change]) {
        self.store.save(changes).expect("saved");
    }

    pub(crate) fn reader(&self) -> Reader {
        Reader::open(&self.path()).expect("a reader")
    }

    /// Texts of everything that was said there.
    pub(crate) fn texts(&self, conversation: Conversation) -> Vec<String> {
        let query = query(conversation, Select::Latest(None), 100);
        texts(&self.reader().history(&query).expect("history").messages)
    }
}

pub(crate) fn texts(messages: &[Arc<Message>]) -> Vec<String> {
    messages.iter().map(|message| message.text.to_string()).collect()
}

pub(crate) fn nick(name: &str) -> Nick {
    Nick::new(name).expect("a nickname")
}

pub(crate) fn account(name: &str) -> Account {
    Account::new(name).expect("an account name")
}

pub(crate) fn channel(name: &str) -> ChannelName {
    ChannelName::new(name).expect("a channel name")
}

/// What happens in the given millisecond, one thing in each.
pub(crate) fn at(millisecond: i64) -> Stamp {
    Stamp { id: MsgId(millisecond), time: Time(millisecond) }
}

pub(crate) fn new_account(name: &str) -> Change {
    Change::Account {
        account: account(name),
        hash: PasswordHash::new(format!("hash of {name}")),
        created: at(5),
    }
}

pub(crate) fn new_channel(name: &str) -> Change {
    Change::Channel(StoredChannel {
        name: channel(name),
        created: Time(7),
        modes: ChannelModes::initial(),
        topic: None,
        last_used: Time(7),
    })
}

/// Somebody by nickname; `"bob*"` is logged in to the account of that name.
pub(crate) fn party(name: &str) -> Party {
    match name.strip_suffix('*') {
        Some(name) => Party { nick: nick(name), account: Some(account(name)) },
        None => Party { nick: nick(name), account: None },
    }
}

pub(crate) fn who(name: &str) -> Arc<Who> {
    let Party { nick, account } = party(name);
    Arc::new(Who {
        nick,
        username: "user".into(),
        host: "host.example".into(),
        account,
        realname: "".into(),
        bot: false,
    })
}

/// A message from `from` to a channel or a [`party`].
pub(crate) fn said(at: Stamp, from: &str, to: &str, text: &str) -> Change {
    let target = match ChannelName::new(to) {
        Ok(name) => Target::Channel { name, rank: None },
        Err(_) => Target::User(party(to)),
    };
    let from = Source::User(who(from));
    let (kind, text, tags) = (MessageKind::Privmsg, text.into(), None);
    Change::Message(Arc::new(Message { at, from, target, kind, text, tags }))
}

/// The conversation of a channel, or of two parties with a space between.
pub(crate) fn conversation(name: &str) -> Conversation {
    match name.split_once(' ') {
        Some((one, other)) => Conversation::direct(&party(one), &party(other)),
        None => Conversation::Channel(channel(name)),
    }
}
