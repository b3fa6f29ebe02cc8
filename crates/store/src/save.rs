//! How each [`Change`] is written.

use std::collections::HashMap;

use chat_model::change::{AuditRow, BanTarget, Change, ServerBan, StoredChannel, StoredDevice, StoredMember};
use chat_model::id::{MsgId, Stamp, Time};
use chat_model::invitation::{Invitation, InvitationCode};
use chat_model::language::Language;
use chat_model::mask::Mask;
use chat_model::message::{Conversation, Message, Target};
use chat_model::mode::Rank;
use chat_model::name::{Account, ChannelName};
use chat_model::reply::ChannelBan;
use chat_model::secret::PasswordHash;
use chat_model::who::Source;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Result, named_params};

use crate::moments::Moments;

/// Conversations whose numbers are remembered.
const TARGETS_CACHED_MAX: usize = 16_384;

/// A batch on its way into an open transaction.
pub(crate) struct Saving<'a> {
    connection: &'a Connection,
    targets: &'a mut HashMap<Conversation, i64>,
    moments: Moments,
    /// Looked up once a batch.
    insert_message: Option<CachedStatement<'a>>,
    last_id: MsgId,
    last_time: Option<Time>,
}

impl<'a> Saving<'a> {
    pub(crate) fn new(
        connection: &'a Connection,
        targets: &'a mut HashMap<Conversation, i64>,
        moments: Moments,
    ) -> Self {
        Self { connection, targets, moments, insert_message: None, last_id: MsgId::MIN, last_time: None }
    }

    pub(crate) fn change(&mut self, change: &Change) -> Result<()> {
        match change {
            Change::Message(message) => self.message(message),
            Change::Channel(channel) => self.channel(channel),
            Change::ChannelEnded { channel } => self.channel_ended(channel),
            Change::ChannelUsed { channel, last_used } => self.channel_used(channel, *last_used),
            Change::ChannelExpired { channel } => self.channel_expired(channel),
            Change::ToldOfExpired { account } => self.told_of_expired(account),
            Change::Member(member) => self.member(member),
            Change::ChannelBan { channel, ban } => self.channel_ban(channel, ban),
            Change::ChannelUnban { channel, mask } => self.channel_unban(channel, mask),
            Change::Account { account, hash, created } => self.account(account, hash, *created),
            Change::Password { account, hash } => self.password(account, hash),
            Change::Language { account, language } => self.language(account, *language),
            Change::Bot { account, bot } => self.bot(account, *bot),
            Change::AccountDeleted { account } => self.account_deleted(account),
            Change::Presence { account, last_here } => self.presence(account, *last_here),
            Change::Device(device) => self.device(device),
            Change::DeviceGone { account, device } => self.device_gone(account, device),
            Change::ServerBan(ban) => self.server_ban(ban),
            Change::ServerUnban { target } => self.server_unban(target),
            Change::Invitation(invitation) => self.invitation(invitation),
            Change::InvitationGone { code } => self.invitation_gone(code),
            Change::Audit(row) => self.audit(row),
        }
    }

    /// Writes what is written once a batch.
    pub(crate) fn finish(self) -> Result<Moments> {
        if self.last_id > MsgId::MIN || self.last_time.is_some() {
            self.connection
                .prepare_cached(
                    "UPDATE meta SET last_id = max(last_id, :last_id), last_time = coalesce(:last_time, last_time)",
                )?
                .execute(named_params! {
                    ":last_id": self.last_id.0,
                    ":last_time": self.last_time.map(|time| time.0),
                })?;
        }
        Ok(self.moments)
    }

    /// The clock showed this.
    fn shown(&mut self, time: Time) {
        self.last_time = Some(time);
    }

    fn happened(&mut self, at: Stamp) -> Result<()> {
        self.given(at.id);
        self.shown(at.time);
        self.moments.note(self.connection, at)
    }

    fn given(&mut self, id: MsgId) {
        self.last_id = self.last_id.max(id);
    }

