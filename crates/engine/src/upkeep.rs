//! The settings, which can change while the server runs, and the passing of time.

use std::sync::Arc;

use chat_model::change::{AuditRow, Change};
use chat_model::id::Time;

use crate::attempts;
use crate::effect::Effect;
use crate::input::Settings;
use crate::membership;
use crate::state::State;
use crate::state::channel::Channel;

pub(crate) fn configure(state: &mut State, now: Time, settings: &Settings, effects: &mut Vec<Effect>) {
    let lobby = settings.lobby.clone();
    state.settings = Some(Arc::new(settings.clone()));
    end_deserted(state, effects);
    if let Some(name) = lobby
        && !state.channel_names.contains(&name)
    {
        let channel = Channel::new(name, now);
        effects.push(Effect::Save(Change::Channel(channel.stored())));
        state.add_channel(channel);
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
    let row = AuditRow {
        id: state.next_id(now),
        actor: state.settings().server.clone(),
        action: "expire".into(),
        target: "history".into(),
        detail: format!("{messages} messages").into(),
    };
    effects.push(Effect::SaveWhenPossible(Change::Audit(row)));
}

pub(crate) fn tick(state: &mut State, now: Time, effects: &mut Vec<Effect>) {
    let over = |expires: Option<Time>| expires.is_some_and(|time| time <= now);
    let expired: Vec<_> =
        state.bans.iter().filter(|(_, ban)| over(ban.expires)).map(|(target, _)| target.clone()).collect();
    for target in expired {
        state.bans.remove(&target);
        effects.push(Effect::SaveWhenPossible(Change::ServerUnban { target }));
    }
    let expired: Vec<_> =
        state.invitations.iter().filter(|(_, row)| over(row.expires)).map(|(code, _)| code.clone()).collect();
    for code in expired {
        state.invitations.remove(&code);
        effects.push(Effect::SaveWhenPossible(Change::InvitationGone { code }));
    }
    attempts::forget_old(state, now);
}
