//! ENTER: the whole registration in one call, for the faces that have no steps of their own.

use chat_model::call::Call;
use chat_model::name::Nick;
use chat_model::refusal::{Expected, Refusal};
use chat_model::username::username;

use crate::arrival;
use crate::cx::{Cx, Outcome};
use crate::login;
use crate::nicknames;
use crate::pending::LoginMethod;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    if cx.session_row().user.is_some() {
        return Err(Refusal::AlreadyRegistered);
    }
    let mut words = call.words();
    let nick = match words.next_word().filter(|word| !word.is_empty()) {
        Some(text) => Nick::new(text).map_err(|why| Refusal::BadNick { nick: text.into(), why })?,
        None => nicknames::guest_nick(cx),
    };
    words.next_word();
    let password = cx.secret().ok().map(|secret| secret.id);
    let replay = words.next_word().filter(|word| !word.is_empty());
    let bad = |word: &str| Refusal::BadWord { word: word.into(), expected: Expected::Lines };
    let replay = replay.map(|word| word.parse().map_err(|_| bad(word))).transpose()?;
    let row = cx.session_mut();
    row.nick = Some(nick.clone());
    row.replay = replay;
    row.username = Some(username(nick.folded()));
    row.realname = nick.as_str().into();
    match password {
        Some(password) => login::start(cx, nick.to_account().into(), password, LoginMethod::Enter),
        None => arrival::register(cx),
    }
}
