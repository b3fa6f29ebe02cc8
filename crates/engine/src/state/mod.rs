//! All live state: who is on, in which channels, with which rights.

pub(crate) mod account;
mod ban;
mod census;
pub(crate) mod channel;
pub(crate) mod maker;
pub(crate) mod membership;
pub(crate) mod said;
pub(crate) mod session;
pub(crate) mod table;
pub(crate) mod user;

use std::sync::Arc;

use chat_model::Text;
use chat_model::change::{BanTarget, ServerBan};
use chat_model::id::{ChannelId, MsgId, SessionId, Stamp, Ticket, Time, UserId};
use chat_model::invitation::{Invitation, InvitationCode};
use chat_model::language::Language;
use chat_model::limits::WHOWAS_ENTRIES_MAX;
use chat_model::name::{Account, ChannelName, Nick};
use chat_model::reply::Whowas;
use serde::{Deserialize, Serialize};

use crate::attempts::{AttemptKey, Tries};
use crate::budgets::Budget;
use crate::input::{Settings, Storage};
use crate::pending::Pending;
use crate::storm::Storm;
use account::{AccountId, AccountRow, Device};
use channel::Channel;
use maker::Maker;
use membership::{Audiences, Member, Membership, Presence};
use said::Circle;
use session::Session;
use table::{Table, Undo};
use user::User;

/// Single numbers, copied whole at each checkpoint.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Counters {
    /// Of the envelope that was applied last.
    pub(crate) sequence: u64,
    pub(crate) last_id: MsgId,
    pub(crate) users: u64,
    pub(crate) channels: u64,
    pub(crate) accounts: u64,
    pub(crate) tickets: u64,
    pub(crate) guests: u64,
    pub(crate) most_online: usize,
    pub(crate) whowas: u64,
    /// Which channel was looked at last, by [`crate::idle`].
    pub(crate) channel_looked_at: Option<ChannelId>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) settings: Option<Arc<Settings>>,
    pub(crate) started: Time,
    /// What the clock showed when something was stored last before the start.
    pub(crate) stored_before_start: Option<Time>,
    pub(crate) storage: Storage,
    /// Whether nothing may end because its time is over.
    pub(crate) clock_doubted: bool,
    pub(crate) counters: Counters,
    #[serde(skip)]
    counters_before: Counters,
    /// Rows of this size stand in boxes: a node of the map has places for eleven, of which about half are empty.
    pub(crate) sessions: Table<SessionId, Box<Session>>,
    pub(crate) users: Table<UserId, Box<User>>,
    /// Indexes of these; see [`census`].
    nameless: Table<SessionId, ()>,
    invisible: Table<UserId, ()>,
    operators: Table<UserId, ()>,
    pub(crate) nicks: Table<Nick, UserId>,
    pub(crate) channels: Table<ChannelId, Channel>,
    pub(crate) channel_names: Table<ChannelName, ChannelId>,
    /// THE table of who belongs to which channel, and with which ranks.
    pub(crate) memberships: Table<(ChannelId, Member), Membership>,
    /// An index of it: which users are on which channel.
    pub(crate) users_on: Table<(ChannelId, UserId), Presence>,
    /// Channels over which guests came and went lately.
    pub(crate) storms: Table<ChannelId, Storm>,
    /// Another: whom the events of each channel go to.
    pub(crate) audiences: Table<ChannelId, Audiences>,
    pub(crate) last_said: Table<Circle, Time>,
    /// How many channels there are of whom.
    made: Table<Maker, usize>,
    pub(crate) accounts: Table<Account, AccountRow>,
    pub(crate) devices: Table<(AccountId, Text), Device>,
    /// Channels that ended because nobody used them, by founders who have not been told.
    pub(crate) expired: Table<AccountId, Vec<ChannelName>>,
    bans: Table<BanTarget, ServerBan>,
    /// An index of them: which run out, by when.
    ban_ends: Table<(Time, BanTarget), ()>,
    pub(crate) invitations: Table<InvitationCode, Invitation>,
    pub(crate) tries: Table<AttemptKey, Tries>,
    /// Until when each budget is spent.
    pub(crate) budgets: Table<Budget, Time>,
    pub(crate) pending: Table<Ticket, Pending>,
    /// How the nickname of everybody who is on and of every account looks, and that nickname.
    looks: Table<(String, Nick), ()>,
    /// Who was here, by the count of them all, newest last.
    pub(crate) whowas: Table<u64, Whowas>,
}

