//! What accounts have had: not what was sent to them, but up to where their clients have shown to have got it.
//!
//! Each device of an account has a mark, which rises with [`crate::input::Input::Delivered`] of the session that is there,
//! and stays when that session ends: the next session of the device goes on from it. Devices that do not say which they
//! are (`account@device`, or a certificate) are numbered, and the next of them goes on where most is missing. They are
//! numbered by what they are shown of that: whoever is not shown what was missed uses up nothing of what is owed to those
//! who are.

use chat_model::Text;
use chat_model::change::{Change, StoredDevice};
use chat_model::close_reason::CloseReason;
use chat_model::id::{MsgId, SessionId, Time};
use chat_model::limits::{DELIVERED_STORE_PAUSE_MS, DEVICES_PER_ACCOUNT_MAX, UNNAMED_DEVICE_MEMORY_MS};
use chat_model::name::Account;

use crate::cx::Cx;
use crate::effect::Effect;
use crate::membership::Somebody;
use crate::state::State;
use crate::state::account::{AccountId, Device};

/// Begins the number of a device that does not say which it is. No client can call itself so: a slash ends its name.
const NUMBER: &str = "/";
/// The same where it says how many lines of the past it wants (all of JSON), and is shown the whispers that it missed.
const NUMBER_WITH_WHISPERS: &str = "/whispers/";
/// The same where it is a bot, or asks for the past itself.
const NUMBER_WITHOUT_PAST: &str = "/nothing/";

/// Whether a device says which it is.
pub(crate) fn is_named(device: &str) -> bool {
    !device.starts_with(NUMBER)
}

