//! Inputs that concern the whole server: what was stored, the settings, the passing of time.

use std::sync::Arc;

use chat_model::change::{Change, Loaded};
use chat_model::id::{ChannelId, Time};
use chat_model::message::Conversation;

use crate::attempts;
use crate::effect::Effect;
use crate::input::Settings;
use crate::state::State;
use crate::state::account::AccountRow;
use crate::state::channel::{Channel, Tie};

pub(crate) fn load(state: &mut State, now: Time, loaded: &Loaded) {
    state.started = now;
    state.counters.last_id = loaded.last_id;
    for row in &loaded.accounts {
        let nick = row.account.to_nick();
        state.accounts.insert(row.account.clone(), AccountRow { seen: row.seen, user: None });
        state.remember_look(&nick);
    }
    for stored in &loaded.channels {
        let mut channel = Channel::new(stored.name.clone(), stored.created);
        channel.modes = stored.modes.clone();
        channel.topic = stored.topic.clone();
        add_channel(state, channel);
    }
    for member in &loaded.members {
        let tie = Tie { joined: member.joined, ranks: member.ranks, seen: member.seen };
        if let Some(id) = state.channel_names.get(&member.channel).copied()
            && let Some(channel) = state.channels.get_mut(&id)
        {
            channel.ties.insert(member.account.clone(), tie);
        }
    }
    for (name, ban) in &loaded.channel_bans {
        if let Some(id) = state.channel_names.get(name).copied()
            && let Some(channel) = state.channels.get_mut(&id)
        {
            channel.bans.push(ban.clone());
        }
    }
    for ban in &loaded.server_bans {
        state.bans.insert(ban.target.clone(), ban.clone());
    }
    for invitation in &loaded.invitations {
        state.invitations.insert(invitation.code.clone(), invitation.clone());
    }
    // Channels of guests end with them, also when the server was not there to see it. They are ended by `configure`,
    // which can store that.
}

pub(crate) fn add_channel(state: &mut State, channel: Channel) -> ChannelId {
    state.counters.channels += 1;
    let id = ChannelId(state.counters.channels);
    state.channel_names.insert(channel.name.clone(), id);
    state.channels.insert(id, channel);
    id
}

pub(crate) fn configure(state: &mut State, now: Time, settings: &Settings, effects: &mut Vec<Effect>) {
    let lobby = settings.lobby.clone();
    state.settings = Some(Arc::new(settings.clone()));
    end_deserted(state, effects);
    if let Some(name) = lobby
        && !state.channel_names.contains(&name)
    {
        let channel = Channel::new(name, now);
        effects.push(Effect::Save(Change::Channel(channel.stored())));
        add_channel(state, channel);
    }
}

fn end_deserted(state: &mut State, effects: &mut Vec<Effect>) {
    let all: Vec<_> = state.channels.iter().map(|(id, _)| *id).collect();
    for id in all {
        end_if_deserted(state, id, effects);
    }
}

/// Ends a channel's life when nobody is a member any more. The lobby stays.
pub(crate) fn end_if_deserted(state: &mut State, id: ChannelId, effects: &mut Vec<Effect>) {
    let Some(channel) = state.channels.get(&id) else { return };
    let is_lobby = state.settings().lobby.as_ref() == Some(&channel.name);
    if is_lobby || !channel.is_deserted() {
        return;
    }
    let channel = channel.name.clone();
    state.channels.remove(&id);
    state.channel_names.remove(&channel);
    effects.push(Effect::SaveWhenPossible(Change::ChannelEnded { channel }));
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

/// The conversation of a channel's present life.
pub(crate) fn conversation(channel: &Channel) -> Conversation {
    Conversation::Channel(channel.name.clone())
}
