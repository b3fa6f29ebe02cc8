//! One registered account.

use chat_model::id::{MsgId, UserId};

#[derive(Clone, Debug)]
pub(crate) struct AccountRow {
    /// Up to where it has seen everything; while it is on, that is everything.
    pub(crate) seen: MsgId,
    /// Under which user it is on.
    pub(crate) user: Option<UserId>,
}
