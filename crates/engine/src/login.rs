//! Logging in to accounts.

use std::sync::Arc;

use chat_model::Text;
use chat_model::close_reason::CloseReason;
use chat_model::event::Event;
use chat_model::id::{ChannelId, MsgId, SessionId, UserId};
use chat_model::login_name::LoginName;
use chat_model::name::{Account, Nick};
use chat_model::refusal::Refusal;
use chat_model::reply::{IrcReply, Notice, Reply};
use chat_model::secret::SecretId;
use chat_model::who::Who;

use crate::arrival;
use crate::attempts::{self, Name};
use crate::away;
use crate::bans;
use crate::commands::lang;
use crate::cx::{Cx, Outcome};
use crate::delivered;
use crate::departure;
use crate::input::Credential;
use crate::membership;
use crate::nicknames;
use crate::pending::{LoginMethod, Missed, What};
use crate::replay;
use crate::state::membership::Member;
use crate::state::session::Session;

/// Asks whether the password is right.
pub(crate) fn start(cx: &mut Cx<'_>, name: LoginName, password: SecretId, method: LoginMethod) -> Outcome {
    let LoginName { account, device } = name;
    let (tried_name, credential) = (Name::Account(account.clone()), Credential::Account(account.clone()));
    // What PASS brings is no answer to a call of its own: NICK or USER is answered by what comes of it.
    let what = |tried| What::Login { account, device, method, tried };
    attempts::verify(cx, tried_name, credential, password, what)
        .or_else(|refusal| failed(cx, method, refusal))
}

/// What came with PASS, unless it is the password of the server: `account:password`, or the password alone, as simple
/// programs send it, which is for the account of the nickname.
pub(crate) fn in_pass(cx: &Cx<'_>) -> Option<(LoginName, SecretId)> {
    let (row, settings) = (cx.session_row(), cx.state.settings());
    let pass = row.pass.as_ref()?;
    if row.account.is_some() || pass.is_servers {
        return None;
    }
    let is_known = |account: &Account| cx.state.accounts.contains(account);
    let nick = row.nick.as_ref().or(row.asked_nick.as_ref()).map(|nick| nick.to_account());
    let alone = nick.filter(|account| is_known(account) && !settings.has_password);
    match (pass.login.clone(), alone) {
        (Some((name, password)), None) => Some((name, password)),
        (Some((name, password)), Some(_)) if is_known(&name.account) => Some((name, password)),
        (_, alone) => Some((alone?.into(), pass.id)),
    }
}

/// Goes on when it is known whether the password was right.
pub(crate) fn verified(cx: &mut Cx<'_>, name: LoginName, method: LoginMethod, right: bool) -> Outcome {
    let LoginName { account, device } = name;
    // The account may have been deleted since it was asked about; and it is spelled as it was made.
    let Some(account) = cx.state.account(&account).filter(|_| right) else {
        return failed(cx, method, Refusal::LoginFailed);
    };
    // Who is about to come in is refused there, and told to leave.
    if let (LoginMethod::Login | LoginMethod::NickServ, Some(reason)) =
        (method, bans::account_ban(cx.state, &account, cx.now))
    {
        return Err(Refusal::Banned { reason });
    }
    lang::logged_in(cx, &account);
    match cx.session_row().user {
        Some(user) => log_in(cx, user, account, device, method),
        None => {
            cx.session_mut().device = device;
            note(cx, account, false);
            match method {
                LoginMethod::Pass | LoginMethod::Enter => arrival::register(cx),
                LoginMethod::Login | LoginMethod::NickServ => arrival::resume(cx),
            }
        }
    }
}

/// Whether the password was right could not be found out, which is nobody's failure.
pub(crate) fn unanswered(cx: &mut Cx<'_>, method: LoginMethod) -> Outcome {
    failed(cx, method, Refusal::StorageUnavailable)
}

fn failed(cx: &mut Cx<'_>, method: LoginMethod, refusal: Refusal) -> Outcome {
    match method {
        // The client may still come in as a guest, if its nickname is nobody's.
        LoginMethod::Pass => {
            cx.refuse(refusal);
            arrival::register(cx)
        }
        LoginMethod::Enter => {
            cx.session_mut().nick = None;
            Err(refusal)
        }
        LoginMethod::Login | LoginMethod::NickServ => Err(refusal),
    }
}

