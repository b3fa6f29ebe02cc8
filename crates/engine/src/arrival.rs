//! Coming to the server: the registration, the channels that one comes back into, further sessions.

use std::collections::BTreeSet;
use std::sync::Arc;

use chat_model::change::Change;
use chat_model::close_reason::CloseReason;
use chat_model::event::Event;
use chat_model::id::{ChannelId, MsgId, UserId};
use chat_model::mode::{Rank, Ranks, UserMode, UserModes};
use chat_model::name::{Account, Nick};
use chat_model::refusal::Refusal;
use chat_model::reply::Reply;
use chat_model::who::Who;

use crate::away;
use crate::bans;
use crate::cx::{Cx, Outcome};
use crate::delivered;
use crate::departure;
use crate::effect::{Effect, Log};
use crate::idle;
use crate::login;
use crate::membership;
use crate::nicknames;
use crate::pending::{LoginMethod, Missed};
use crate::replay;
use crate::state::membership::Member;
use crate::state::user::User;

/// Goes on with the registration as far as it can: once nickname and user name are known, the session gets in or is
/// told why not.
pub(crate) fn complete(cx: &mut Cx<'_>) -> Outcome {
    let row = cx.session_row();
    if row.user.is_some() || row.nick.is_none() || row.username.is_none() {
        return Ok(());
    }
    if let Some((name, password)) = login::in_pass(cx) {
        cx.session_mut().pass = None;
        return login::start(cx, name, password, LoginMethod::Pass);
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
        let reason = match &refusal {
            Refusal::ServerPassword => Some(CloseReason::ServerPassword),
            Refusal::Banned { reason } => Some(CloseReason::Banned { reason: reason.clone() }),
            _ => None,
        };
        // Who speaks IRC sends its password first or not at all; the other faces ask for it.
        let closes = cx.session_row().username.is_some() && cx.verb != "ENTER";
        if let (Some(reason), true) = (reason, closes) {
            cx.refuse(refusal);
            departure::close(cx, cx.session, reason);
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
    if settings.has_password && !row.knows_password() {
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
    if settings.has_password && row.account.is_none() && !row.knows_password() {
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
    let nick = cx.session_row().nick.clone().expect("checked before");
    let id = add_user(cx, nick, account.as_ref());
    add_session(cx, id);
    let delivered = account.as_ref().map(|account| came(cx, account, id));
    welcome(cx, id, Came::New);
    come_into_channels(cx, id, delivered, Vec::new(), true);
}

/// A new user, without a session yet.
pub(crate) fn add_user(cx: &mut Cx<'_>, nick: Nick, account: Option<&Account>) -> UserId {
    let row = cx.session_row();
    let username = row.username.clone().unwrap_or_else(|| nick.as_str().into());
    let (host, realname) = (row.host(), row.realname.clone());
    // Before it can say so again, it would be shown the past.
    let bot = account.and_then(|account| cx.state.accounts.get(account)).is_some_and(|row| row.bot);
    let who = Arc::new(Who { nick: nick.clone(), username, host, account: account.cloned(), realname, bot });
    let mut modes = UserModes::default();
    modes.set(UserMode::Bot, bot);
    cx.state.counters.users += 1;
    let id = UserId(cx.state.counters.users);
    let account = account.and_then(|account| cx.state.accounts.get(account));
    let user = User {
        who,
        member: account.map_or(Member::Guest(id), |row| Member::Account(row.id)),
        sessions: Vec::new(),
        channels: BTreeSet::new(),
        invited: BTreeSet::new(),
        modes,
        muted: false,
        away: None,
        operator: None,
        since: cx.now,
        active: cx.now,
    };
    cx.state.users.insert(id, Box::new(user));
    cx.state.nicks.insert(nick.clone(), id);
    cx.state.remember_look(&nick);
    cx.state.counters.most_online = cx.state.counters.most_online.max(cx.state.users.len());
    id
}

/// Notes that an account is on, with the asking session. Returns from where that goes on.
pub(crate) fn came(cx: &mut Cx<'_>, account: &Account, user: UserId) -> MsgId {
    let delivered = delivered::take_over(cx, account);
    note_on(cx, account, user);
    delivered
}

/// Notes as which user an account is on.
pub(crate) fn note_on(cx: &mut Cx<'_>, account: &Account, user: UserId) {
    if let Some(row) = cx.state.accounts.get_mut(account) {
        row.user = Some(user);
    }
    cx.save_when_possible(Change::Presence { account: account.clone(), last_here: None });
}

/// The lobby, and the channels that the account was in; and what happened there since, besides what was missed
/// already. `arrived` says that the user has come to the server just now.
pub(crate) fn come_into_channels(
    cx: &mut Cx<'_>,
    id: UserId,
    delivered: Option<MsgId>,
    mut all_missed: Vec<Missed>,
    arrived: bool,
) {
    all_missed.extend(join_channels(cx, id, delivered, arrived));
    let account = cx.user(id).who.account.clone();
    if let Some(account) = &account {
        idle::tell_founder(cx, account);
    }
    // Who wants no past is told of waiting whispers all the same: their senders were promised so.
    replay::ask(cx, all_missed, account.zip(delivered));
}

/// The same without what happened there since, which comes back.
pub(crate) fn join_channels(
    cx: &mut Cx<'_>,
    id: UserId,
    delivered: Option<MsgId>,
    arrived: bool,
) -> Vec<Missed> {
    let mut all_missed = Vec::new();
    for (index, channel_id) in channels_to_join(cx, id).into_iter().enumerate() {
        let before = cx.state.membership_of(channel_id, id);
        // The lobby, where there is one, is the first of them.
        let row = membership::coming(cx, id, channel_id, Ranks::default());
        membership::save_when_possible(cx, id, channel_id, row);
        let joined = membership::join(cx, id, channel_id, row, arrived && index == 0);
        let delivered =
            before.map(|row| if row.joined { delivered.unwrap_or(row.delivered) } else { row.delivered });
        all_missed.push(membership::missed(cx, channel_id, delivered, joined));
    }
    all_missed
}

fn channels_to_join(cx: &Cx<'_>, id: UserId) -> Vec<ChannelId> {
    let (user, lobby) = (cx.user(id), cx.state.lobby());
    let wanted = |channel_id: &ChannelId| {
        let row = cx.state.membership(*channel_id, user.member);
        let is_member = row.map_or(Some(*channel_id) == lobby, |row| row.joined);
        let is_founder = row.is_some_and(|row| row.ranks.has(Rank::Founder));
        let joins = is_member && !user.channels.contains(channel_id);
        (joins && (is_founder || !bans::on_channel(cx, *channel_id, id))).then_some(*channel_id)
    };
    let mut channel_ids: Vec<_> =
        cx.state.channels.iter().map(|(channel_id, _)| channel_id).filter_map(wanted).collect();
    channel_ids.sort_by_key(|channel_id| Some(*channel_id) != lobby);
    channel_ids
}

/// One more session of a user who is on already. It may be the same device again, whose other connection is dead: so it is
/// shown what it has not had.
fn attach(cx: &mut Cx<'_>, id: UserId) {
    let account = cx.user(id).who.account.clone();
    let delivered = account.map(|account| (delivered::take_over(cx, &account), account));
    add_session(cx, id);
    welcome(cx, id, Came::Attached);
    away::update(cx, id);
    let mark = delivered.as_ref().map(|(mark, _)| *mark);
    let all_missed = show_channels(cx, id, &BTreeSet::new(), mark);
    replay::ask(cx, all_missed, delivered.map(|(mark, account)| (account, mark)));
}

/// Makes the asking session one of a user's.
pub(crate) fn add_session(cx: &mut Cx<'_>, id: UserId) {
    let session = cx.session;
    cx.state.bind_session(session, id);
    let user = cx.user_mut(id);
    user.sessions.push(session);
    let (channel_ids, deaf) = (user.channels.clone(), user.is_deaf());
    for channel_id in channel_ids {
        cx.state.add_to_audience(channel_id, session, deaf);
    }
}

/// Shows the channels that a user is in already to the asking session, which has been in those that it `knows`. What came
/// in the others since `mark` comes back.
pub(crate) fn show_channels(
    cx: &mut Cx<'_>,
    id: UserId,
    knows: &BTreeSet<ChannelId>,
    mark: Option<MsgId>,
) -> Vec<Missed> {
    let (who, mut all_missed) = (cx.who(id), Vec::new());
    for channel_id in cx.user(id).channels.clone() {
        if knows.contains(&channel_id) {
            membership::show(cx, cx.session, channel_id);
        } else {
            let joined = show_joined(cx, channel_id, &who);
            all_missed.push(membership::missed(cx, channel_id, mark, joined));
        }
    }
    all_missed
}

/// Shows a channel to a session that does not know of it. Returns when it was.
fn show_joined(cx: &mut Cx<'_>, channel_id: ChannelId, who: &Arc<Who>) -> MsgId {
    let (at, channel) = (cx.stamp(), cx.channel(channel_id).name.clone());
    cx.own(Event::Joined { at, who: who.clone(), channel, ranks: Ranks::default(), arrived: false });
    membership::show(cx, cx.session, channel_id);
    at.id
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
    row.pass = None;
    let (address, client) = (row.peer.address, row.peer.client.clone());
    let user = cx.user(id);
    let (who, modes, muted) = (user.who.clone(), user.modes, user.muted);
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
    cx.reply(Reply::Welcome { who, modes, muted, counts, motd, started, attached });
}
