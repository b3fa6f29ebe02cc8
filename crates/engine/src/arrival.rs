//! Coming to the server: the registration, the channels that one comes back into, further sessions.

use std::collections::BTreeSet;
use std::sync::Arc;

use chat_model::change::Change;
use chat_model::event::Event;
use chat_model::id::{ChannelId, MsgId, UserId};
use chat_model::mode::{Ranks, UserModes};
use chat_model::name::Account;
use chat_model::refusal::Refusal;
use chat_model::reply::{Farewell, Reply};
use chat_model::who::Who;

use crate::bans;
use crate::cx::{Cx, Outcome};
use crate::departure;
use crate::effect::{Effect, Log};
use crate::login;
use crate::membership::{self, Occasion};
use crate::nicknames;
use crate::pending::{Missed, Via};
use crate::replay;
use crate::state::user::User;

/// Goes on with the registration as far as it can: once nickname and user name are known, the session gets in or is
/// told why not.
pub(crate) fn complete(cx: &mut Cx<'_>) -> Outcome {
    let row = cx.session_row();
    if row.user.is_some() || row.nick.is_none() || row.username.is_none() {
        return Ok(());
    }
    if let Some((account, password)) = login::in_pass(cx) {
        cx.session_mut().pass = None;
        return login::start(cx, account, password, Via::Pass);
    }
    register(cx)
}

/// A registration that was refused goes on, for who has an account now, with the nickname that was asked for.
pub(crate) fn resume(cx: &mut Cx<'_>) -> Outcome {
    let row = cx.session_mut();
    if row.user.is_some() || row.nick.is_some() {
        return Ok(());
    }
    row.nick = row.asked_nick.clone();
    complete(cx)
}

/// Gives the session its nickname, or refuses it; it may then try another.
pub(crate) fn register(cx: &mut Cx<'_>) -> Outcome {
    if let Err(refusal) = may_enter(cx) {
        let farewell = match &refusal {
            Refusal::ServerPassword => Some(Farewell::ServerPassword),
            Refusal::Banned { reason } => Some(Farewell::Banned { reason: reason.clone() }),
            _ => None,
        };
        // Who speaks IRC sends its password first or not at all; the other faces ask for it.
        let closes = cx.session_row().username.is_some() && cx.verb != "ENTER";
        if let (Some(farewell), true) = (farewell, closes) {
            cx.refuse(refusal);
            departure::close(cx, cx.session, farewell);
            return Ok(());
        }
        cx.session_mut().nick = None;
        return Err(refusal);
    }
    let account = cx.session_row().account.clone();
    let online = account.as_ref().and_then(|account| cx.state.accounts.get(account)).and_then(|row| row.user);
    match online {
        Some(user) => attach(cx, user),
        None => arrive(cx, account),
    }
    Ok(())
}

/// Whether somebody who has not come in yet may make this account: whoever could not come in with it may not.
pub(crate) fn may_have_account(cx: &Cx<'_>, account: &Account) -> Outcome {
    let (settings, row) = (cx.state.settings(), cx.session_row());
    if settings.password.is_some() && row.pass != settings.password {
        return Err(Refusal::ServerPassword);
    }
    let nick = account.to_nick();
    if let Some(reason) = bans::ban_of(cx.state, &nick, Some(account), cx.now) {
        return Err(Refusal::Banned { reason });
    }
    nicknames::may_have(cx, &nick, None, None)
}

fn may_enter(cx: &Cx<'_>) -> Outcome {
    let settings = cx.state.settings();
    let row = cx.session_row();
    let nick = row.nick.clone().ok_or(Refusal::NoNicknameGiven)?;
    if settings.password.is_some() && row.account.is_none() && row.pass != settings.password {
        return Err(Refusal::ServerPassword);
    }
    if let Some(reason) = bans::ban_of(cx.state, &nick, row.account.as_ref(), cx.now) {
        return Err(Refusal::Banned { reason });
    }
    match &row.account {
        // Whoever names an account can still give its password, guests or not.
        None if !settings.guests && !cx.state.accounts.contains(&nick.to_account()) => {
            Err(Refusal::GuestsNotAllowed { registration: settings.registration })
        }
        Some(account) if cx.state.accounts.get(account).is_some_and(|row| row.user.is_some()) => Ok(()),
        account => nicknames::may_have(cx, &nick, account.as_ref(), None),
    }
}

/// A new user, under the session's nickname.
fn arrive(cx: &mut Cx<'_>, account: Option<Account>) {
    let row = cx.session_row();
    let nick = row.nick.clone().expect("checked before");
    let username = row.username.clone().unwrap_or_else(|| nick.as_str().into());
    let (host, realname) = (row.host(), row.realname.clone());
    let who =
        Arc::new(Who { nick: nick.clone(), username, host, account: account.clone(), realname, bot: false });
    cx.state.counters.users += 1;
    let id = UserId(cx.state.counters.users);
    let user = User {
        who,
        sessions: vec![cx.session],
        channels: BTreeSet::new(),
        invited: BTreeSet::new(),
        modes: UserModes::default(),
        away: None,
        since: cx.now,
        active: cx.now,
    };
    cx.state.users.insert(id, user);
    cx.state.nicks.insert(nick.clone(), id);
    cx.state.remember_look(&nick);
    cx.state.counters.most_online = cx.state.counters.most_online.max(cx.state.users.len());
    let seen = account.as_ref().and_then(|account| came(cx, account, id));
    welcome(cx, id, Came::New);
    come_into_channels(cx, id, seen, Vec::new());
}

