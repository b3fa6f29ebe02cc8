//! HELP: what there is, from the table of commands.

use chat_model::call::Call;
use chat_model::mode::UserMode;
use chat_model::refusal::Refusal;
use chat_model::reply::CommandReply;

use super::help_rows;
use crate::cx::{Cx, Outcome};

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let me = cx.me()?;
    let operator = cx.user(me).modes.has(UserMode::Operator);
    let subject = call.words().next_word().unwrap_or_default().trim_start_matches('/');
    let wanted = |verb: &str| subject.is_empty() || verb.eq_ignore_ascii_case(subject);
    let rows: Vec<_> = help_rows(false, operator).filter(|row| wanted(&row.verb)).collect();
    if rows.is_empty() {
        return Err(Refusal::NoHelp { subject: subject.into() });
    }
    cx.reply(CommandReply::Help { subject: subject.into(), rows });
    Ok(())
}
