//! `SET PASSWORD password`: gives the own account another password, and ends its other sessions.

use chat_model::change::Change;
use chat_model::close_reason::CloseReason;
use chat_model::name::Account;
use chat_model::refusal::Refusal;
use chat_model::reply::{Notice, Reply};
use chat_model::secret::PasswordHash;

use super::super::register;
use super::my_account;
use crate::cx::{Cx, Outcome};
use crate::input::Question;
use crate::pending::What;
use crate::{departure, login};

pub(super) fn run(cx: &mut Cx<'_>, words: &[&str]) -> Option<Outcome> {
    match words {
        [what, _, ..] if what.eq_ignore_ascii_case("PASSWORD") => Some(start(cx)),
        _ => None,
    }
}

fn start(cx: &mut Cx<'_>) -> Outcome {
    let account = my_account(cx)?;
    let password = register::new_password(cx)?;
    cx.ask(Question::Hash { password }, What::OwnPassword { account }, true);
    Ok(())
}

/// Who came in with the old password may not be who should know the new one.
pub(crate) fn hashed(cx: &mut Cx<'_>, account: Account, hash: PasswordHash) -> Outcome {
    // Much may have happened meanwhile.
    if my_account(cx)? != account {
        return Err(Refusal::NotLoggedIn);
    }
    cx.save(Change::Password { account: account.clone(), hash })?;
    login::forget(cx, &account);
    let closed = departure::close_others(cx, &account, &CloseReason::PasswordChanged);
    cx.reply(Reply::Notice(Notice::PasswordChanged { account, closed }));
    Ok(())
}
