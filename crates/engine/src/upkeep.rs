//! The settings, which can change while the server runs, and the passing of time.

use std::sync::Arc;

use chat_model::Text;
use chat_model::change::{AuditRow, Change};
use chat_model::close_reason::CloseReason;
use chat_model::id::Time;
use chat_model::mode::UserMode;
use chat_model::reply::Reply;

use crate::attempts;
use crate::budgets;
use crate::cx::Cx;
use crate::departure;
use crate::effect::Effect;
use crate::idle;
use crate::input::Settings;
use crate::membership;
use crate::state::State;
use crate::state::channel::Channel;
use crate::state::user::User;
use crate::storm;

/// Guests that are put on record by name; of more, only how many they were.
const GUESTS_NAMED_MAX: usize = 20;

pub(crate) fn configure(state: &mut State, now: Time, settings: &Settings, effects: &mut Vec<Effect>) {
    let lobby = settings.lobby.clone();
    state.settings = Some(Arc::new(settings.clone()));
    dismiss_operators(state, now, effects);
    if !settings.guests {
        put_out_guests(state, now, effects);
    }
    end_deserted(state, effects);
    if let Some(name) = lobby
        && !state.channel_names.contains(&name)
    {
        let channel = Channel::new(name, now);
        effects.push(Effect::Save(Change::Channel(channel.stored())));
        state.add_channel(channel);
    }
}

/// Who has become a server operator under a name that the configuration does not know any more is none.
fn dismiss_operators(state: &mut State, now: Time, effects: &mut Vec<Effect>) {
    let settings = state.settings().clone();
    let is_known = |name: &Text| settings.operators.iter().any(|operator| operator.name == *name);
    let is_over = |user: &User| user.operator.as_ref().is_some_and(|name| !is_known(name));
    let over: Vec<_> = state.users.iter().filter(|(_, user)| is_over(user)).map(|(id, _)| *id).collect();
    for id in over {
        let Some(user) = state.users.get_mut(&id) else { continue };
        user.operator = None;
        let Some(session) = user.sessions.first().copied() else { continue };
        if state.set_user_mode(id, UserMode::Operator, false) {
            let changes = vec![(UserMode::Operator, false)];
            let mut cx = Cx::new(state, effects, now, session, "REHASH");
            cx.reply_to_user(id, &Reply::UserModeChanged { changes });
        }
    }
}

/// Guests are not allowed any more, those included who are in already. Whoever asked for that by a signal gets no
/// answer, so it is on record whom it has put out.
fn put_out_guests(state: &mut State, now: Time, effects: &mut Vec<Effect>) {
    let guests: Vec<_> =
        state.users.iter().map(|(_, user)| user).filter(|user| user.who.account.is_none()).collect();
    if guests.is_empty() {
        return;
    }
    let nicks: Vec<_> = guests.iter().take(GUESTS_NAMED_MAX).map(|user| user.who.nick.as_str()).collect();
    let more = if guests.len() > nicks.len() { ", …" } else { "" };
    let detail = format!("{}: {}{more}", guests.len(), nicks.join(", "));
    let sessions: Vec<_> = guests.iter().flat_map(|user| user.sessions.clone()).collect();
    record(state, now, ["reload", "guests put out", &detail], effects);
    for session in sessions {
        let mut cx = Cx::new(state, effects, now, session, "REHASH");
        departure::close(&mut cx, session, CloseReason::GuestsNotAllowed);
    }
}

fn end_deserted(state: &mut State, effects: &mut Vec<Effect>) {
    let all: Vec<_> = state.channels.iter().map(|(id, _)| *id).collect();
    for id in all {
        membership::end_if_deserted(state, id, effects);
    }
}

/// Puts on record that old messages are gone: nobody did it, and somebody may look for them.
pub(crate) fn expired(state: &mut State, now: Time, messages: usize, effects: &mut Vec<Effect>) {
    record(state, now, ["expire", "history", &format!("{messages} messages")], effects);
}

/// Puts on record what the server did by itself.
pub(crate) fn record(
    state: &mut State,
    now: Time,
    [action, target, detail]: [&str; 3],
    effects: &mut Vec<Effect>,
) {
    let row = AuditRow {
        at: state.stamp(now),
        actor: state.settings().server.clone(),
        action: action.into(),
        target: target.into(),
        detail: detail.into(),
    };
    effects.push(Effect::SaveWhenPossible(Change::Audit(row)));
}

pub(crate) fn tick(state: &mut State, now: Time, effects: &mut Vec<Effect>) {
    end_what_is_over(state, now, effects);
    attempts::forget_old(state, now);
    budgets::forget_old(state, now);
    storm::tick(state, now, effects);
    idle::tick(state, now, effects);
}

/// Bans and invitations whose time is over.
fn end_what_is_over(state: &mut State, now: Time, effects: &mut Vec<Effect>) {
    for target in state.bans_over(now) {
        state.remove_ban(&target);
        effects.push(Effect::SaveWhenPossible(Change::ServerUnban { target }));
    }
    let invitations = state.invitations.iter().filter(|(_, row)| state.is_over(row.expires, now));
    for code in invitations.map(|(code, _)| code.clone()).collect::<Vec<_>>() {
        state.invitations.remove(&code);
        effects.push(Effect::SaveWhenPossible(Change::InvitationGone { code }));
    }
}
