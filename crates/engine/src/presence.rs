//! Coming to the server and leaving it.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use chat_model::Text;
use chat_model::change::{BanTarget, Change, ServerBan};
use chat_model::event::Event;
use chat_model::id::{ChannelId, MsgId, SessionId, Time, UserId};
use chat_model::mask::glob;
use chat_model::mode::{Ranks, UserModes};
use chat_model::name::{Account, NameError, Nick};
use chat_model::refusal::Refusal;
use chat_model::reply::{Farewell, Reply, Whowas};
use chat_model::who::Who;

use crate::cx::{Cx, Outcome};
use crate::effect::{Effect, Log};
use crate::load;
use crate::login;
use crate::membership;
use crate::pending::{Missed, Via};
use crate::replay;
use crate::state::State;
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
            close(cx, cx.session, farewell);
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

fn may_enter(cx: &Cx<'_>) -> Outcome {
    let settings = cx.state.settings();
    let row = cx.session_row();
    let nick = row.nick.clone().ok_or(Refusal::NoNicknameGiven)?;
    if settings.password.is_some() && row.account.is_none() && row.pass != settings.password {
        return Err(Refusal::ServerPassword);
    }
    if let Some(reason) = ban_of(cx.state, &nick, row.account.as_ref(), cx.now) {
        return Err(Refusal::Banned { reason });
    }
    match &row.account {
        // Whoever names an account can still give its password, guests or not.
        None if !settings.guests && !cx.state.accounts.contains(&nick.to_account()) => {
            Err(Refusal::GuestsNotAllowed)
        }
        Some(account) if cx.state.accounts.get(account).is_some_and(|row| row.user.is_some()) => Ok(()),
        account => may_have(cx, &nick, account.as_ref(), None),
    }
}

/// Whether somebody with this account may have a nickname; `me` is who has another one now.
pub(crate) fn may_have(cx: &Cx<'_>, nick: &Nick, account: Option<&Account>, me: Option<UserId>) -> Outcome {
    refuse_server_name(cx, nick)?;
    let owner = nick.to_account();
    if account != Some(&owner) && cx.state.accounts.contains(&owner) {
        return Err(Refusal::NickOwned { nick: nick.clone() });
    }
    if cx.state.nicks.get(nick).is_some_and(|user| Some(*user) != me) {
        return Err(Refusal::NickInUse { nick: nick.clone() });
    }
    let mine = me.map(|id| cx.user(id).who.nick.clone());
    match cx.state.look_alike(nick) {
        Some(other) if Some(&other) != mine.as_ref() && account != Some(&owner) => {
            Err(Refusal::NickLooksLike { nick: nick.clone(), other })
        }
        _ => Ok(()),
    }
}

