//! Stands in for the database and for what is asked of other threads. It keeps what a real one would, in maps.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chat_engine::input::{Answer, Credential, Question};
use chat_model::change::{AuditRow, Change, Loaded, ServerBan, StoredAccount, StoredChannel, StoredMember};
use chat_model::history::{Bound, Query, Select};
use chat_model::id::{MsgId, Time};
use chat_model::invitation::{Invitation, InvitationCode};
use chat_model::message::{Conversation, Message, Target};
use chat_model::name::{Account, ChannelName};
use chat_model::reply::ChannelBan;
use chat_model::secret::Secret;
use chat_model::who::Source;

type Messages = Vec<Arc<Message>>;

#[derive(Clone, Debug)]
struct AccountKept {
    created: Time,
    /// `None` while it is on.
    seen: Option<MsgId>,
    hash: Secret,
}

#[derive(Clone, Debug)]
struct MessageKept {
    message: Arc<Message>,
    /// `None` when the conversation is over: its name may belong to another one.
    conversation: Option<Conversation>,
    /// The account that it is a whisper to.
    inbox: Option<Account>,
}

/// All that was stored.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vault {
    accounts: BTreeMap<Account, AccountKept>,
    channels: BTreeMap<ChannelName, StoredChannel>,
    members: BTreeMap<(ChannelName, Account), StoredMember>,
    channel_bans: Vec<(ChannelName, ChannelBan)>,
    server_bans: Vec<ServerBan>,
    invitations: BTreeMap<InvitationCode, Invitation>,
    messages: BTreeMap<MsgId, MessageKept>,
    audit: Vec<AuditRow>,
    /// Accounts that were ever made.
    made: BTreeSet<Account>,
    last_id: MsgId,
}

/// A password's "hash": the password backwards, which is enough to see whether the right one is stored.
pub(crate) fn hash(password: &Secret) -> Secret {
    Secret::new(password.expose().chars().rev().collect::<String>())
}

impl Vault {
    pub(crate) fn save<'a>(&mut self, changes: impl IntoIterator<Item = &'a Change>) {
        changes.into_iter().for_each(|change| self.keep(change));
    }

    pub(crate) fn message(&self, id: MsgId) -> Option<&Arc<Message>> {
        self.messages.get(&id).map(|kept| &kept.message)
    }

    pub(crate) fn messages(&self) -> impl Iterator<Item = &Arc<Message>> {
        self.messages.values().map(|kept| &kept.message)
    }

    /// Whether there was ever such an account; it may have been deleted since.
    pub(crate) fn had_account(&self, account: &Account) -> bool {
        self.made.contains(account)
    }

    pub(crate) fn audit(&self) -> &[AuditRow] {
        &self.audit
    }

    /// What an engine is told when it starts. After a crash, whoever was on has seen everything.
    pub(crate) fn load(&self) -> Loaded {
        let accounts = self.accounts.iter().map(|(account, kept)| StoredAccount {
            account: account.clone(),
            created: kept.created,
            seen: kept.seen.unwrap_or(self.last_id),
        });
        Loaded {
            last_id: self.last_id,
            accounts: accounts.collect(),
            channels: self.channels.values().cloned().collect(),
            members: self.members.values().cloned().collect(),
            channel_bans: self.channel_bans.clone(),
            server_bans: self.server_bans.clone(),
            invitations: self.invitations.values().cloned().collect(),
        }
    }

    fn given(&mut self, id: MsgId) {
        self.last_id = self.last_id.max(id);
    }

    fn keep(&mut self, change: &Change) {
        match change {
            Change::Message(message) => self.keep_message(message),
            Change::Channel(channel) => drop(self.channels.insert(channel.name.clone(), channel.clone())),
            Change::ChannelEnded { channel } => self.end_channel(channel),
            Change::Member(member) => {
                self.given(member.seen);
                self.members.insert((member.channel.clone(), member.account.clone()), member.clone());
            }
            Change::ChannelBan { channel, ban } => self.channel_bans.push((channel.clone(), ban.clone())),
            Change::ChannelUnban { channel, mask } => {
                self.channel_bans.retain(|(place, ban)| place != channel || !ban.mask.same(mask));
            }
            Change::Account { account, hash, created } => {
                self.made.insert(account.clone());
                let (created, seen) = (*created, Some(MsgId::first_at(*created)));
                self.accounts.insert(account.clone(), AccountKept { created, seen, hash: hash.clone() });
            }
            Change::Password { account, hash } => {
                if let Some(kept) = self.accounts.get_mut(account) {
                    kept.hash = hash.clone();
                }
            }
            Change::AccountDeleted { account } => self.delete_account(account),
            Change::Presence { account, seen } => {
                self.given(seen.unwrap_or_default());
                if let Some(kept) = self.accounts.get_mut(account) {
                    kept.seen = *seen;
                }
            }
            Change::ServerBan(ban) => {
                self.server_bans.retain(|other| other.target != ban.target);
                self.server_bans.push(ban.clone());
            }
            Change::Invitation(row) => drop(self.invitations.insert(row.code.clone(), row.clone())),
            Change::InvitationGone { code } => drop(self.invitations.remove(code)),
            Change::ServerUnban { target } => self.server_bans.retain(|ban| ban.target != *target),
            Change::Audit(row) => {
                self.given(row.id);
                self.audit.push(row.clone());
            }
        }
    }

    fn keep_message(&mut self, message: &Arc<Message>) {
        self.given(message.id);
        let from = match &message.from {
            Source::User(who) => who.account.as_ref(),
            Source::Server => None,
        };
        let to = match &message.target {
            Target::User(party) => party.account.as_ref(),
            Target::Channel { .. } => None,
        };
        // What one tells oneself need not be delivered.
        let inbox = to.filter(|to| Some(*to) != from).cloned();
        let conversation = Some(message.conversation());
        let kept = MessageKept { message: message.clone(), conversation, inbox };
        assert!(self.messages.insert(message.id, kept).is_none(), "id {} was given twice", message.id);
    }

    fn end_channel(&mut self, channel: &ChannelName) {
        self.channels.remove(channel);
        self.members.retain(|(place, _), _| place != channel);
        self.channel_bans.retain(|(place, _)| place != channel);
        self.end_conversations(
            |conversation| matches!(conversation, Conversation::Channel(name) if name == channel),
        );
    }

    fn delete_account(&mut self, account: &Account) {
        self.accounts.remove(account);
        self.members.retain(|(_, member), _| member != account);
        let name = account.folded();
        self.end_conversations(|conversation| {
            matches!(conversation, Conversation::Direct(one, other) if one == name || other == name)
        });
        for kept in self.messages.values_mut().filter(|kept| kept.inbox.as_ref() == Some(account)) {
            kept.inbox = None;
        }
    }

    fn end_conversations(&mut self, ends: impl Fn(&Conversation) -> bool) {
        for kept in self.messages.values_mut() {
            if kept.conversation.as_ref().is_some_and(&ends) {
                kept.conversation = None;
            }
        }
    }
}

