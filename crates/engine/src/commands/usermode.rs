//! MODE on oneself: `i`, `B` and `d` come and go; `o` only goes.

use std::sync::Arc;

use chat_model::call::Cursor;
use chat_model::change::Change;
use chat_model::id::UserId;
use chat_model::mode::UserMode;
use chat_model::name::Nick;
use chat_model::refusal::Refusal;
use chat_model::reply::{CommandReply, Reply};
use chat_model::who::Who;

use super::deaf;
use crate::cx::{Cx, Outcome};

pub(super) fn run(cx: &mut Cx<'_>, me: UserId, target: &str, words: &mut Cursor<'_>) -> Outcome {
    let missing = || Refusal::NoSuchNick { nick: target.into() };
    let nick = Nick::new(target).map_err(|_| missing())?;
    if cx.user(me).who.nick != nick {
        return Err(if cx.state.nicks.contains(&nick) { Refusal::UsersDontMatch } else { missing() });
    }
    match words.next_word().filter(|modes| !modes.is_empty()) {
        None => {
            let modes = cx.user(me).modes;
            cx.reply(CommandReply::UserModes { modes });
        }
        Some(modes) => change(cx, me, modes),
    }
    Ok(())
}

fn change(cx: &mut Cx<'_>, me: UserId, modes: &str) {
    let mut on = true;
    let mut unknown = false;
    let mut changes = Vec::new();
    for letter in modes.chars() {
        match (letter, UserMode::from_letter(letter)) {
            ('+', _) => on = true,
            ('-', _) => on = false,
            (_, None) => unknown = true,
            // Only OPER makes an operator.
            (_, Some(UserMode::Operator)) if on => {}
            (_, Some(mode)) => {
                if set(cx, me, mode, on) {
                    changes.push((mode, on));
                }
            }
        }
    }
    if !changes.is_empty() {
        cx.reply_to_user(me, &Reply::UserModeChanged { changes: changes.clone() });
    }
    if unknown {
        cx.refuse(Refusal::UnknownUserMode);
    }
}

fn set(cx: &mut Cx<'_>, me: UserId, mode: UserMode, on: bool) -> bool {
    if cx.user(me).modes.has(mode) == on {
        return false;
    }
    if mode == UserMode::Deaf {
        deaf::set(cx, me, on);
        return true;
    }
    cx.state.set_user_mode(me, mode, on);
    if mode == UserMode::Bot {
        let who = (*cx.who(me)).clone();
        cx.state.set_who(me, &Arc::new(Who { bot: on, ..who }));
        remember_bot(cx, on);
    }
    true
}

/// A bot says so after it has come in, which is too late for not being shown the past: the next time it need not.
fn remember_bot(cx: &mut Cx<'_>, bot: bool) {
    let Some(account) = cx.account().cloned() else { return };
    if let Some(row) = cx.state.accounts.get_mut(&account) {
        row.bot = bot;
    }
    cx.save_when_possible(Change::Bot { account, bot });
}
