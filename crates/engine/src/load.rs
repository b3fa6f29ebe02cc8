//! What was stored, when the server starts.

use chat_model::change::Loaded;
use chat_model::id::Time;

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
        state.add_channel(channel);
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
    // Channels of guests end with them, also when the server was not there to see it. They are ended by `upkeep`,
    // which can store that.
}
