//! PASSWD of administrators: sets an account's password.

use chat_model::call::Call;
use chat_model::change::Change;
use chat_model::name::Account;
use chat_model::refusal::Refusal;
use chat_model::reply::Reply;
use chat_model::secret::Secret;

use super::register;
use crate::cx::{Cx, Outcome};
use crate::input::Question;
use crate::pending::What;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let mut words = call.words();
    let account = require(cx, &words.account()?)?;
    let password = register::new_password(words.next_word().unwrap_or_default())?;
    cx.ask(Question::Hash { password }, What::SetPassword { account }, true);
    Ok(())
}

/// The account of this name, as it was made.
pub(super) fn require(cx: &Cx<'_>, account: &Account) -> Result<Account, Refusal> {
    let missing = || Refusal::NoSuchAccount { account: account.as_str().into() };
    cx.state.account(account).ok_or_else(missing)
}

pub(crate) fn hashed(cx: &mut Cx<'_>, account: Account, hash: Secret) -> Outcome {
    require(cx, &account)?;
    cx.audit("user passwd", account.as_str(), "")?;
    cx.save(Change::Password { account, hash })?;
    cx.reply(Reply::Done { count: 1 });
    Ok(())
}
