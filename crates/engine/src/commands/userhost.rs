//! USERHOST (RFC 1459 section 5.7): up to five nicknames.

use chat_model::call::Call;
use chat_model::name::Nick;
use chat_model::reply::CommandReply;

use crate::cx::{Cx, Outcome};

/// How many the RFC allows in one command.
const NICKS_MAX: usize = 5;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let mut words = call.words();
    let mut asked = vec![words.word()?];
    while let Some(word) = words.next_word() {
        asked.push(word);
    }
    let found = asked.into_iter().take(NICKS_MAX).filter_map(|word| Nick::new(word).ok());
    let users = found.filter_map(|nick| cx.state.nicks.get(&nick)).map(|id| cx.user(*id));
    let rows = users.map(|user| (user.who.clone(), user.is_operator(), user.away.is_some())).collect();
    cx.reply(CommandReply::Userhost { rows });
    Ok(())
}
