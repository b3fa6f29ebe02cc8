//! What accounts have had: not what was sent to them, but up to where their clients have shown to have got it.
//!
//! Each session has a mark, which rises with [`crate::input::Input::Delivered`]. When a session ends, the mark stays, and
//! the next one goes on from there: the next of the same device, where devices say which they are (`account@device`), else
//! the next one of the account.

use chat_model::Text;
use chat_model::change::{Change, StoredDevice};
use chat_model::close_reason::CloseReason;
use chat_model::id::{MsgId, SessionId, Time};
use chat_model::limits::{
    DELIVERED_STORE_PAUSE_MS, DEVICES_PER_ACCOUNT_MAX, ENDED_SESSION_MEMORY_MS, ENDED_SESSIONS_MAX,
};
use chat_model::name::Account;

use crate::cx::Cx;
use crate::effect::Effect;
use crate::membership::Somebody;
use crate::state::State;
use crate::state::account::{AccountId, Device, Ended};

/// Marks have moved. What clients show of the time before they came in says nothing of what they missed.
pub(crate) fn moved(state: &mut State, now: Time, marks: &[(SessionId, MsgId)], effects: &mut Vec<Effect>) {
    for (session, mark) in marks {
        let Some(row) = state.sessions.get_mut(session) else { continue };
        if *mark < row.came_at || *mark <= row.delivered {
            continue;
        }
        (row.delivered, row.is_replaced) = (*mark, false);
        let device = row.device.clone();
        let Some(account) = account_of(state, *session) else { continue };
        let due = state
            .accounts
            .get(&account)
            .is_some_and(|row| now.since(row.stored) >= DELIVERED_STORE_PAUSE_MS || now < row.stored);
        if due {
            keep_device(state, now, &account, device, *mark, effects);
            keep(state, now, &account, lowest(state, now, &account), effects);
        }
    }
}

fn account_of(state: &State, session: SessionId) -> Option<Account> {
    state.users.get(&state.sessions.get(&session)?.user?)?.who.account.clone()
}

/// The asking session goes on for an account that it has logged in to. From where: what came since is to be shown.
pub(crate) fn take_over(cx: &mut Cx<'_>, account: &Account) -> MsgId {
    let came_at = cx.next_id();
    let device = cx.session_row().device.clone();
    let of_device = device.as_ref().and_then(|device| mark_of_device(cx, account, device));
    let mark = of_device.unwrap_or_else(|| lowest_mark(cx, account));
    let row = cx.session_mut();
    (row.delivered, row.came_at, row.is_replaced) = (mark, came_at, false);
    mark
}

/// Where a device that says which it is goes on. An earlier connection of it may not have noticed yet that it is dead.
fn mark_of_device(cx: &mut Cx<'_>, account: &Account, device: &Text) -> Option<MsgId> {
    let before = cx.other_sessions(account).into_iter().find(|session| {
        cx.state.sessions.get(session).is_some_and(|row| row.device.as_ref() == Some(device))
    });
    if let Some(row) = before.and_then(|session| cx.state.sessions.get_mut(&session)) {
        row.is_replaced = true;
        return Some(row.delivered);
    }
    let id = cx.state.accounts.get(account)?.id;
    cx.state.devices.get(&(id, device.clone())).map(|row| row.delivered)
}

/// Where a session goes on of which nobody can tell which it replaces: at the lowest mark of those that are on or have
/// ended in the last hours. That one is taken, so the next goes on elsewhere.
fn lowest_mark(cx: &mut Cx<'_>, account: &Account) -> MsgId {
    let now = cx.now;
    let Some(row) = cx.state.accounts.get_mut(account) else { return MsgId::MIN };
    row.ended.retain(|ended| now.since(ended.at) <= ENDED_SESSION_MEMORY_MS);
    let (fallback, ended) = (row.delivered, row.ended.iter().map(|ended| ended.mark).min());
    let mark_of = |session: &SessionId| cx.state.sessions.get(session).map(|row| row.delivered);
    let on = cx.other_sessions(account);
    let open = |session: &&SessionId| {
        cx.state.sessions.get(session).is_some_and(|session| session.can_be_replaced())
    };
    let dead = on.iter().filter(open).filter_map(|session| Some((mark_of(session)?, *session))).min();
    match (ended, dead) {
        (Some(mark), dead) if dead.is_none_or(|(other, _)| mark <= other) => {
            if let Some(row) = cx.state.accounts.get_mut(account)
                && let Some(index) = row.ended.iter().position(|ended| ended.mark == mark)
            {
                row.ended.remove(index);
            }
            mark
        }
        (_, Some((mark, session))) => {
            if let Some(row) = cx.state.sessions.get_mut(&session) {
                row.is_replaced = true;
            }
            mark
        }
        _ => on.iter().filter_map(mark_of).min().unwrap_or(fallback),
    }
}

