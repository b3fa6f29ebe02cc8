//! WHOWAS (Modern IRC).

use chat_model::call::Call;
use chat_model::name::Nick;
use chat_model::refusal::Refusal;
use chat_model::reply::CommandReply;

use crate::cx::{Cx, Outcome};

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let mut words = call.words();
    let asked = words.next_word().filter(|word| !word.is_empty()).ok_or(Refusal::NoNicknameGiven)?;
    let count = words.next_word().and_then(|word| word.parse::<i64>().ok()).unwrap_or(0);
    // Not a positive number means all (RFC 1459 section 4.5.3).
    let count = usize::try_from(count).ok().filter(|count| *count > 0).unwrap_or(usize::MAX);
    let nick = Nick::new(asked).ok();
    let rows = cx
        .state
        .whowas
        .iter()
        .rev()
        .map(|(_, entry)| entry)
        .filter(|entry| Some(&entry.who.nick) == nick.as_ref())
        .take(count)
        .cloned()
        .collect();
    cx.reply(CommandReply::Whowas { nick: asked.into(), rows });
    Ok(())
}