/// What the engine asks.
impl Vault {
    pub(crate) fn answer(&self, question: &Question) -> Answer {
        match question {
            Question::Verify { credential: Credential::Account(account), password, .. } => {
                let kept = self.accounts.get(account);
                Answer::Verified(kept.is_some_and(|kept| kept.hash == hash(password)))
            }
            Question::Verify { credential: Credential::Hash(wanted), password, .. } => {
                Answer::Verified(*wanted == hash(password))
            }
            Question::Verify { credential: Credential::Nobody, .. } => Answer::Verified(false),
            Question::Hash { password } => Answer::Hashed(hash(password)),
            Question::History { queries, whispers } => {
                let mut lists: Vec<Messages> = queries.iter().map(|query| self.history(query)).collect();
                if let Some(asked) = whispers {
                    let to = |kept: &&MessageKept| kept.inbox.as_ref() == Some(&asked.account);
                    let after = self.messages.range(after(asked.after)..).map(|(_, kept)| kept).filter(to);
                    lists.push(last(after, asked.limit));
                }
                Answer::History(lists)
            }
            Question::Targets { account, channels, from, to, limit } => {
                Answer::Targets(self.targets(account.as_ref(), channels, *from, *to, *limit))
            }
        }
    }

    fn history(&self, query: &Query) -> Messages {
        let between = |after: MsgId, before: MsgId| {
            let all = self.messages.values();
            all.filter(move |kept| kept.conversation.as_ref() == Some(&query.conversation))
                .filter(move |kept| after < kept.message.id && kept.message.id < before)
        };
        let limit = query.limit;
        match query.select {
            Select::Latest(bound) => last(between(bound.map_or(MsgId::MIN, |at| at.last), MsgId::MAX), limit),
            Select::Before(at) => last(between(MsgId::MIN, at.first), limit),
            Select::After(at) => first(between(at.last, MsgId::MAX), limit),
            Select::Around(at) => {
                let mut messages = last(between(MsgId::MIN, at.first), limit / 2);
                messages.extend(first(between(MsgId(at.first.0 - 1), MsgId::MAX), limit - limit / 2));
                messages
            }
            Select::Between(from, to) if from.first <= to.first => first(between(from.last, to.first), limit),
            Select::Between(from, to) => last(between(to.last, from.first), limit),
        }
    }

    fn targets(
        &self,
        account: Option<&Account>,
        channels: &[ChannelName],
        from: Bound,
        to: Bound,
        limit: u32,
    ) -> Vec<(Conversation, MsgId)> {
        let wanted = |conversation: &Conversation| match conversation {
            Conversation::Channel(name) => channels.contains(name),
            Conversation::Direct(one, other) => {
                account.is_some_and(|account| [one, other].into_iter().any(|end| end == account.folded()))
            }
        };
        let mut latest = BTreeMap::new();
        for (id, kept) in &self.messages {
            if let Some(conversation) = kept.conversation.clone().filter(wanted) {
                latest.insert(conversation, *id);
            }
        }
        let backwards = to.first < from.first;
        let (earlier, later) = if backwards { (to, from) } else { (from, to) };
        let between = |id: &MsgId| earlier.last < *id && *id < later.first;
        let mut found: Vec<_> = latest.into_iter().filter(|(_, id)| between(id)).collect();
        found.sort_by_key(|(_, id)| *id);
        let over = found.len().saturating_sub(limit as usize);
        if backwards { found.split_off(over) } else { found.into_iter().take(limit as usize).collect() }
    }
}

fn after(id: MsgId) -> MsgId {
    MsgId(id.0.saturating_add(1))
}

fn first<'a>(kept: impl Iterator<Item = &'a MessageKept>, limit: u32) -> Messages {
    kept.take(limit as usize).map(|kept| kept.message.clone()).collect()
}

fn last<'a>(kept: impl DoubleEndedIterator<Item = &'a MessageKept>, limit: u32) -> Messages {
    let mut messages: Messages = kept.rev().take(limit as usize).map(|kept| kept.message.clone()).collect();
    messages.reverse();
    messages
}