/// Nobody speaks in the server's name, which may well be a nickname by its form.
fn refuse_server_name(cx: &Cx<'_>, nick: &Nick) -> Outcome {
    let server = Nick::new(&cx.state.settings().server);
    if server.is_ok_and(|server| server == *nick || server.looks_like(nick)) {
        return Err(Refusal::BadNick { nick: nick.as_str().into(), why: NameError::Reserved });
    }
    Ok(())
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
    welcome(cx, id, false);
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

/// Notes that an account is no longer on.
pub(crate) fn went(state: &mut State, account: &Account, effects: &mut Vec<Effect>) {
    let seen = state.counters.last_id;
    if let Some(row) = state.accounts.get_mut(account) {
        row.user = None;
        row.seen = seen;
        effects
            .push(Effect::SaveWhenPossible(Change::Presence { account: account.clone(), seen: Some(seen) }));
    }
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
    let places = channels_to_join(cx, id, account.as_ref());
    for (index, (place, ranks)) in places.into_iter().enumerate() {
        let tie = account.as_ref().and_then(|account| cx.channel(place).ties.get(account)).copied();
        let joined = membership::join(cx, id, place, ranks, index == 0);
        let seen = tie.map(|tie| if tie.joined { seen.unwrap_or(tie.seen) } else { tie.seen });
        all_missed.push(membership::missed(cx, place, seen, joined));
    }
    let wants_past = cx.session_row().replay != Some(0);
    let whispers = account.zip(seen).filter(|_| wants_past);
    replay::ask(cx, all_missed, whispers);
}

fn channels_to_join(cx: &Cx<'_>, id: UserId, account: Option<&Account>) -> Vec<(ChannelId, Ranks)> {
    let lobby = cx.state.settings().lobby.clone();
    let lobby = lobby.and_then(|name| cx.state.channel_by_name(&name)).map(|(place, _)| place);
    let mut places = Vec::new();
    for (place, channel) in cx.state.channels.iter() {
        let tie = account.and_then(|account| channel.ties.get(account));
        let wanted = match tie {
            Some(tie) => tie.joined,
            None => Some(*place) == lobby,
        };
        if wanted && !channel.members.contains_key(&id) && !channel.bans(&cx.user(id).who) {
            places.push((*place, tie.map(|tie| tie.ranks).unwrap_or_default()));
        }
    }
    places.sort_by_key(|(place, _)| Some(*place) != lobby);
    places
}

/// One more session of a user who is on already.
fn attach(cx: &mut Cx<'_>, id: UserId) {
    add_session(cx, id);
    welcome(cx, id, true);
    let (who, places) = (cx.who(id), cx.user(id).channels.clone());
    if cx.user(id).away.is_some() {
        cx.reply(Reply::NowAway { away: true });
    }
    for place in places {
        show_joined(cx, place, &who);
    }
}

pub(crate) fn add_session(cx: &mut Cx<'_>, id: UserId) {
    let session = cx.session;
    cx.user_mut(id).sessions.push(session);
    let user = cx.user(id).clone();
    for place in &user.channels {
        cx.channel_mut(*place).add_session(session, user.is_deaf());
    }
}

/// Shows a channel that the user is in already to a session that does not know of it.
pub(crate) fn show_joined(cx: &mut Cx<'_>, place: ChannelId, who: &Arc<Who>) {
    let id = cx.next_id();
    let (session, channel) = (cx.session, cx.channel(place).name.clone());
    let event = Event::Joined { id, who: who.clone(), channel, arrived: false };
    cx.effects.push(Effect::Own { session, event });
    membership::show(cx, session, place);
}

fn welcome(cx: &mut Cx<'_>, id: UserId, attached: bool) {
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
    cx.reply(Reply::Welcome { who, modes, counts, motd, started, attached });
}

/// Ends a session: it is told why, and leaves.
pub(crate) fn close(cx: &mut Cx<'_>, session: SessionId, farewell: Farewell) {
    cx.effects.push(Effect::Close { session, farewell: farewell.clone() });
    depart(cx, session, farewell);
}

/// A session is gone. When it was the user's last, so is the user.
pub(crate) fn depart(cx: &mut Cx<'_>, session: SessionId, farewell: Farewell) {
    let Some(id) = cx.state.sessions.remove(&session).and_then(|row| row.user) else { return };
    detach(cx, id, session, &quit_reason(&farewell));
}

/// Takes a session from its user. Without any left, the user leaves, in these words.
pub(crate) fn detach(cx: &mut Cx<'_>, id: UserId, session: SessionId, reason: &Text) {
    let user = cx.user_mut(id);
    user.sessions.retain(|other| *other != session);
    let (places, is_last) = (user.channels.clone(), user.sessions.is_empty());
    for place in &places {
        cx.channel_mut(*place).remove_session(session);
    }
    let nick = cx.user(id).who.nick.clone();
    if is_last {
        quit(cx, id, reason.clone());
    }
    let online = cx.state.users.len();
    cx.effects.push(Effect::Log(Log::Left { nick, reason: reason.clone(), online }));
}

fn quit(cx: &mut Cx<'_>, id: UserId, reason: Text) {
    let to = cx.peers(id);
    let event_id = cx.next_id();
    let Some(user) = cx.state.users.remove(&id) else { return };
    if !to.is_empty() {
        let event = Event::Quit { id: event_id, who: user.who.clone(), reason };
        cx.effects.push(Effect::Publish { to, except: None, event });
    }
    for place in &user.channels {
        cx.channel_mut(*place).remove_member(id, &user);
        load::end_if_deserted(cx.state, *place, cx.effects);
    }
    cx.state.nicks.remove(&user.who.nick);
    cx.state.forget_look(&user.who.nick);
    if let Some(account) = &user.who.account {
        went(cx.state, account, cx.effects);
    }
    cx.state.remember_whowas(Whowas { who: user.who, left: cx.now });
}

/// Gives a user another nickname, which it may have.
pub(crate) fn rename(cx: &mut Cx<'_>, id: UserId, nick: Nick) {
    let old = cx.who(id);
    let event = Event::Renamed { id: cx.next_id(), who: old.clone(), nick: nick.clone() };
    let to = cx.peers(id);
    cx.user_mut(id).who = Arc::new(Who { nick: nick.clone(), ..(*old).clone() });
    cx.state.nicks.remove(&old.nick);
    cx.state.nicks.insert(nick.clone(), id);
    cx.state.forget_look(&old.nick);
    cx.state.remember_look(&nick);
    cx.state.remember_whowas(Whowas { who: old, left: cx.now });
    if cx.user(id).sessions.contains(&cx.session) {
        cx.publish(to, event);
    } else {
        cx.effects.push(Effect::Publish { to, except: None, event });
    }
    cx.reply_to_user(id, &Reply::YouAre { nick });
}

/// A nickname of nobody, for a guest who did not choose one or has to give its own back.
pub(crate) fn guest_nick(cx: &mut Cx<'_>) -> Nick {
    loop {
        cx.state.counters.guests += 1;
        let number = 1000 + cx.state.counters.guests * 7919 % 9000;
        let nick = Nick::new(&format!("guest{number}")).expect("letters and digits are a nickname");
        let is_free = !cx.state.nicks.contains(&nick) && !cx.state.accounts.contains(&nick.to_account());
        // All ten thousand may be taken; then the number is longer.
        let longer = Nick::new(&format!("guest{}", 10_000 + cx.state.counters.guests));
        match (is_free, longer) {
            (true, _) => return nick,
            (false, Ok(longer)) if cx.state.counters.guests > 9000 && !cx.state.nicks.contains(&longer) => {
                return longer;
            }
            _ => {}
        }
    }
}

/// A ban of the server that covers an address.
pub(crate) fn address_ban(state: &State, address: IpAddr, now: Time) -> Option<Text> {
    let covers = |target: &BanTarget| matches!(target, BanTarget::Network(net) if net.contains(&address));
    active_ban(state, now, covers)
}

/// A ban of the server that covers an account.
pub(crate) fn account_ban(state: &State, account: &Account, now: Time) -> Option<Text> {
    active_ban(state, now, |target| matches!(target, BanTarget::Account(banned) if banned == account))
}

/// A ban of the server that covers a nickname or the account that comes with it.
pub(crate) fn ban_of(state: &State, nick: &Nick, account: Option<&Account>, now: Time) -> Option<Text> {
    active_ban(state, now, |target| covers(target, nick, account, None))
}

fn active_ban(state: &State, now: Time, covers: impl Fn(&BanTarget) -> bool) -> Option<Text> {
    let active = |ban: &ServerBan| ban.expires.is_none_or(|time| time > now);
    let found = state.bans.iter().find(|(target, ban)| active(ban) && covers(target));
    found.map(|(_, ban)| ban.reason.clone())
}

/// Whether a ban of the server covers somebody.
pub(crate) fn covers(
    target: &BanTarget,
    nick: &Nick,
    account: Option<&Account>,
    address: Option<IpAddr>,
) -> bool {
    match target {
        BanTarget::Nick(mask) => glob(mask, nick.as_str()),
        BanTarget::Account(banned) => account == Some(banned),
        BanTarget::Network(net) => address.is_some_and(|address| net.contains(&address)),
    }
}

/// The server is going down: everybody is told, and has seen everything until now.
pub(crate) fn stop(state: &mut State, effects: &mut Vec<Effect>) {
    let sessions: Vec<_> = state.sessions.iter().map(|(session, _)| *session).collect();
    for session in sessions {
        effects.push(Effect::Close { session, farewell: Farewell::Stopping });
        state.sessions.remove(&session);
    }
    let online: Vec<_> = state.users.iter().filter_map(|(_, user)| user.who.account.clone()).collect();
    for account in online {
        went(state, &account, effects);
    }
}

/// What others are told of why somebody left.
fn quit_reason(farewell: &Farewell) -> Text {
    match farewell {
        Farewell::Quit(Some(words)) => format!("Quit: {words}").into(),
        Farewell::Quit(None) => "Quit".into(),
        Farewell::Closed => "Connection closed".into(),
        Farewell::Failed(error) => format!("Connection failed: {error}").into(),
        Farewell::PingTimeout { seconds } => format!("Ping timeout: {seconds} seconds").into(),
        Farewell::RegisterTimeout => "Registration timed out".into(),
        Farewell::Flood => "Excess flood".into(),
        Farewell::SendQueueFull => "Reads too slowly".into(),
        Farewell::Killed { by, reason } => format!("Kicked by {by}: {reason}").into(),
        Farewell::Banned { reason } => format!("Banned: {reason}").into(),
        Farewell::ServerPassword => "Wrong server password".into(),
        Farewell::LineTooLong => "Line too long".into(),
        Farewell::Stopping => "Server is stopping".into(),
        Farewell::TooManyConnections => "Too many connections".into(),
    }
}
