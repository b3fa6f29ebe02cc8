//! USERADD of administrators: makes an account, whoever may register.

use chat_model::call::Call;
use chat_model::name::{Account, NameError};
use chat_model::refusal::Refusal;
use chat_model::reply::{AdminReply, Notice, Reply};
use chat_model::secret::PasswordHash;

use super::register;
use crate::cx::{Cx, Outcome};
use crate::input::Question;
use crate::nicknames;
use crate::pending::What;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let mut words = call.words();
    let account = words.account()?;
    refuse_existing(cx, &account)?;
    let nick = account.to_nick();
    if nick.is_reserved() || nicknames::is_server(cx, &nick) {
        return Err(Refusal::BadAccountName { name: account.as_str().into(), why: NameError::Reserved });
    }
    let password = register::new_password(cx)?;
    cx.ask(Question::Hash { password }, What::AddAccount { account }, true);
    Ok(())
}

fn refuse_existing(cx: &Cx<'_>, account: &Account) -> Outcome {
    if cx.state.accounts.contains(account) {
        return Err(Refusal::AccountExists { account: account.clone() });
    }
    Ok(())
}

pub(crate) fn hashed(cx: &mut Cx<'_>, account: Account, hash: PasswordHash) -> Outcome {
    refuse_existing(cx, &account)?;
    cx.audit("user add", account.as_str(), "")?;
    register::add(cx, &account, hash)?;
    take_back(cx, &account);
    cx.reply(AdminReply::Done { count: 1 });
    Ok(())
}

/// A nickname is its owner's: whoever holds it without the password gets another.
fn take_back(cx: &mut Cx<'_>, account: &Account) {
    let nick = account.to_nick();
    let Some(holder) = cx.state.nicks.get(&nick).copied() else { return };
    let other = nicknames::guest_nick(cx);
    cx.reply_to_user(holder, &Reply::Notice(Notice::NickTakenBack { nick }));
    nicknames::rename(cx, holder, other);
}
