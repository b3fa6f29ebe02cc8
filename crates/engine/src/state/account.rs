//! One registered account.

use chat_model::id::{MsgId, SessionId, Time, UserId};
use chat_model::language::Language;
use serde::{Deserialize, Serialize};

/// An account, by the count of them since the server started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct AccountId(pub(crate) u64);

/// A device of an account; see [`crate::delivered`].
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Device {
    /// Up to where it has shown to have had everything.
    pub(crate) delivered: MsgId,
    pub(crate) last_here: Time,
    /// The session that is there, or seems to be.
    pub(crate) session: Option<SessionId>,
    /// When its mark was stored.
    pub(crate) stored: Time,
}

impl Device {
    /// Where a session goes on, with its mark.
    pub(crate) fn at(delivered: MsgId, session: SessionId) -> Self {
        Self { delivered, last_here: Time::default(), session: Some(session), stored: Time::default() }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AccountRow {
    pub(crate) id: AccountId,
    /// Up to where it had had everything before any of its devices was known.
    pub(crate) delivered: MsgId,
    /// Under which user it is on.
    pub(crate) user: Option<UserId>,
    /// In which language it is spoken to, if it chose one.
    pub(crate) language: Option<Language>,
    /// Whether it says that it is a bot.
    pub(crate) bot: bool,
}
