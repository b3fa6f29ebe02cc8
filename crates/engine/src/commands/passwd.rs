//! PASSWD of administrators: sets an account's password, and ends its sessions.

use chat_model::call::Call;
use chat_model::change::Change;
use chat_model::close_reason::CloseReason;
use chat_model::name::Account;
use chat_model::refusal::Refusal;
use chat_model::reply::AdminReply;
use chat_model::secret::PasswordHash;

use super::{kill, register};
use crate::cx::{Cx, Outcome};
use crate::input::Question;
use crate::login;
use crate::pending::What;

/// `PASSWD account password [keep]`
pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let mut words = call.words();
    let account = require(cx, &words.account()?)?;
    let password = register::new_password(cx)?;
    words.next_word();
    let keep_sessions = words.next_word().is_some_and(|word| word.eq_ignore_ascii_case("keep"));
    cx.ask(Question::Hash { password }, What::SetPassword { account, keep_sessions }, true);
    Ok(())
}

/// The account of this name, as it was made.
pub(super) fn require(cx: &Cx<'_>, account: &Account) -> Result<Account, Refusal> {
    let missing = || Refusal::NoSuchAccount { account: account.as_str().into() };
    cx.state.account(account).ok_or_else(missing)
}

/// Who came in with the old password may not be who should know the new one.
pub(crate) fn hashed(cx: &mut Cx<'_>, account: Account, keep_sessions: bool, hash: PasswordHash) -> Outcome {
    require(cx, &account)?;
    cx.audit("user passwd", account.as_str(), "")?;
    cx.save(Change::Password { account: account.clone(), hash })?;
    let mut count = 0;
    if !keep_sessions {
        login::forget(cx, &account);
        if let Some(user) = cx.state.accounts.get(&account).and_then(|row| row.user) {
            count = kill::close_all(cx, user, &CloseReason::PasswordChanged);
        }
    }
    cx.reply(AdminReply::LoggedOut { count, guests: Vec::new() });
    Ok(())
}