/// Notes that an account is on. Returns up to where it had seen everything.
pub(crate) fn came(cx: &mut Cx<'_>, account: &Account, user: UserId) -> Option<MsgId> {
    let row = cx.state.accounts.get_mut(account)?;
    row.user = Some(user);
    let seen = row.seen;
    cx.save_when_possible(Change::Presence { account: account.clone(), seen: None });
    Some(seen)
}

/// The lobby, and the channels that the account was in; and what happened there since, besides what was missed
/// already.
pub(crate) fn come_into_channels(
    cx: &mut Cx<'_>,
    id: UserId,
    seen: Option<MsgId>,
    mut all_missed: Vec<Missed>,
) {
    let account = cx.user(id).who.account.clone();
    let channel_ids = channels_to_join(cx, id, account.as_ref());
    for (index, (channel_id, ranks)) in channel_ids.into_iter().enumerate() {
        let tie = account.as_ref().and_then(|account| cx.channel(channel_id).ties.get(account)).copied();
        // The lobby, where there is one, is the first of them.
        let why = if index == 0 { Occasion::Arrival } else { Occasion::Join };
        let joined = membership::join(cx, id, channel_id, ranks, why);
        let seen = tie.map(|tie| if tie.joined { seen.unwrap_or(tie.seen) } else { tie.seen });
        all_missed.push(membership::missed(cx, channel_id, seen, joined));
    }
    // Who wants no past is told of waiting whispers all the same: their senders were promised so.
    replay::ask(cx, all_missed, account.zip(seen));
}

fn channels_to_join(cx: &Cx<'_>, id: UserId, account: Option<&Account>) -> Vec<(ChannelId, Ranks)> {
    let lobby = cx.state.settings().lobby.clone();
    let lobby = lobby.and_then(|name| cx.state.channel_by_name(&name)).map(|(channel_id, _)| channel_id);
    let mut channel_ids = Vec::new();
    for (channel_id, channel) in cx.state.channels.iter() {
        let tie = account.and_then(|account| channel.ties.get(account));
        let wanted = match tie {
            Some(tie) => tie.joined,
            None => Some(*channel_id) == lobby,
        };
        if wanted && !channel.members.contains_key(&id) && !bans::on_channel(cx, *channel_id, id) {
            channel_ids.push((*channel_id, tie.map(|tie| tie.ranks).unwrap_or_default()));
        }
    }
    channel_ids.sort_by_key(|(channel_id, _)| Some(*channel_id) != lobby);
    channel_ids
}

/// One more session of a user who is on already.
fn attach(cx: &mut Cx<'_>, id: UserId) {
    add_session(cx, id);
    welcome(cx, id, Came::Attached);
    let (who, channel_ids) = (cx.who(id), cx.user(id).channels.clone());
    if cx.user(id).away.is_some() {
        cx.reply(Reply::NowAway { away: true });
    }
    for channel_id in channel_ids {
        show_joined(cx, channel_id, &who);
    }
}

pub(crate) fn add_session(cx: &mut Cx<'_>, id: UserId) {
    let session = cx.session;
    cx.user_mut(id).sessions.push(session);
    let user = cx.user(id).clone();
    for channel_id in &user.channels {
        cx.channel_mut(*channel_id).add_session(session, user.is_deaf());
    }
}

/// Shows a channel that the user is in already to a session that does not know of it.
pub(crate) fn show_joined(cx: &mut Cx<'_>, channel_id: ChannelId, who: &Arc<Who>) {
    let id = cx.next_id();
    let (session, channel) = (cx.session, cx.channel(channel_id).name.clone());
    let event = Event::Joined { id, who: who.clone(), channel, arrived: false };
    cx.effects.push(Effect::Own { session, event });
    membership::show(cx, session, channel_id);
}

/// How a session came to its user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Came {
    /// The user came with it.
    New,
    /// The user was on already.
    Attached,
}

fn welcome(cx: &mut Cx<'_>, id: UserId, came: Came) {
    let session = cx.session;
    let row = cx.session_mut();
    row.user = Some(id);
    row.pass = None;
    let (address, client) = (row.peer.address, row.peer.client.clone());
    let user = cx.user(id);
    let (who, modes) = (user.who.clone(), user.modes);
    cx.effects.push(Effect::Registered { session });
    cx.effects.push(Effect::Log(Log::Came {
        nick: who.nick.clone(),
        account: who.account.clone(),
        address,
        client,
        online: cx.state.users.len(),
    }));
    let (counts, motd, started) = (cx.state.counts(), cx.settings().motd.clone(), cx.state.started);
    let attached = came == Came::Attached;
    cx.reply(Reply::Welcome { who, modes, counts, motd, started, attached });
}
