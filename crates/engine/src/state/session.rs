//! One connection, from the engine's side.

use std::collections::VecDeque;

use chat_model::Text;
use chat_model::address::host_text;
use chat_model::id::{MsgId, Ticket, UserId};
use chat_model::language::Language;
use chat_model::name::{Account, ChannelName, Nick};
use chat_model::secret::SecretHandle;
use chat_model::sent::Sent;
use serde::{Deserialize, Serialize};

use crate::input::Peer;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) peer: Peer,
    /// `Some` once the session has a nickname.
    pub(crate) user: Option<UserId>,
    /// What it wants to be called, before that.
    pub(crate) nick: Option<Nick>,
    /// What was asked for last with NICK, also where that was refused.
    pub(crate) asked_nick: Option<Nick>,
    pub(crate) username: Option<Text>,
    pub(crate) realname: Text,
    /// What came with PASS.
    pub(crate) pass: Option<Box<SecretHandle>>,
    /// Logged in before it has a nickname.
    pub(crate) account: Option<Account>,
    /// The language that it chose, or took over from its account.
    pub(crate) language: Option<Language>,
    /// What it left word of, if it said that it is away.
    pub(crate) away: Option<Text>,
    /// Which of its account's devices it is; before it has come in only where it says so.
    pub(crate) device: Option<Text>,
    /// When it came in: its mark says nothing before. [`MsgId::MAX`] where it could not be shown what it missed.
    pub(crate) came_at: MsgId,
    /// Whispers to its account that came after this were shown on this connection.
    pub(crate) shown_since: MsgId,
    /// Asks for history itself.
    pub(crate) knows_history: bool,
    /// From where on it was shown the channels that it is in.
    pub(crate) shown_from: Box<[(ChannelName, MsgId)]>,
    /// How many lines of the past it wants to be shown, where it said so.
    pub(crate) replay: Option<u32>,
    /// The question whose answer it waits for.
    pub(crate) busy: Option<Ticket>,
    /// What it sent meanwhile.
    pub(crate) backlog: VecDeque<Sent>,
}

impl Session {
    pub(crate) fn new(peer: Peer) -> Self {
        Self {
            peer,
            user: None,
            nick: None,
            asked_nick: None,
            username: None,
            realname: "".into(),
            pass: None,
            account: None,
            language: None,
            away: None,
            device: None,
            came_at: MsgId::MIN,
            shown_since: MsgId::MIN,
            knows_history: false,
            shown_from: Box::default(),
            replay: None,
            busy: None,
            backlog: VecDeque::new(),
        }
    }

    pub(crate) fn is_administrator(&self) -> bool {
        self.peer.administrator.is_some()
    }

    /// Whether it has given the password of the server.
    pub(crate) fn knows_password(&self) -> bool {
        self.pass.as_ref().is_some_and(|pass| pass.is_servers)
    }

    /// What others see as the host.
    pub(crate) fn host(&self) -> Text {
        self.peer.address.map_or_else(|| "localhost".into(), |address| host_text(address).into())
    }
}
