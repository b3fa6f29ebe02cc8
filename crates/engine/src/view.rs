//! Who is where, for those who hold the engine against its promises (the simulator). Nothing here changes anything.

use std::collections::{BTreeMap, BTreeSet};

use chat_model::Text;
use chat_model::id::{SessionId, UserId};
use chat_model::mode::Ranks;
use chat_model::name::{Account, ChannelName, Nick};

use crate::Engine;
use crate::delivered::is_named;
use crate::state::account::AccountId;
use crate::state::membership::{Member, Membership};
use crate::state::session::Session;

/// What the engine holds about who is where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Each connection, and the user that it belongs to once it has a nickname.
    pub sessions: BTreeMap<SessionId, Option<UserId>>,
    /// Which of its account's devices a connection is, where it says so.
    pub devices: BTreeMap<SessionId, Text>,
    /// Connections that are not shown what they missed: they ask for it themselves, or would answer it.
    pub shown_no_past: BTreeSet<SessionId>,
    /// Connections that have said how many lines they want to be shown of what was said in channels.
    pub asked_for_lines: BTreeSet<SessionId>,
    /// Everybody who is on.
    pub users: BTreeMap<UserId, UserView>,
    /// Who has each nickname.
    pub nicks: BTreeMap<Nick, UserId>,
    /// All channels.
    pub channels: BTreeMap<ChannelName, ChannelView>,
    /// All accounts, and the user that is on with each.
    pub accounts: BTreeMap<Account, Option<UserId>>,
}

/// One nickname in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserView {
    /// The nickname.
    pub nick: Nick,
    /// The account that it is logged in to.
    pub account: Option<Account>,
    /// Its connections.
    pub sessions: Vec<SessionId>,
    /// The channels that it is on.
    pub channels: Vec<ChannelName>,
    /// Whether it has muted the room.
    pub muted: bool,
}

/// One channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelView {
    /// Who is on it, with their ranks.
    pub members: BTreeMap<UserId, Ranks>,
    /// How many are on it, as lists of channels tell it.
    pub count: usize,
    /// The accounts that are or were members: whether they are, and their ranks.
    pub accounts: BTreeMap<Account, (bool, Ranks)>,
    /// Whom its events go to.
    pub audience: Vec<SessionId>,
    /// Of whom on it the index of names tells something else than the tables of users and memberships do.
    pub misnamed: Vec<UserId>,
    /// Whom its messages go to.
    pub listeners: Vec<SessionId>,
}

impl Engine {
    /// Who is where.
    pub fn view(&self) -> View {
        let state = &self.state;
        let channel_name = |id| state.channels.get(id).map(|channel| channel.name.clone());
        let users = state.users.iter().map(|(id, user)| {
            let view = UserView {
                nick: user.who.nick.clone(),
                account: user.who.account.clone(),
                sessions: user.sessions.clone(),
                channels: user.channels.iter().filter_map(channel_name).collect(),
                muted: user.is_deaf(),
            };
            (*id, view)
        });
        let ranks = |channel, user| state.ranks(channel, user).unwrap_or_default();
        let names: BTreeMap<AccountId, &Account> =
            state.accounts.iter().map(|(account, row)| (row.id, account)).collect();
        let channels = state.channels.iter().map(|(id, channel)| {
            let kept = |(member, row): (Member, Membership)| match member {
                Member::Account(id) => Some(((*names.get(&id)?).clone(), (row.joined, row.ranks))),
                Member::Guest(_) => None,
            };
            let view = ChannelView {
                members: state.users_on(*id).map(|user| (user, ranks(*id, user))).collect(),
                count: state.count_on(*id),
                accounts: state.memberships_of(*id).filter_map(kept).collect(),
                audience: state.audience(*id).to_vec(),
                misnamed: state.misnamed_on(*id).collect(),
                listeners: state.listeners(*id).to_vec(),
            };
            (channel.name.clone(), view)
        });
        let is_bot =
            |row: &Session| row.user.and_then(|user| state.users.get(&user)).is_some_and(|user| user.who.bot);
        let on = || state.sessions.iter().filter(|(_, row)| row.user.is_some());
        let which =
            |is: &dyn Fn(&Session) -> bool| on().filter(|(_, row)| is(row)).map(|(id, _)| *id).collect();
        View {
            devices: on()
                .filter_map(|(id, row)| Some((*id, row.device.clone().filter(|device| is_named(device))?)))
                .collect(),
            shown_no_past: which(&|row| row.knows_history || is_bot(row)),
            asked_for_lines: which(&|row| row.replay.is_some()),
            sessions: state.sessions.iter().map(|(id, row)| (*id, row.user)).collect(),
            users: users.collect(),
            nicks: state.nicks.iter().map(|(nick, user)| (nick.clone(), *user)).collect(),
            channels: channels.collect(),
            accounts: state.accounts.iter().map(|(account, row)| (account.clone(), row.user)).collect(),
        }
    }
}
