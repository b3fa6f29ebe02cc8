//! One registered account.

use chat_model::id::{MsgId, Time, UserId};
use chat_model::language::Language;

/// An account, by the count of them since the server started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AccountId(pub(crate) u64);

/// A session that has ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ended {
    pub(crate) mark: MsgId,
    pub(crate) at: Time,
}

/// A device of an account that says which it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Device {
    pub(crate) delivered: MsgId,
    pub(crate) last_here: Time,
}

#[derive(Clone, Debug)]
pub(crate) struct AccountRow {
    pub(crate) id: AccountId,
    /// Up to where it has had everything, as it was stored last; see [`crate::delivered`].
    pub(crate) delivered: MsgId,
    /// When that was stored.
    pub(crate) stored: Time,
    /// What sessions had that have ended, and that no other one has gone on from yet. The latest stand last.
    pub(crate) ended: Vec<Ended>,
    /// Under which user it is on.
    pub(crate) user: Option<UserId>,
    /// In which language it is spoken to, if it chose one.
    pub(crate) language: Option<Language>,
    /// Whether it says that it is a bot.
    pub(crate) bot: bool,
}