/// A session is about to leave its account. Who says QUIT has had everything.
pub(crate) fn ended(
    state: &mut State,
    now: Time,
    session: SessionId,
    reason: &CloseReason,
    effects: &mut Vec<Effect>,
) {
    let Some(account) = account_of(state, session) else { return };
    let Some(row) = state.sessions.get(&session) else { return };
    let said_so = matches!(reason, CloseReason::Quit(_));
    let mark = if said_so { state.counters.last_id } else { row.delivered };
    let (device, is_replaced) = (row.device.clone(), row.is_replaced);
    if device.is_none()
        && !is_replaced
        && let Some(row) = state.accounts.get_mut(&account)
    {
        row.ended.push(Ended { mark, at: now });
        let over = row.ended.len().saturating_sub(ENDED_SESSIONS_MAX);
        row.ended.drain(..over);
    }
    keep_device(state, now, &account, device, mark, effects);
    if let Some(row) = state.sessions.get_mut(&session) {
        row.is_replaced = true;
    }
    let all = lowest(state, now, &account).or(Some(mark));
    keep(state, now, &account, all, effects);
}

/// Up to where somebody has had everything for certain.
pub(crate) fn so_far(cx: &Cx<'_>, who: &Somebody) -> MsgId {
    let marks = who.user.map(|user| cx.user(user).sessions.as_slice()).unwrap_or_default().iter();
    let on = marks.filter_map(|session| cx.state.sessions.get(session)).map(|row| row.delivered).min();
    let account = who.account.as_ref().and_then(|account| cx.state.accounts.get(account));
    on.or(account.map(|row| row.delivered)).unwrap_or_default()
}

/// Up to where all have had everything that may be one device: those that are on, and those that were lately.
fn lowest(state: &State, now: Time, account: &Account) -> Option<MsgId> {
    let row = state.accounts.get(account)?;
    let sessions = row.user.and_then(|user| state.users.get(&user)).map(|user| user.sessions.as_slice());
    let rows = sessions.unwrap_or_default().iter().filter_map(|session| state.sessions.get(session));
    let on = rows.filter(|row| row.can_be_replaced()).map(|row| row.delivered);
    let recent = row.ended.iter().filter(|ended| now.since(ended.at) <= ENDED_SESSION_MEMORY_MS);
    on.chain(recent.map(|ended| ended.mark)).min()
}

fn keep(state: &mut State, now: Time, account: &Account, mark: Option<MsgId>, effects: &mut Vec<Effect>) {
    let Some(row) = state.accounts.get_mut(account) else { return };
    row.stored = now;
    if let Some(delivered) = mark.filter(|mark| *mark != row.delivered) {
        row.delivered = delivered;
        let account = account.clone();
        effects.push(Effect::SaveWhenPossible(Change::Delivered { account, delivered }));
    }
}

fn keep_device(
    state: &mut State,
    now: Time,
    account: &Account,
    device: Option<Text>,
    delivered: MsgId,
    effects: &mut Vec<Effect>,
) {
    let (Some(device), Some(row)) = (device, state.accounts.get(account)) else { return };
    let id = row.id;
    state.devices.insert((id, device.clone()), Device { delivered, last_here: now });
    let account = account.clone();
    if let Some(oldest) = oldest_over(state, id) {
        state.devices.remove(&(id, oldest.clone()));
        let change = Change::DeviceGone { account: account.clone(), device: oldest };
        effects.push(Effect::SaveWhenPossible(change));
    }
    let stored = StoredDevice { account, device, delivered, last_here: now };
    effects.push(Effect::SaveWhenPossible(Change::Device(stored)));
}

/// The device that is one too many.
fn oldest_over(state: &State, id: AccountId) -> Option<Text> {
    let all = || state.devices_of(id);
    if all().count() <= DEVICES_PER_ACCOUNT_MAX {
        return None;
    }
    all().min_by_key(|(_, row)| row.last_here).map(|(device, _)| device.clone())
}