    fn message(&mut self, message: &Message) -> Result<()> {
        self.happened(message.at)?;
        let target = self.target(message)?;
        let who = match &message.from {
            Source::User(who) => Some(who),
            Source::Server => None,
        };
        let (rank, to) = match &message.target {
            Target::Channel { rank, .. } => (rank.map(|rank| rank.letter().to_string()), None),
            Target::User(party) => (None, Some(party)),
        };
        let to_account = to.and_then(|party| party.account.as_ref());
        let from_account = who.and_then(|who| who.account.as_ref());
        // What one tells oneself need not be delivered.
        let inbox = match to_account {
            Some(account) if from_account != Some(account) => self.account_number(account)?,
            _ => None,
        };
        // By position: finding fifteen names a message is dear where ten thousand are stored in a second.
        self.insert_message()?.execute((
            target,
            message.at.id.0,
            message.at.time.0,
            message.kind.command(),
            who.map(|who| who.nick.as_str()),
            who.map(|who| &*who.username),
            who.map(|who| &*who.host),
            from_account.map(Account::as_str),
            who.is_some_and(|who| who.bot),
            rank,
            to.map(|party| party.nick.as_str()),
            to_account.map(Account::as_str),
            inbox,
            &*message.text,
            message.tags.as_ref().map(|tags| &*tags.0),
        ))?;
        Ok(())
    }

