//! `GHOST nickname [password]` ends the other sessions of an account, `RECOVER` also logs in to it: for connections that
//! are dead, and the server does not know it yet.

use chat_model::close_reason::CloseReason;
use chat_model::name::{Account, Nick};
use chat_model::refusal::Refusal;
use chat_model::reply::{Notice, Reply};

use super::my_account;
use crate::attempts::{self, Name};
use crate::cx::{Cx, Outcome};
use crate::input::Credential;
use crate::pending::{LoginMethod, What};
use crate::{departure, login};

pub(super) fn ghost(cx: &mut Cx<'_>, words: &[&str]) -> Option<Outcome> {
    run(cx, words, false)
}

pub(super) fn recover(cx: &mut Cx<'_>, words: &[&str]) -> Option<Outcome> {
    run(cx, words, true)
}

fn run(cx: &mut Cx<'_>, words: &[&str], logs_in: bool) -> Option<Outcome> {
    Some(start(cx, words.first()?, logs_in))
}

fn start(cx: &mut Cx<'_>, nick: &str, logs_in: bool) -> Outcome {
    let missing = || Refusal::NoSuchAccount { account: nick.into() };
    let account = Nick::new(nick).map_err(|_| missing())?.to_account();
    if my_account(cx).is_ok_and(|mine| mine == account) {
        return end_others(cx, &account);
    }
    let password = cx.secret().map_err(|_| Refusal::NotLoggedIn)?.id;
    let (name, credential) = (Name::Account(account.clone()), Credential::Account(account.clone()));
    attempts::verify(cx, name, credential, password, |tried| What::Ghost { account, logs_in, tried })
}

/// Goes on when it is known whether the password was right.
pub(crate) fn verified(cx: &mut Cx<'_>, account: &Account, logs_in: bool, right: bool) -> Outcome {
    let account = cx.state.account(account).filter(|_| right).ok_or(Refusal::LoginFailed)?;
    end_others(cx, &account)?;
    if logs_in { login::verified(cx, account.into(), LoginMethod::NickServ, true) } else { Ok(()) }
}

/// Ends all sessions of an account but the asking one.
fn end_others(cx: &mut Cx<'_>, account: &Account) -> Outcome {
    let by = cx.who(cx.me()?).nick.as_str().into();
    let closed = departure::close_others(cx, account, &CloseReason::Killed { by, reason: "GHOST".into() });
    cx.reply(Reply::Notice(Notice::GhostsClosed { account: account.clone(), closed }));
    Ok(())
}
