//! LS: who is here, in every face alike.

use chat_model::call::Call;
use chat_model::reply::{Person, Reply};

use crate::cx::{Cx, Outcome};

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let me = cx.me()?;
    let mut words = call.words();
    let lobby = cx.state.settings().lobby.clone();
    let name = match lobby {
        Some(lobby) if words.is_empty() => lobby,
        _ => words.channel()?,
    };
    let channel_id = cx.known_channel(me, &name)?;
    let channel = cx.channel(channel_id);
    let inside = channel.members.contains_key(&me);
    let hidden = |modes: chat_model::mode::UserModes| modes.has(chat_model::mode::UserMode::Invisible);
    let mut people: Vec<Person> = channel
        .members
        .iter()
        .map(|(id, ranks)| (cx.user(*id), *ranks))
        .filter(|(user, _)| inside || !hidden(user.modes))
        .map(|(user, ranks)| Person {
            nick: user.who.nick.clone(),
            account: user.who.account.clone(),
            muted: user.is_deaf(),
            away: user.away.is_some(),
            ranks,
        })
        .collect();
    people.sort_by(|one, other| one.nick.cmp(&other.nick));
    let channel = channel.name.clone();
    cx.reply(Reply::People { channel, people });
    Ok(())
}
