//! Whether what the engine holds fits together: users, sessions, nicknames, accounts, channels.

use chat_engine::effect::Effect;
use chat_engine::view::View;
use chat_model::change::Change;
use chat_model::event::Event;
use chat_model::id::SessionId;

/// By a clock that was set no ban, no invitation and no channel runs out.
pub(super) fn nothing_ends(effects: &[Effect], faults: &mut Vec<String>) {
    for effect in effects {
        if let Effect::SaveWhenPossible(
            change @ (Change::ServerUnban { .. }
            | Change::InvitationGone { .. }
            | Change::ChannelEnded { .. }),
        ) = effect
        {
            faults.push(format!("a wrong clock has come to {change:?}"));
        }
    }
}

pub(super) fn users_are_sound(view: &View, faults: &mut Vec<String>) {
    for (id, user) in &view.users {
        let nick = &user.nick;
        if view.nicks.get(nick) != Some(id) {
            faults.push(format!("{nick} does not have its nickname"));
        }
        if user.sessions.is_empty() {
            faults.push(format!("{nick} is on without a connection"));
        }
        for session in &user.sessions {
            if view.sessions.get(session) != Some(&Some(*id)) {
                faults.push(format!("{session:?} is not {nick}'s any more"));
            }
        }
        let owner = nick.to_account();
        if view.accounts.contains_key(&owner) && user.account.as_ref() != Some(&owner) {
            faults.push(format!("{nick} is somebody else's: {:?}", user.account));
        }
        if let Some(account) = &user.account
            && view.accounts.get(account) != Some(&Some(*id))
        {
            faults.push(format!("{nick} is logged in to {account}, which does not know it"));
        }
    }
    for (session, user) in &view.sessions {
        if let Some(user) = user
            && !view.users.get(user).is_some_and(|user| user.sessions.contains(session))
        {
            faults.push(format!("{session:?} belongs to {user:?}, who does not know it"));
        }
    }
    for (nick, user) in &view.nicks {
        if view.users.get(user).is_none_or(|user| user.nick != *nick) {
            faults.push(format!("{nick} is taken by nobody"));
        }
    }
    for (account, user) in &view.accounts {
        if let Some(user) = user
            && view.users.get(user).is_none_or(|user| user.account.as_ref() != Some(account))
        {
            faults.push(format!("{account} is on as nobody"));
        }
    }
}

pub(super) fn channels_are_sound(view: &View, faults: &mut Vec<String>) {
    for (name, channel) in &view.channels {
        if !channel.misnamed.is_empty() {
            faults.push(format!("{name} names {:?} by what they are no longer", channel.misnamed));
        }
        if channel.count != channel.members.len() {
            faults.push(format!("{name} counts {} of {} members", channel.count, channel.members.len()));
        }
        let mut audience: Vec<SessionId> = Vec::new();
        let mut listeners: Vec<SessionId> = Vec::new();
        for member in channel.members.keys() {
            let Some(user) = view.users.get(member) else {
                faults.push(format!("{member:?} is on {name} and not on the server"));
                continue;
            };
            if !user.channels.contains(name) {
                faults.push(format!("{} is on {name} and does not know it", user.nick));
            }
            audience.extend(&user.sessions);
            if !user.muted {
                listeners.extend(&user.sessions);
            }
        }
        for (what, mut wanted, found) in
            [("audience", audience, &channel.audience), ("listeners", listeners, &channel.listeners)]
        {
            let mut found = found.clone();
            wanted.sort();
            found.sort();
            if wanted != found {
                faults.push(format!("the {what} of {name} are {found:?} and not {wanted:?}"));
            }
        }
    }
    for user in view.users.values() {
        for name in &user.channels {
            if !view.channels.contains_key(name) {
                faults.push(format!("{} is on {name}, which there is not", user.nick));
            }
        }
    }
}

/// Nobody acts under a registered nickname without being logged in to its account.
pub(super) fn owners_speak(effects: &[Effect], view: &View, faults: &mut Vec<String>) {
    for effect in effects {
        let (Effect::Own { event, .. } | Effect::Publish { event, .. }) = effect else { continue };
        // These tell of a nickname that is being given up.
        if matches!(event, Event::Renamed { .. } | Event::Quit { .. } | Event::Parted { .. }) {
            continue;
        }
        let Some(who) = event.who() else { continue };
        let owner = who.nick.to_account();
        if view.accounts.contains_key(&owner) && who.account.as_ref() != Some(&owner) {
            faults.push(format!("{who} did something as {owner}: {event:?}"));
        }
    }
}