    /// Its parameters are its columns, in their order.
    fn insert_message(&mut self) -> Result<&mut CachedStatement<'a>> {
        let statement = match self.insert_message.take() {
            Some(statement) => statement,
            None => self.connection.prepare_cached(
                "INSERT INTO messages
                     (target, id, time, kind,
                      nick, username, host, account, bot,
                      rank, to_nick, to_account, inbox,
                      text, tags)
                 VALUES (?, ?, ?, ?,  ?, ?, ?, ?, ?,  ?, ?, ?, ?,  ?, ?)",
            )?,
        };
        Ok(self.insert_message.insert(statement))
    }

    fn account_number(&self, account: &Account) -> Result<Option<i64>> {
        self.connection
            .prepare_cached("SELECT id FROM accounts WHERE name = :name")?
            .query_row(named_params! { ":name": account.folded() }, |row| row.get(0))
            .optional()
    }

    /// The number of the message's conversation, new where it is the first one there.
    fn target(&mut self, message: &Message) -> Result<i64> {
        let conversation = message.conversation();
        if let Some(target) = self.targets.get(&conversation) {
            return Ok(*target);
        }
        let found = self
            .connection
            .prepare_cached("SELECT id FROM targets WHERE name = :name")?
            .query_row(named_params! { ":name": target_name(&conversation) }, |row| row.get(0))
            .optional()?;
        let target = match found {
            Some(target) => target,
            None => self.new_target(&conversation)?,
        };
        if self.targets.len() >= TARGETS_CACHED_MAX {
            self.targets.clear();
        }
        self.targets.insert(conversation, target);
        Ok(target)
    }

    fn new_target(&self, conversation: &Conversation) -> Result<i64> {
        let name = target_name(conversation);
        let (channel, shown, one, other) = match conversation {
            Conversation::Channel(channel) => (Some(channel.folded()), channel.as_str(), None, None),
            Conversation::Direct(one, other) => (None, name.as_str(), Some(one), Some(other)),
        };
        self.connection
            .prepare_cached(
                "INSERT INTO targets (name, channel, shown, one, other)
                 VALUES (:name, :channel, :shown, :one, :other)",
            )?
            .insert(named_params! {
                ":name": name, ":channel": channel, ":shown": shown, ":one": one, ":other": other,
            })
    }

    fn channel(&mut self, channel: &StoredChannel) -> Result<()> {
        let topic = channel.topic.as_ref();
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO channels
                     (name, shown, created, modes, key, member_limit, topic, topic_setter, topic_time, last_used)
                 VALUES (:name, :shown, :created, :modes, :key, :limit, :topic, :topic_setter, :topic_time,
                     :last_used)",
            )?
            .execute(named_params! {
                ":name": channel.name.folded(),
                ":shown": channel.name.as_str(),
                ":created": channel.created.0,
                ":modes": channel.modes.letters(),
                ":key": channel.modes.key.as_deref(),
                ":limit": channel.modes.limit,
                ":topic": topic.map(|topic| &*topic.text),
                ":topic_setter": topic.map(|topic| &*topic.setter),
                ":topic_time": topic.map(|topic| topic.time.0),
                ":last_used": channel.last_used.0,
            })?;
        Ok(())
    }

    fn channel_used(&mut self, channel: &ChannelName, last_used: Time) -> Result<()> {
        self.shown(last_used);
        self.connection
            .prepare_cached("UPDATE channels SET last_used = :last_used WHERE name = :name")?
            .execute(named_params! { ":last_used": last_used.0, ":name": channel.folded() })?;
        Ok(())
    }

    fn channel_ended(&mut self, channel: &ChannelName) -> Result<()> {
        for sql in [
            "DELETE FROM channels WHERE name = :name",
            "DELETE FROM members WHERE channel = :name",
            "DELETE FROM channel_bans WHERE channel = :name",
            "DELETE FROM targets WHERE name = :name
                 AND NOT EXISTS (SELECT 1 FROM messages WHERE target = targets.id)",
            "UPDATE targets SET name = name || ' ' || id WHERE name = :name",
        ] {
            self.connection.prepare_cached(sql)?.execute(named_params! { ":name": channel.folded() })?;
        }
        self.targets.remove(&Conversation::Channel(channel.clone()));
        Ok(())
    }

    fn channel_expired(&mut self, channel: &ChannelName) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO expired_channels (account, channel)
                 SELECT account, :shown FROM members WHERE channel = :name AND instr(ranks, :founder) > 0",
            )?
            .execute(named_params! {
                ":shown": channel.as_str(),
                ":name": channel.folded(),
                ":founder": Rank::Founder.letter().to_string(),
            })?;
        Ok(())
    }

    fn told_of_expired(&mut self, account: &Account) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM expired_channels WHERE account = :account")?
            .execute(named_params! { ":account": account.folded() })?;
        Ok(())
    }

    fn member(&mut self, member: &StoredMember) -> Result<()> {
        self.given(member.delivered);
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO members (channel, account, joined, ranks, delivered)
                 VALUES (:channel, :account, :joined, :ranks, :delivered)",
            )?
            .execute(named_params! {
                ":channel": member.channel.folded(),
                ":account": member.account.folded(),
                ":joined": member.joined,
                ":ranks": member.ranks.letters(),
                ":delivered": member.delivered.0,
            })?;
        Ok(())
    }

    fn channel_ban(&mut self, channel: &ChannelName, ban: &ChannelBan) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO channel_bans (channel, name, shown, setter, time)
                 VALUES (:channel, :name, :shown, :setter, :time)",
            )?
            .execute(named_params! {
                ":channel": channel.folded(),
                ":name": ban.mask.folded(),
                ":shown": ban.mask.as_str(),
                ":setter": &*ban.setter,
                ":time": ban.time.0,
            })?;
        Ok(())
    }

    fn channel_unban(&mut self, channel: &ChannelName, mask: &Mask) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM channel_bans WHERE channel = :channel AND name = :name")?
            .execute(named_params! { ":channel": channel.folded(), ":name": mask.folded() })?;
        Ok(())
    }

    fn account(&mut self, account: &Account, hash: &PasswordHash, created: Stamp) -> Result<()> {
        self.given(created.id);
        self.shown(created.time);
        self.connection
            .prepare_cached(
                "INSERT INTO accounts (name, shown, hash, created, last_here, delivered)
                 VALUES (:name, :shown, :hash, :created, :created, :delivered)",
            )?
            .execute(named_params! {
                ":name": account.folded(),
                ":shown": account.as_str(),
                ":hash": hash.expose(),
                ":created": created.time.0,
                ":delivered": created.id.0,
            })?;
        Ok(())
    }

    fn password(&mut self, account: &Account, hash: &PasswordHash) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE accounts SET hash = :hash WHERE name = :name")?
            .execute(named_params! { ":hash": hash.expose(), ":name": account.folded() })?;
        Ok(())
    }

    fn language(&mut self, account: &Account, language: Language) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE accounts SET language = :language WHERE name = :name")?
            .execute(named_params! { ":language": language.code(), ":name": account.folded() })?;
        Ok(())
    }

    fn bot(&mut self, account: &Account, bot: bool) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE accounts SET bot = :bot WHERE name = :name")?
            .execute(named_params! { ":bot": bot, ":name": account.folded() })?;
        Ok(())
    }

    fn account_deleted(&mut self, account: &Account) -> Result<()> {
        for sql in [
            "DELETE FROM accounts WHERE name = :name",
            "DELETE FROM members WHERE account = :name",
            "DELETE FROM devices WHERE account = :name",
            "DELETE FROM expired_channels WHERE account = :name",
            "UPDATE targets SET name = name || ' ' || id, one = NULL, other = NULL
             WHERE one = :name OR other = :name",
        ] {
            self.connection.prepare_cached(sql)?.execute(named_params! { ":name": account.folded() })?;
        }
        let is_end = |key: &String| key == account.folded();
        self.targets.retain(|conversation, _| match conversation {
            Conversation::Direct(one, other) => !is_end(one) && !is_end(other),
            Conversation::Channel(_) => true,
        });
        Ok(())
    }

    fn presence(&mut self, account: &Account, last_here: Option<Time>) -> Result<()> {
        self.last_time = last_here.or(self.last_time);
        self.connection
            .prepare_cached("UPDATE accounts SET last_here = :time WHERE name = :name")?
            .execute(named_params! { ":time": last_here.map(|time| time.0), ":name": account.folded() })?;
        Ok(())
    }

    fn device(&mut self, device: &StoredDevice) -> Result<()> {
        self.given(device.delivered);
        self.shown(device.last_here);
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO devices (account, device, delivered, last_here)
                 VALUES (:account, :device, :delivered, :last_here)",
            )?
            .execute(named_params! {
                ":account": device.account.folded(),
                ":device": &*device.device,
                ":delivered": device.delivered.0,
                ":last_here": device.last_here.0,
            })?;
        Ok(())
    }

    fn device_gone(&mut self, account: &Account, device: &str) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM devices WHERE account = :account AND device = :device")?
            .execute(named_params! { ":account": account.folded(), ":device": device })?;
        Ok(())
    }

    fn server_ban(&mut self, ban: &ServerBan) -> Result<()> {
        let key = BanKey::of(&ban.target);
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO server_bans (kind, name, shown, reason, setter, created, expires)
                 VALUES (:kind, :name, :shown, :reason, :setter, :created, :expires)",
            )?
            .execute(named_params! {
                ":kind": key.kind,
                ":name": key.name,
                ":shown": key.shown,
                ":reason": &*ban.reason,
                ":setter": &*ban.setter,
                ":created": ban.created.0,
                ":expires": ban.expires.map(|time| time.0),
            })?;
        Ok(())
    }

    fn server_unban(&mut self, target: &BanTarget) -> Result<()> {
        let key = BanKey::of(target);
        self.connection
            .prepare_cached("DELETE FROM server_bans WHERE kind = :kind AND name = :name")?
            .execute(named_params! { ":kind": key.kind, ":name": key.name })?;
        Ok(())
    }

    fn invitation(&mut self, invitation: &Invitation) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO invitations (code, created, expires)
                 VALUES (:code, :created, :expires)",
            )?
            .execute(named_params! {
                ":code": invitation.code.expose(),
                ":created": invitation.created.0,
                ":expires": invitation.expires.map(|time| time.0),
            })?;
        Ok(())
    }

    fn invitation_gone(&mut self, code: &InvitationCode) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM invitations WHERE code = :code")?
            .execute(named_params! { ":code": code.expose() })?;
        Ok(())
    }

    fn audit(&mut self, row: &AuditRow) -> Result<()> {
        self.happened(row.at)?;
        self.connection
            .prepare_cached(
                "INSERT INTO audit (id, time, actor, action, target, detail)
                 VALUES (:id, :time, :actor, :action, :target, :detail)",
            )?
            .execute(named_params! {
                ":id": row.at.id.0,
                ":time": row.at.time.0,
                ":actor": &*row.actor,
                ":action": &*row.action,
                ":target": &*row.target,
                ":detail": &*row.detail,
            })?;
        Ok(())
    }
}

/// What a conversation is called in the table `targets`. No name holds a space, so two ends are told from a channel.
pub(crate) fn target_name(conversation: &Conversation) -> String {
    match conversation {
        Conversation::Channel(channel) => channel.folded().to_owned(),
        Conversation::Direct(one, other) => format!("{one} {other}"),
    }
}

/// What a ban of the server is kept by, and how it reads.
struct BanKey {
    kind: &'static str,
    name: String,
    shown: String,
}

impl BanKey {
    fn of(target: &BanTarget) -> Self {
        let (kind, name, shown) = match target {
            BanTarget::Nick(mask) => ("nick", mask.folded().to_owned(), mask.to_string()),
            BanTarget::Account(account) => {
                ("account", account.folded().to_owned(), account.as_str().to_owned())
            }
            BanTarget::Network(network) => ("address", network.trunc().to_string(), network.to_string()),
        };
        Self { kind, name, shown }
    }
}
