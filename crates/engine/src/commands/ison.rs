//! ISON (RFC 1459 section 5.8).

use chat_model::call::Call;
use chat_model::name::Nick;
use chat_model::reply::CommandReply;

use crate::cx::{Cx, Outcome};

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let mut words = call.words();
    let mut nicks = Vec::new();
    let mut next = Some(words.word()?);
    while let Some(word) = next {
        let asked = word.split(' ').filter_map(|text| Nick::new(text).ok());
        let ids = asked.filter_map(|nick| cx.state.nicks.get(&nick).copied());
        nicks.extend(ids.map(|id| cx.user(id).who.nick.clone()));
        next = words.next_word();
    }
    cx.reply(CommandReply::Ison { nicks });
    Ok(())
}