impl State {
    /// Nothing is known, and all can be stored.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Every table there is. Naming each field makes the compiler ask where a new one belongs.
    fn tables(&mut self) -> [&mut dyn Undo; 25] {
        let Self {
            settings: _,
            started: _,
            stored_before_start: _,
            storage: _,
            clock_doubted: _,
            counters: _,
            counters_before: _,
            sessions,
            users,
            nameless,
            invisible,
            operators,
            nicks,
            channels,
            channel_names,
            memberships,
            users_on,
            storms,
            audiences,
            last_said,
            made,
            accounts,
            devices,
            expired,
            bans,
            ban_ends,
            invitations,
            tries,
            budgets,
            pending,
            looks,
            whowas,
        } = self;
        [
            sessions,
            users,
            nameless,
            invisible,
            operators,
            nicks,
            channels,
            channel_names,
            memberships,
            users_on,
            storms,
            audiences,
            last_said,
            made,
            accounts,
            devices,
            expired,
            bans,
            ban_ends,
            invitations,
            tries,
            budgets,
            pending,
            looks,
            whowas,
        ]
    }

    /// Lets what is kept twice be shared again, after it was read back: as whom somebody is seen on each channel.
    pub(crate) fn share(&mut self) {
        let Self { users, users_on, .. } = self;
        users_on.touch_all(|(_, id), presence| {
            if let Some(user) = users.get(id) {
                presence.who = user.who.clone();
            }
        });
    }

    /// Makes everything up to now final.
    pub(crate) fn checkpoint(&mut self) {
        self.counters_before = self.counters;
        for table in self.tables() {
            table.checkpoint();
        }
    }

    /// Goes back to the last checkpoint.
    pub(crate) fn rollback(&mut self) {
        // Ids are never given twice, not even those of what did not happen.
        let last_id = self.counters.last_id;
        self.counters = Counters { last_id, ..self.counters_before };
        for table in self.tables() {
            table.rollback();
        }
    }

    /// The settings, which are the second input there is.
    pub(crate) fn settings(&self) -> &Arc<Settings> {
        self.settings.as_ref().expect("Configured comes before any connection")
    }

    pub(crate) fn next_id(&mut self) -> MsgId {
        self.counters.last_id = self.counters.last_id.next();
        self.counters.last_id
    }

    /// For what happens without anybody's doing.
    pub(crate) fn stamp(&mut self, now: Time) -> Stamp {
        Stamp { id: self.next_id(), time: now }
    }

    /// Whether the time of something is over. By a clock that cannot be believed nothing's is.
    pub(crate) fn is_over(&self, expires: Option<Time>, now: Time) -> bool {
        !self.clock_doubted && expires.is_some_and(|time| time <= now)
    }

    /// Who has a nickname now, or is logged in to the account that owns it.
    pub(crate) fn user_by_nick(&self, nick: &Nick) -> Option<UserId> {
        let by_nick = self.nicks.get(nick).copied();
        by_nick.or_else(|| self.accounts.get(&nick.to_account()).and_then(|row| row.user))
    }

    /// An account as it was made, however it is spelled here.
    pub(crate) fn account(&self, account: &Account) -> Option<Account> {
        self.accounts.key(account).cloned()
    }

    pub(crate) fn channel_by_name(&self, name: &ChannelName) -> Option<(ChannelId, &Channel)> {
        let id = *self.channel_names.get(name)?;
        Some((id, self.channels.get(&id)?))
    }

