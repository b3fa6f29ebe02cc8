//! Whether what the engine holds may have become what it is: each of these changes has its own reasons, and no others.

use std::collections::BTreeSet;

use chat_engine::effect::Effect;
use chat_engine::view::View;
use chat_model::event::Event;
use chat_model::id::{SessionId, UserId};
use chat_model::mode::{ModeChange, Rank, Ranks};
use chat_model::name::{Account, ChannelName};
use chat_model::reply::{Notice, Reply};

/// What an account or a guest holds on a channel is taken by MODE, KICK or PART alone, and a founder's rank by MODE alone.
pub(super) fn ranks_are_kept(before: &View, after: &View, effects: &[Effect], faults: &mut Vec<String>) {
    for (name, channel) in &before.channels {
        let Some(now) = after.channels.get(name) else { continue };
        for (account, (_, ranks)) in &channel.accounts {
            if !after.accounts.contains_key(account) {
                continue;
            }
            let left = now.accounts.get(account).map(|(_, ranks)| *ranks).unwrap_or_default();
            let may_be_lost = takeable(effects, name);
            let lost = ranks.without(left).without(may_be_lost);
            if lost != Ranks::default() {
                faults.push(format!("{account} lost +{} on {name}", lost.letters()));
            }
        }
        for (user, ranks) in channel.members.iter().filter(|(user, _)| is_guest(before, after, **user)) {
            let Some(left) = now.members.get(user) else { continue };
            let lost = ranks.without(*left).without(takeable(effects, name));
            if lost != Ranks::default() {
                faults.push(format!("the guest {user:?} lost +{} on {name}", lost.letters()));
            }
        }
    }
}

/// Whether a user was a guest and is one.
fn is_guest(before: &View, after: &View, user: UserId) -> bool {
    let is_guest = |view: &View| view.users.get(&user).is_some_and(|user| user.account.is_none());
    is_guest(before) && is_guest(after)
}

/// What the events of a channel may have taken from somebody.
fn takeable(effects: &[Effect], name: &ChannelName) -> Ranks {
    let mut takeable = Ranks::default();
    for event in effects.iter().filter_map(event_of) {
        match event {
            Event::ChannelMode { channel, changes, .. } if channel == name => {
                for change in changes {
                    if let ModeChange::Rank { rank, on: false, .. } = change {
                        takeable.set(*rank, true);
                    }
                }
            }
            Event::Kicked { channel, .. } | Event::Parted { channel, .. } if channel == name => {
                let all = Rank::ALL.into_iter().filter(|rank| *rank != Rank::Founder);
                takeable = takeable.and(all.collect());
            }
            _ => {}
        }
    }
    takeable
}

fn event_of(effect: &Effect) -> Option<&Event> {
    match effect {
        Effect::Own { event, .. } | Effect::Publish { event, .. } => Some(event),
        _ => None,
    }
}

/// A session has another account only because it was told that it is logged in, or out, or because there is no such
/// account any more.
pub(super) fn accounts_are_kept(before: &View, after: &View, effects: &[Effect], faults: &mut Vec<String>) {
    let logged_in: BTreeSet<(SessionId, &Account)> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Reply { session, reply: Reply::LoggedIn { account, .. } } => Some((*session, account)),
            _ => None,
        })
        .collect();
    for (session, user) in &after.sessions {
        let Some(now) = user.and_then(|user| account_of(after, user)) else { continue };
        let Some(Some(earlier)) = before.sessions.get(session) else { continue };
        if account_of(before, *earlier) != Some(now) && !logged_in.contains(&(*session, now)) {
            faults.push(format!("{session:?} is {now}, and never logged in"));
        }
    }
    let logged_out = |session: &SessionId, earlier: &Account| {
        effects.iter().any(|effect| match effect {
            Effect::Reply { session: other, reply: Reply::Notice(Notice::LoggedOut { account, .. }) } => {
                other == session && account == earlier
            }
            _ => false,
        })
    };
    for (session, user) in &before.sessions {
        let Some(earlier) = user.and_then(|user| account_of(before, user)) else { continue };
        let Some(Some(user)) = after.sessions.get(session) else { continue };
        let is_guest = account_of(after, *user).is_none() && after.accounts.contains_key(earlier);
        if is_guest && !logged_out(session, earlier) {
            faults.push(format!("{session:?} is {earlier} no longer, and nothing happened"));
        }
    }
}

fn account_of(view: &View, user: UserId) -> Option<&Account> {
    view.users.get(&user)?.account.as_ref()
}

/// Who is told nothing but no has changed nothing.
pub(super) fn refusals_change_nothing(
    before: &View,
    after: &View,
    effects: &[Effect],
    faults: &mut Vec<String>,
) {
    let is_no = |effect: &Effect| match effect {
        Effect::Reply { reply, .. } => matches!(reply, Reply::Refused { .. }),
        Effect::Log(_) | Effect::Handled { .. } | Effect::Begin { .. } | Effect::End { .. } => true,
        _ => false,
    };
    let refused = |effect: &Effect| matches!(effect, Effect::Reply { .. });
    if effects.iter().all(is_no) && effects.iter().any(refused) && before != after {
        faults.push("what was refused has changed something".to_owned());
    }
}
