//! `STATUS nickname…`: whether these are logged in, as bots ask it of Anope's NickServ.

use chat_model::name::{Account, Nick};
use chat_model::reply::{Notice, Reply};

use crate::cx::{Cx, Outcome};

/// Nicknames in one question.
const NICKS_MAX: usize = 16;

pub(super) fn run(cx: &mut Cx<'_>, words: &[&str]) -> Option<Outcome> {
    if words.is_empty() {
        return None;
    }
    for nick in words.iter().take(NICKS_MAX) {
        let (level, account) = of(cx, nick);
        cx.reply(Reply::Notice(Notice::Status { nick: (*nick).into(), level, account }));
    }
    Some(Ok(()))
}

/// 0: nobody, or a nickname that is no account's; 1: somebody who is not logged in to the account of the nickname;
/// 3: its owner. And the account that whoever has it is logged in to.
pub(super) fn of(cx: &Cx<'_>, nick: &str) -> (u8, Option<Account>) {
    let Ok(nick) = Nick::new(nick) else { return (0, None) };
    let Some(user) = cx.state.nicks.get(&nick) else { return (0, None) };
    let account = cx.user(*user).who.account.clone();
    let owner = nick.to_account();
    let level = match &account {
        Some(account) if *account == owner => 3,
        _ if cx.state.accounts.contains(&owner) => 1,
        _ => 0,
    };
    (level, account)
}
