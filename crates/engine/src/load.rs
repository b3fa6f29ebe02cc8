//! What was stored, when the server starts.

use chat_model::change::{Loaded, StoredDevice};
use chat_model::id::Time;

use crate::idle;
use crate::state::State;
use crate::state::account::Device;
use crate::state::channel::Channel;
use crate::state::membership::{Member, Membership};

pub(crate) fn load(state: &mut State, now: Time, loaded: &Loaded) {
    state.started = now;
    state.counters.last_id = loaded.last_id;
    state.stored_before_start = loaded.last_time;
    for row in &loaded.accounts {
        state.add_account(row.account.clone(), row.delivered, row.language);
        if let Some(account) = state.accounts.get_mut(&row.account) {
            account.bot = row.bot;
        }
    }
    for stored in &loaded.devices {
        if let Some(account) = state.accounts.get(&stored.account) {
            let StoredDevice { delivered, last_here, .. } = *stored;
            let row = Device { delivered, last_here, session: None, stored: last_here };
            state.devices.insert((account.id, stored.device.clone()), row);
        }
    }
    for stored in &loaded.channels {
        let mut channel = Channel::new(stored.name.clone(), stored.created);
        channel.modes = stored.modes.clone();
        channel.topic = stored.topic.clone();
        channel.last_used = stored.last_used;
        state.add_channel(channel);
    }
    for stored in &loaded.members {
        let found = (state.channel_names.get(&stored.channel), state.accounts.get(&stored.account));
        if let (Some(channel_id), Some(account)) = found {
            let key = (*channel_id, Member::Account(account.id));
            let row = Membership { joined: stored.joined, ranks: stored.ranks, delivered: stored.delivered };
            state.memberships.insert(key, row);
        }
    }
    state.founders_are_makers();
    for (name, ban) in &loaded.channel_bans {
        if let Some(id) = state.channel_names.get(name).copied()
            && let Some(channel) = state.channels.get_mut(&id)
        {
            channel.bans.push(ban.clone());
        }
    }
    for (account, channel) in &loaded.expired_channels {
        if let Some(id) = state.accounts.get(account).map(|row| row.id) {
            idle::remember(state, id, channel);
        }
    }
    for ban in &loaded.server_bans {
        state.put_ban(ban.clone());
    }
    for invitation in &loaded.invitations {
        state.invitations.insert(invitation.code.clone(), invitation.clone());
    }
    // Channels of guests end with them, also when the server was not there to see it. They are ended by `upkeep`,
    // which can store that.
}
