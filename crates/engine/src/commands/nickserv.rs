//! NickServ, for clients without SASL: `/msg NickServ REGISTER password [code]`, IDENTIFY, HELP.

use chat_model::call::Call;
use chat_model::invitation::InvitationCode;
use chat_model::login_name::LoginName;
use chat_model::reply::{Notice, Reply};
use chat_model::secret::Secret;

use super::register;
use crate::cx::{Cx, Outcome};
use crate::effect::Effect;
use crate::login;
use crate::pending::Via;

/// `NICKSERV IDENTIFY …`, which many clients send for `/ns`.
pub(super) fn command(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let text = call.words().all_rest().unwrap_or_default();
    obey(cx, &text)
}

/// `PRIVMSG NickServ :…`. Its echo comes before the answer, as with any message.
pub(super) fn message(cx: &mut Cx<'_>, text: &str) -> Outcome {
    let (who, start) = (cx.who(cx.me()?), cx.effects.len());
    let echo = Reply::NickServEcho { who, text: without_secrets(text).into() };
    let outcome = obey(cx, text);
    if cx.deferred {
        cx.answer_begins_with(echo);
    } else {
        cx.effects.insert(start, Effect::Reply { session: cx.session, reply: echo });
    }
    outcome
}

/// What may be shown again of something that may be a password, or have one in it.
fn without_secrets(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        [] => String::new(),
        [verb] if verb.eq_ignore_ascii_case("HELP") => (*verb).to_owned(),
        [verb, name, _, ..] if is_identify(verb) => format!("{verb} {name} ***"),
        [verb, _, ..] if is_identify(verb) || verb.eq_ignore_ascii_case("REGISTER") => format!("{verb} ***"),
        _ => "***".to_owned(),
    }
}

fn is_identify(verb: &str) -> bool {
    ["IDENTIFY", "LOGIN", "ID"].iter().any(|known| verb.eq_ignore_ascii_case(known))
}

/// It is read, obeyed and never kept: there are passwords in it.
fn obey(cx: &mut Cx<'_>, text: &str) -> Outcome {
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
            login::start(cx, account, Secret::password(password), Via::NickServ)
        }
        ("IDENTIFY" | "LOGIN" | "ID", [name, password, ..]) => {
            let bad = |why| chat_model::refusal::Refusal::BadAccountName { name: (*name).into(), why };
            let account = LoginName::new(name).map_err(bad)?.account;
            login::start(cx, account, Secret::password(password), Via::NickServ)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_may_be_a_secret_is_shown_again() {
        let cases = [
            ("HELP", "HELP"),
            ("help me", "***"),
            ("IDENTIFY hunter2", "IDENTIFY ***"),
            ("id dora hunter2", "id dora ***"),
            ("Identify dora hunter2 again", "Identify dora ***"),
            ("REGISTER hunter2", "REGISTER ***"),
            ("REGISTER hunter2 CODE", "REGISTER ***"),
            ("hunter2", "***"),
            ("IDENTFY dora hunter2", "***"),
        ];
        for (text, shown) in cases {
            assert_eq!(without_secrets(text), shown, "{text:?}");
        }
    }
}
