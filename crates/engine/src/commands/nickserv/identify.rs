//! `IDENTIFY [account] password`: logs in. Without a name it is the account of the nickname.

use chat_model::login_name::LoginName;
use chat_model::refusal::Refusal;

use crate::cx::{Cx, Outcome};
use crate::login;
use crate::pending::LoginMethod;

pub(super) fn run(cx: &mut Cx<'_>, words: &[&str]) -> Option<Outcome> {
    match words {
        [] => None,
        [_] => Some(own(cx)),
        [name, ..] => Some(named(cx, name)),
    }
}

fn own(cx: &mut Cx<'_>) -> Outcome {
    let me = cx.me()?;
    let account = cx.user(me).who.nick.to_account();
    let password = cx.secret()?.id;
    login::start(cx, account.into(), password, LoginMethod::NickServ)
}

fn named(cx: &mut Cx<'_>, name: &str) -> Outcome {
    let bad = |why| Refusal::BadAccountName { name: name.into(), why };
    let name = LoginName::new(name).map_err(bad)?;
    let password = cx.secret()?.id;
    login::start(cx, name, password, LoginMethod::NickServ)
}
