//! `IDENTIFY [account] password`: logs in. Without a name it is the account of the nickname.

use chat_model::login_name::LoginName;
use chat_model::refusal::Refusal;
use chat_model::secret::Secret;

use crate::cx::{Cx, Outcome};
use crate::login;
use crate::pending::LoginMethod;

pub(super) fn run(cx: &mut Cx<'_>, words: &[&str]) -> Option<Outcome> {
    match words {
        [] => None,
        [password] => Some(own(cx, password)),
        [name, password, ..] => Some(named(cx, name, password)),
    }
}

fn own(cx: &mut Cx<'_>, password: &str) -> Outcome {
    let me = cx.me()?;
    let account = cx.user(me).who.nick.to_account();
    login::start(cx, account.into(), Secret::password(password), LoginMethod::NickServ)
}

fn named(cx: &mut Cx<'_>, name: &str, password: &str) -> Outcome {
    let bad = |why| Refusal::BadAccountName { name: name.into(), why };
    let name = LoginName::new(name).map_err(bad)?;
    login::start(cx, name, Secret::password(password), LoginMethod::NickServ)
}
