//! LS: who is here, in every face alike.

use chat_model::call::Call;
use chat_model::id::UserId;
use chat_model::reply::{Person, Reply};

use crate::cx::{Cx, Outcome};
use crate::policy::sight;
use crate::state::membership::Presence;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let me = cx.me()?;
    let mut words = call.words();
    let lobby = cx.state.settings().lobby.clone();
    let name = match lobby {
        Some(lobby) if words.is_empty() => lobby,
        _ => words.channel()?,
    };
    let channel_id = cx.known_channel(me, name.as_str())?;
    let person = |(id, presence): (UserId, &Presence)| {
        let user = cx.user(id);
        Person {
            nick: user.who.nick.clone(),
            account: user.who.account.clone(),
            deaf: user.is_deaf(),
            muted: user.muted,
            away: user.away.is_some(),
            ranks: presence.ranks,
        }
    };
    let mut people: Vec<Person> = sight::seen_on_channel(cx, me, channel_id).map(person).collect();
    people.sort_by(|one, other| one.nick.cmp(&other.nick));
    let channel = cx.channel(channel_id).name.clone();
    cx.reply(Reply::People { channel, people });
    Ok(())
}
