//! NickServ, for clients without SASL: `/msg NickServ REGISTER password [code]`, IDENTIFY, HELP.

use chat_model::call::Call;
use chat_model::invitation::InvitationCode;
use chat_model::name::Account;
use chat_model::reply::{Notice, Reply};
use chat_model::secret::Secret;

use super::register;
use crate::cx::{Cx, Outcome};
use crate::login;
use crate::pending::Via;

/// `NICKSERV IDENTIFY …`, which many clients send for `/ns`.
pub(super) fn command(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let text = call.words().all_rest().unwrap_or_default();
    told(cx, &text)
}

/// `PRIVMSG NickServ :…`. It is read, obeyed and never kept: there are passwords in it.
pub(super) fn told(cx: &mut Cx<'_>, text: &str) -> Outcome {
    let words: Vec<&str> = text.split_whitespace().collect();
    let verb = words.first().copied().unwrap_or("HELP");
    match (verb.to_ascii_uppercase().as_str(), &words[1.min(words.len())..]) {
        ("REGISTER", [password, others @ ..]) => {
            let code = others.first().and_then(|word| InvitationCode::new(word));
            register::start(cx, "*", code, password)
        }
        ("IDENTIFY" | "LOGIN" | "ID", [password]) => {
            let me = cx.me()?;
            let account = cx.user(me).who.nick.to_account();
            login::start(cx, account, Secret::new(*password), Via::NickServ)
        }
        ("IDENTIFY" | "LOGIN" | "ID", [name, password, ..]) => {
            let bad = |why| chat_model::refusal::Refusal::BadAccountName { name: (*name).into(), why };
            let account = Account::new(name).map_err(bad)?;
            login::start(cx, account, Secret::new(*password), Via::NickServ)
        }
        ("HELP" | "REGISTER" | "IDENTIFY" | "LOGIN" | "ID", _) => {
            cx.reply(Reply::Notice(Notice::NickServHelp));
            Ok(())
        }
        _ => {
            cx.reply(Reply::Notice(Notice::NickServUnknown { verb: verb.into() }));
            Ok(())
        }
    }
}