/// The session of a user that goes on as this guest is told that it has no account any more.
pub(crate) fn tell_logged_out(cx: &mut Cx<'_>, guest: UserId, account: Account) {
    let mask = cx.who(guest).to_string().into();
    cx.reply(Reply::Notice(Notice::LoggedOut { account, mask }));
}

/// A session that has not come in yet has an account.
pub(crate) fn note(cx: &mut Cx<'_>, account: Account, made: bool) {
    cx.session_mut().account = Some(account.clone());
    let mask = mask_of_unregistered(cx);
    cx.reply(Reply::LoggedIn { account, mask, made });
}

fn mask_of_unregistered(cx: &Cx<'_>) -> Text {
    let row = cx.session_row();
    let nick = row.nick.as_ref().map_or("*", |nick| nick.as_str());
    format!("{nick}!{}@{}", row.username.as_deref().unwrap_or("*"), row.host()).into()
}

/// Somebody who is on logs in. Only the session that does changes: where the user has others, it leaves them.
fn log_in(
    cx: &mut Cx<'_>,
    user: UserId,
    account: Account,
    device: Option<Text>,
    method: LoginMethod,
) -> Outcome {
    let online = cx.state.accounts.get(&account).ok_or(Refusal::LoginFailed)?.user;
    if online == Some(user) {
        answer(cx, user, &account, false);
        if let Some(device) = device {
            change_device(cx, user, account, device);
        }
        return Ok(());
    }
    let nick = cx.who(user).nick.clone();
    delivered::ended(cx.state, cx.now, cx.session, &CloseReason::LoggedIn { nick }, cx.effects);
    cx.session_mut().device = device;
    match online {
        Some(other) => {
            let mark = delivered::take_over(cx, &account);
            let mut missed = missed_here(cx, user, &account, mark);
            missed.extend(move_session(cx, user, other, Some(mark)));
            answer(cx, other, &account, false);
            replay::ask(cx, missed, Some((account, mark)));
        }
        None if cx.user(user).sessions.len() > 1 => {
            let nick = nick_apart(cx, &account);
            let other = split_off(cx, user, nick, Some(&account));
            answer(cx, other, &account, false);
            let mark = arrival::came(cx, &account, other);
            arrival::come_into_channels(cx, other, Some(mark), Vec::new(), true);
        }
        None => {
            take_nick(cx, user, &account, method);
            let mark = delivered::take_over(cx, &account);
            let missed = missed_here(cx, user, &account, mark);
            set_account(cx, user, &account);
            answer(cx, user, &account, false);
            arrival::note_on(cx, &account, user);
            arrival::come_into_channels(cx, user, Some(mark), missed, false);
        }
    }
    Ok(())
}

/// Who is on with the account says which of its devices this is, and is shown what that one missed.
fn change_device(cx: &mut Cx<'_>, user: UserId, account: Account, device: Text) {
    let until = cx.session_row().shown_since;
    if let Some(mark) = delivered::change_device(cx, &account, device) {
        let missed = missed_here(cx, user, &account, mark);
        replay::ask_until(cx, until, missed, (mark < until).then_some((account, mark)));
    }
}

/// Those who have logged in to an account and not come in yet have to do it again, or come in as guests, if they may.
pub(crate) fn forget(cx: &mut Cx<'_>, account: &Account) {
    let is_its = |session: &Session| session.account.as_ref() == Some(account);
    let sessions: Vec<SessionId> =
        cx.state.sessions.iter().filter(|(_, row)| is_its(row)).map(|(session, _)| *session).collect();
    for session in sessions {
        if let Some(row) = cx.state.sessions.get_mut(&session) {
            row.account = None;
        }
    }
}

/// The asking session becomes a user of its own, logged in to an account that nobody is on with, or to none.
pub(crate) fn split_off(cx: &mut Cx<'_>, from: UserId, nick: Nick, account: Option<&Account>) -> UserId {
    let other = arrival::add_user(cx, nick, account);
    move_session(cx, from, other, None);
    other
}

/// What a session is called that leaves its user for an account: the account's nickname, if it may have that.
fn nick_apart(cx: &mut Cx<'_>, account: &Account) -> Nick {
    let nick = account.to_nick();
    let is_banned = bans::ban_of(cx.state, &nick, Some(account), cx.now).is_some();
    let may_have = !is_banned && nicknames::may_have(cx, &nick, Some(account), None).is_ok();
    if may_have { nick } else { nicknames::guest_nick(cx) }
}

