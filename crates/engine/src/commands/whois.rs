//! WHOIS (Modern IRC).

use chat_model::call::Call;
use chat_model::id::UserId;
use chat_model::name::Nick;
use chat_model::refusal::Refusal;
use chat_model::reply::{CommandReply, IrcReply, Whois};

use crate::cx::{Cx, Outcome};
use crate::policy::sight;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let me = cx.me()?;
    let mut words = call.words();
    let first = words.next_word().filter(|word| !word.is_empty()).ok_or(Refusal::NoNicknameGiven)?;
    // With two words the first is a server, or the nickname again, to be asked there.
    let asked = words.next_word().filter(|word| !word.is_empty()).unwrap_or(first);
    let found = Nick::new(asked).ok().and_then(|nick| cx.state.user_by_nick(&nick));
    match found {
        Some(id) => {
            let whois = whois(cx, me, id);
            cx.reply(CommandReply::Whois(Box::new(whois)));
        }
        None => cx.refuse(Refusal::NoSuchNick { nick: asked.into() }),
    }
    cx.reply(IrcReply::EndOfWhois { mask: asked.into() });
    Ok(())
}

fn whois(cx: &Cx<'_>, me: UserId, id: UserId) -> Whois {
    let user = cx.user(id);
    let channel_ids =
        user.channels.iter().filter(|channel_id| sight::sees_on_channel(cx, me, id, **channel_id));
    let mut peers =
        user.sessions.iter().filter_map(|session| cx.state.sessions.get(session)).map(|row| &row.peer);
    Whois {
        who: user.who.clone(),
        channels: channel_ids.map(|channel_id| cx.ranked(*channel_id, id)).collect(),
        away: user.away.clone(),
        operator: user.is_operator(),
        secure: peers.clone().all(|peer| peer.secure),
        idle_s: cx.now.since(user.active) / 1000,
        since: user.since,
        address: if sight::sees_address(cx, me, id) {
            peers.next().and_then(|peer| peer.address)
        } else {
            None
        },
    }
}
