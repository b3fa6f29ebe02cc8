//! One registered account.

use chat_model::id::{MsgId, UserId};
use chat_model::language::Language;

/// An account, by the count of them since the server started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AccountId(pub(crate) u64);

#[derive(Clone, Debug)]
pub(crate) struct AccountRow {
    pub(crate) id: AccountId,
    /// Up to where it has seen everything; while it is on, that is everything.
    pub(crate) delivered: MsgId,
    /// Under which user it is on.
    pub(crate) user: Option<UserId>,
    /// In which language it is spoken to, if it chose one.
    pub(crate) language: Option<Language>,
}