/// Who identifies to NickServ wants the account's nickname, too. And nobody keeps the nickname of an account on
/// leaving it for another one.
fn take_nick(cx: &mut Cx<'_>, user: UserId, account: &Account, method: LoginMethod) {
    let (mine, nick) = (cx.who(user).nick.clone(), account.to_nick());
    let owner = mine.to_account();
    let is_others = owner != *account && cx.state.accounts.contains(&owner);
    if mine == nick || (method != LoginMethod::NickServ && !is_others) {
        return;
    }
    let is_banned = bans::ban_of(cx.state, &nick, Some(account), cx.now).is_some();
    if !is_banned && nicknames::may_have(cx, &nick, Some(account), Some(user)).is_ok() {
        nicknames::rename(cx, user, nick);
    } else if is_others {
        let other = nicknames::guest_nick(cx);
        nicknames::rename(cx, user, other);
    }
}

/// A session that is on has an account.
pub(crate) fn answer(cx: &mut Cx<'_>, user: UserId, account: &Account, made: bool) {
    let mask = cx.who(user).to_string().into();
    cx.reply(Reply::LoggedIn { account: account.clone(), mask, made });
}

/// Logs a user who is on in to an account that nobody else is on with.
pub(crate) fn set_account(cx: &mut Cx<'_>, user: UserId, account: &Account) {
    let (old, before) = (cx.who(user), cx.user(user).member);
    if let Some(account) = &old.account {
        departure::went(cx.state, cx.now, account, cx.effects);
    }
    let Some(member) = cx.state.accounts.get(account).map(|row| Member::Account(row.id)) else { return };
    let who = Arc::new(Who { account: Some(account.clone()), ..(*old).clone() });
    cx.state.set_who(user, &who);
    cx.user_mut(user).member = member;
    let event = Event::AccountChanged { at: cx.stamp(), who, account: Some(account.clone()) };
    let to = cx.peers(user);
    cx.publish(to, event);
    membership::rebind(cx, user, before, member);
}

/// What the account, or its device, has not seen of the channels that its user is in already: what came before the lines that
/// this session was shown.
fn missed_here(cx: &Cx<'_>, user: UserId, account: &Account, mark: MsgId) -> Vec<Missed> {
    let Some(account) = cx.state.accounts.get(account) else { return Vec::new() };
    let (row, limit) = (cx.session_row(), cx.state.settings().chathistory_max);
    let missed = cx.user(user).channels.iter().filter_map(|channel_id| {
        let channel = cx.channel(*channel_id).name.clone();
        let membership = cx.state.membership(*channel_id, Member::Account(account.id))?;
        let delivered = Some(if membership.joined { mark } else { membership.delivered });
        let before = row.shown_from.iter().find(|(shown, _)| *shown == channel)?.1;
        (delivered < Some(before)).then_some(Missed { channel, delivered, before, limit })
    });
    missed.collect()
}

/// Moves the asking session from one user to another: it takes the other's nickname and channels. What came there since
/// `mark` comes back.
fn move_session(cx: &mut Cx<'_>, from: UserId, to: UserId, mark: Option<MsgId>) -> Vec<Missed> {
    let (old, new) = (cx.user(from).clone(), cx.user(to).clone());
    let left = |channel_id: &&ChannelId| !new.channels.contains(channel_id);
    for channel_id in old.channels.iter().filter(left) {
        let (at, channel) = (cx.stamp(), cx.channel(*channel_id).name.clone());
        cx.own(Event::Parted { at, who: old.who.clone(), channel, reason: None });
    }
    let at = cx.stamp();
    cx.own(Event::Renamed { at, who: old.who.clone(), nick: new.who.nick.clone() });
    cx.reply(IrcReply::YouAre { who: new.who.clone() });
    let nick = new.who.nick.clone();
    let reason = match new.who.account {
        Some(_) => CloseReason::LoggedIn { nick },
        None => CloseReason::LoggedOut { nick },
    };
    departure::detach(cx, from, cx.session, &reason);
    arrival::add_session(cx, to);
    away::update(cx, to);
    arrival::show_channels(cx, to, &old.channels, mark)
}