    /// The room that everybody is put in.
    pub(crate) fn lobby(&self) -> Option<ChannelId> {
        self.channel_names.get(self.settings().lobby.as_ref()?).copied()
    }

    pub(crate) fn is_lobby(&self, id: ChannelId) -> bool {
        self.lobby() == Some(id)
    }

    pub(crate) fn add_channel(&mut self, channel: Channel) -> ChannelId {
        self.counters.channels += 1;
        let id = ChannelId(self.counters.channels);
        self.channel_names.insert(channel.name.clone(), id);
        self.channels.insert(id, channel);
        self.audiences.insert(id, Audiences::default());
        id
    }

    /// Forgets a channel that nobody is a member of, with what it kept of those who were.
    pub(crate) fn remove_channel(&mut self, id: ChannelId) -> Option<Channel> {
        self.forget_maker(id);
        let channel = self.channels.remove(&id)?;
        self.channel_names.remove(&channel.name);
        self.audiences.remove(&id);
        self.last_said.remove(&Circle::Channel(id));
        let members: Vec<_> = self.memberships_of(id).map(|(member, _)| member).collect();
        for member in members {
            self.memberships.remove(&(id, member));
        }
        Some(channel)
    }

    pub(crate) fn devices_of(&self, id: AccountId) -> impl Iterator<Item = (&Text, &Device)> {
        let after = (AccountId(id.0 + 1), Text::from(""));
        self.devices.range((id, Text::from(""))..after).map(|((_, device), row)| (device, row))
    }

    pub(crate) fn forget_devices(&mut self, id: AccountId) {
        let devices: Vec<_> = self.devices_of(id).map(|(device, _)| device.clone()).collect();
        for device in devices {
            self.devices.remove(&(id, device));
        }
    }

    pub(crate) fn add_account(&mut self, account: Account, delivered: MsgId, language: Option<Language>) {
        self.counters.accounts += 1;
        let id = AccountId(self.counters.accounts);
        self.remember_look(&account.to_nick());
        self.accounts.insert(account, AccountRow { id, delivered, user: None, language, bot: false });
    }

    /// A name that is taken or owned, not by oneself, and that readers could take for this one.
    pub(crate) fn look_alike(&self, nick: &Nick, mine: Option<&Nick>) -> Option<Nick> {
        nick.looks().iter().find_map(|look| {
            let all = self.looks.range((look.clone(), lowest_nick())..);
            all.take_while(|((found, _), ())| found == look)
                .map(|((_, other), ())| other)
                .find(|other| Some(*other) != mine && other.looks_like(nick))
                .cloned()
        })
    }

    pub(crate) fn remember_look(&mut self, nick: &Nick) {
        for look in nick.looks() {
            self.looks.insert((look, nick.clone()), ());
        }
    }

    /// Forgets how a name looks, but for what it has in common with the same name of whoever is on or of an account.
    pub(crate) fn forget_look(&mut self, nick: &Nick) {
        let user = self.nicks.get(nick).and_then(|id| self.users.get(id)).map(|user| user.who.nick.clone());
        let owner = self.account(&nick.to_account()).map(|account| account.to_nick());
        let kept: Vec<_> = user.into_iter().chain(owner).flat_map(|nick| nick.looks()).collect();
        for look in nick.looks().into_iter().filter(|look| !kept.contains(look)) {
            self.looks.remove(&(look, nick.clone()));
        }
    }

    pub(crate) fn remember_whowas(&mut self, entry: Whowas) {
        self.counters.whowas += 1;
        self.whowas.insert(self.counters.whowas, entry);
        if let Some(too_old) = self.counters.whowas.checked_sub(WHOWAS_ENTRIES_MAX as u64) {
            self.whowas.remove(&too_old);
        }
    }
}

/// No nickname is smaller: of the characters that may begin one, this comes first.
fn lowest_nick() -> Nick {
    Nick::new("[").expect("a bracket is a nickname")
}