/// What begins the number of the asking session, where nothing says which device it is.
fn numbered_as(cx: &Cx<'_>, account: &Account) -> &'static str {
    let is_bot = cx.state.accounts.get(account).is_some_and(|row| row.bot);
    let row = cx.session_row();
    match row.replay {
        _ if is_bot || row.knows_history => NUMBER_WITHOUT_PAST,
        Some(_) => NUMBER_WITH_WHISPERS,
        None => NUMBER,
    }
}

/// What begins this number.
fn beginning(device: &str) -> &str {
    device.trim_end_matches(|character: char| character.is_ascii_digit())
}

/// Marks have moved. What clients show of the time before they came in says nothing of what they missed.
pub(crate) fn moved(state: &mut State, now: Time, marks: &[(SessionId, MsgId)], effects: &mut Vec<Effect>) {
    for (session, mark) in marks {
        let came_at = state.sessions.get(session).map_or(MsgId::MAX, |row| row.came_at);
        if *mark >= came_at
            && let Some(account) = account_of(state, *session)
        {
            session_has_had(state, now, *session, &account, *mark, effects);
        }
    }
}

fn session_has_had(
    state: &mut State,
    now: Time,
    session: SessionId,
    account: &Account,
    mark: MsgId,
    effects: &mut Vec<Effect>,
) {
    let Some(id) = state.accounts.get(account).map(|row| row.id) else { return };
    let Some(device) = state.sessions.get(&session).and_then(|row| row.device.clone()) else { return };
    let row = state.devices.get(&(id, device.clone())).copied();
    match row {
        Some(row) if row.session == Some(session) => {
            if mark <= row.delivered {
                return;
            }
            let is_due = now.since(row.stored) >= DELIVERED_STORE_PAUSE_MS || now < row.stored;
            let row = Device { delivered: mark, ..row };
            if is_due {
                keep(state, now, account, device, row, effects);
            } else {
                state.devices.insert((id, device), row);
            }
        }
        // Another session has gone on from there in its place, and may have gone since; it lives all the same, so it is
        // another device.
        Some(_) if !is_named(&device) => {
            let device = new_number(state, id, beginning(&device));
            if let Some(row) = state.sessions.get_mut(&session) {
                row.device = Some(device.clone());
            }
            keep(state, now, account, device, Device::at(mark, session), effects);
        }
        Some(row) if row.session.is_some() => {}
        _ => keep(state, now, account, device, Device::at(mark, session), effects),
    }
}

fn account_of(state: &State, session: SessionId) -> Option<Account> {
    state.users.get(&state.sessions.get(&session)?.user?)?.who.account.clone()
}

/// The asking session, which is on for an account, turns out to be another of its devices. The place that it had is left as
/// if it had ended. From where it goes on, unless it is there already.
pub(crate) fn change_device(cx: &mut Cx<'_>, account: &Account, device: Text) -> Option<MsgId> {
    if is_there(cx, account, &device) {
        return None;
    }
    let shown_since = cx.session_row().shown_since;
    let reason = CloseReason::LoggedIn { nick: account.to_nick() };
    ended(cx.state, cx.now, cx.session, &reason, cx.effects);
    cx.session_mut().device = Some(device);
    let mark = take_over(cx, account);
    cx.session_mut().shown_since = mark.min(shown_since);
    Some(mark)
}

/// Whether the asking session has the place of this device.
fn is_there(cx: &Cx<'_>, account: &Account, device: &Text) -> bool {
    let row = cx.state.accounts.get(account).and_then(|row| cx.state.devices.get(&(row.id, device.clone())));
    cx.session_row().device.as_ref() == Some(device) && row.is_some_and(|row| row.session == Some(cx.session))
}

/// The asking session goes on for an account that it has logged in to. From where: what came since is to be shown.
pub(crate) fn take_over(cx: &mut Cx<'_>, account: &Account) -> MsgId {
    let came_at = cx.next_id();
    let Some(id) = cx.state.accounts.get(account).map(|row| row.id) else { return came_at };
    let row = cx.session_row();
    let device = match row.device.clone().or_else(|| row.peer.certfp.clone()) {
        Some(device) => device,
        None => number(cx, id, account),
    };
    let known = cx.state.devices.get(&(id, device.clone())).map(|row| row.delivered);
    let mark = known.unwrap_or_else(|| lowest(cx.state, cx.now, account));
    let session = cx.session;
    let row = cx.session_mut();
    (row.device, row.came_at, row.shown_since) = (Some(device.clone()), came_at, mark);
    keep(cx.state, cx.now, account, device, Device::at(mark, session), cx.effects);
    mark
}

/// The number that the asking session goes on as.
fn number(cx: &mut Cx<'_>, id: AccountId, account: &Account) -> Text {
    let start = numbered_as(cx, account);
    lowest_number(cx, id, account, start).unwrap_or_else(|| new_number(cx.state, id, start))
}

/// The number with the lowest mark, of those that are there or were lately. Where there are any, others are forgotten.
fn lowest_number(cx: &mut Cx<'_>, id: AccountId, account: &Account, start: &str) -> Option<Text> {
    let numbers = cx.state.devices_of(id).filter(|(device, _)| beginning(device) == start);
    let numbers: Vec<(Text, Device)> = numbers.map(|(device, row)| (device.clone(), *row)).collect();
    let (recent, old): (Vec<_>, Vec<_>) =
        numbers.into_iter().partition(|(_, row)| was_here_lately(cx.state, cx.now, row));
    let Some((lowest, _)) = recent.iter().min_by_key(|(_, row)| (row.delivered, row.session)) else {
        return old.into_iter().max_by_key(|(_, row)| row.last_here).map(|(device, _)| device);
    };
    for (device, _) in old {
        forget(cx.state, id, account, device, cx.effects);
    }
    Some(lowest.clone())
}

fn was_here_lately(state: &State, now: Time, row: &Device) -> bool {
    let over = row.last_here.plus(UNNAMED_DEVICE_MEMORY_MS);
    row.session.is_some() || !state.is_over(Some(over), now)
}

/// The asking session was not shown what it missed: whatever else it gets, its mark stays where it is.
pub(crate) fn hold_mark(cx: &mut Cx<'_>) {
    let row = cx.session_mut();
    if row.came_at < MsgId::MAX {
        (row.shown_since, row.came_at) = (row.came_at, MsgId::MAX);
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
    let (last_id, id) = (state.counters.last_id, state.accounts.get(&account).map(|row| row.id));
    let Some(session_row) = state.sessions.get_mut(&session) else { return };
    let has_had_all = matches!(reason, CloseReason::Quit(_)) && session_row.came_at < MsgId::MAX;
    let (Some(device), Some(id)) = (session_row.device.take(), id) else { return };
    let Some(row) = state.devices.get(&(id, device.clone())).copied() else { return };
    if row.session == Some(session) {
        let delivered = if has_had_all { last_id } else { row.delivered };
        keep(state, now, &account, device, Device { delivered, session: None, ..row }, effects);
    }
}

/// Up to where somebody has had everything for certain.
pub(crate) fn so_far(cx: &Cx<'_>, who: &Somebody) -> MsgId {
    who.account.as_ref().map(|account| lowest(cx.state, cx.now, account)).unwrap_or_default()
}

/// Up to where all devices of an account have had everything that are there or were lately.
fn lowest(state: &State, now: Time, account: &Account) -> MsgId {
    let Some(account) = state.accounts.get(account) else { return MsgId::MIN };
    let rows = || state.devices_of(account.id).map(|(_, row)| row);
    let recent = rows().filter(|row| was_here_lately(state, now, row)).map(|row| row.delivered).min();
    let latest = || rows().max_by_key(|row| row.last_here).map(|row| row.delivered);
    recent.or_else(latest).unwrap_or(account.delivered)
}

fn new_number(state: &State, id: AccountId, start: &str) -> Text {
    let mut numbers = (1..).map(|number| Text::from(format!("{start}{number}")));
    let free = numbers.find(|device| state.devices.get(&(id, device.clone())).is_none());
    free.expect("an account has few devices, and there is no end of numbers")
}

/// Keeps the mark of a device, and has it stored.
fn keep(
    state: &mut State,
    now: Time,
    account: &Account,
    device: Text,
    row: Device,
    effects: &mut Vec<Effect>,
) {
    let Some(id) = state.accounts.get(account).map(|row| row.id) else { return };
    let row = Device { last_here: now, stored: now, ..row };
    state.devices.insert((id, device.clone()), row);
    if let Some(oldest) = oldest_over(state, id) {
        forget(state, id, account, oldest, effects);
    }
    let stored = StoredDevice { account: account.clone(), device, delivered: row.delivered, last_here: now };
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

fn forget(state: &mut State, id: AccountId, account: &Account, device: Text, effects: &mut Vec<Effect>) {
    state.devices.remove(&(id, device.clone()));
    effects.push(Effect::SaveWhenPossible(Change::DeviceGone { account: account.clone(), device }));
}
