//! WHOIS (Modern IRC).

use chat_model::call::Call;
use chat_model::id::UserId;
use chat_model::mode::{ChannelFlag, UserMode};
use chat_model::name::Nick;
use chat_model::refusal::Refusal;
use chat_model::reply::{Reply, Whois};

use crate::cx::{Cx, Outcome};

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
            cx.reply(Reply::Whois(Box::new(whois)));
        }
        None => cx.refuse(Refusal::NoSuchNick { nick: asked.into() }),
    }
    cx.reply(Reply::EndOfWhois { mask: asked.into() });
    Ok(())
}

fn whois(cx: &Cx<'_>, me: UserId, id: UserId) -> Whois {
    let (user, myself) = (cx.user(id), cx.user(me));
    let hidden = id != me && user.modes.has(UserMode::Invisible) && !myself.shares_channel(user);
    let shown = |channel_id: &&chat_model::id::ChannelId| {
        let secret = cx.channel(**channel_id).modes.has(ChannelFlag::Secret);
        myself.channels.contains(*channel_id) || (!secret && !hidden)
    };
    let channels = user.channels.iter().filter(shown).map(|channel_id| cx.channel(*channel_id));
    let mut peers =
        user.sessions.iter().filter_map(|session| cx.state.sessions.get(session)).map(|row| &row.peer);
    let may_know = id == me || myself.is_operator();
    Whois {
        who: user.who.clone(),
        channels: channels
            .map(|channel| (channel.name.clone(), channel.ranks(id).unwrap_or_default()))
            .collect(),
        away: user.away.clone(),
        operator: user.is_operator(),
        secure: peers.clone().all(|peer| peer.secure),
        idle_s: cx.now.since(user.active) / 1000,
        since: user.since,
        address: if may_know { peers.next().and_then(|peer| peer.address) } else { None },
    }
}
