//! What the engine wants stored. A batch of changes is one transaction.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::id::{MsgId, Stamp, Time};
use crate::invitation::{Invitation, InvitationCode};
use crate::language::Language;
use crate::mask::{Mask, NickMask};
use crate::message::Message;
use crate::mode::{ChannelModes, Ranks};
use crate::name::{Account, ChannelName};
use crate::reply::{ChannelBan, Topic};
use crate::secret::PasswordHash;

/// A channel as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredChannel {
    /// Its name.
    pub name: ChannelName,
    /// When this life of it began.
    pub created: Time,
    /// Its modes.
    pub modes: ChannelModes,
    /// Its topic.
    pub topic: Option<Topic>,
    /// When it was used last, to within an hour.
    pub last_used: Time,
}

/// An account's tie to a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredMember {
    /// Which channel.
    pub channel: ChannelName,
    /// Which account.
    pub account: Account,
    /// Whether it is a member now (and comes back into it), or was once.
    pub joined: bool,
    /// Its ranks, while it is one.
    pub ranks: Ranks,
    /// Up to where it had the channel when it left, or went.
    pub delivered: MsgId,
}

/// Whom a ban of the server covers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum BanTarget {
    /// Nicknames.
    Nick(NickMask),
    /// An account.
    Account(Account),
    /// One address or a network in CIDR notation.
    Network(ipnet::IpNet),
}

/// A ban of the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerBan {
    /// Whom it covers.
    pub target: BanTarget,
    /// Why; empty where nobody said.
    pub reason: Text,
    /// Who set it.
    pub setter: Text,
    /// When.
    pub created: Time,
    /// Until when; `None` is for ever.
    pub expires: Option<Time>,
}

/// One line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// When.
    pub at: Stamp,
    /// Who: `"admin root"`, or an operator's `nick!user@host`.
    pub actor: Text,
    /// What: `"kick"`, `"ban"`, `"user passwd"`. Never a secret.
    pub action: Text,
    /// Whom or what it was done to.
    pub target: Text,
    /// Why, or with which words. Never a secret.
    pub detail: Text,
}

/// One thing to store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// A message was said.
    Message(Arc<Message>),
    /// A channel is new or different.
    Channel(StoredChannel),
    /// A channel's present life ended. Its history stays, but belongs to no name any more.
    ChannelEnded {
        /// Which.
        channel: ChannelName,
    },
    /// A channel is in use.
    ChannelUsed {
        /// Which.
        channel: ChannelName,
        /// When, to within an hour.
        last_used: Time,
    },
    /// A channel is about to end because nobody uses it: its founders are to be told.
    ChannelExpired {
        /// Which.
        channel: ChannelName,
    },
    /// An account has been told which of its channels ended.
    ToldOfExpired {
        /// Which account.
        account: Account,
    },
    /// An account's tie to a channel is new or different.
    Member(StoredMember),
    /// A ban of a channel was set.
    ChannelBan {
        /// Where.
        channel: ChannelName,
        /// Which.
        ban: ChannelBan,
    },
    /// A ban of a channel was lifted.
    ChannelUnban {
        /// Where.
        channel: ChannelName,
        /// Which.
        mask: Mask,
    },
    /// A new account.
    Account {
        /// Its name.
        account: Account,
        /// Password hash in PHC string form.
        hash: PasswordHash,
        /// When. Nothing from before is shown to it as if it had missed it.
        created: Stamp,
    },
    /// An account's password was changed.
    Password {
        /// Whose.
        account: Account,
        /// Password hash in PHC string form.
        hash: PasswordHash,
    },
    /// An account chose in which language it is spoken to.
    Language {
        /// Which account.
        account: Account,
        /// Which language.
        language: Language,
    },
    /// An account said that it is a bot, or none.
    Bot {
        /// Which account.
        account: Account,
        /// Whether it is one.
        bot: bool,
    },
    /// An account is gone, with its ties to channels. What it said stays said.
    AccountDeleted {
        /// Which.
        account: Account,
    },
    /// An account came, or went.
    Presence {
        /// Whose.
        account: Account,
        /// When it went; `None` while it is on.
        last_here: Option<Time>,
    },
    /// Up to where a device of an account has had everything, in place of what was kept of it before.
    Device(StoredDevice),
    /// One of an account's devices is forgotten.
    DeviceGone {
        /// Whose.
        account: Account,
        /// Which.
        device: Text,
    },
    /// A ban of the server was set, in place of one with the same target.
    ServerBan(ServerBan),
    /// A ban of the server was lifted or ran out.
    ServerUnban {
        /// Which.
        target: BanTarget,
    },
    /// Somebody was invited to make an account, in place of an invitation with the same code.
    Invitation(Invitation),
    /// An invitation was used or ran out.
    InvitationGone {
        /// Which.
        code: InvitationCode,
    },
    /// Something for the audit log.
    Audit(AuditRow),
}

/// A device of an account, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredDevice {
    /// Whose.
    pub account: Account,
    /// What it calls itself, or its number.
    pub device: Text,
    /// Up to where it has shown to have had everything.
    pub delivered: MsgId,
    /// When it was connected last.
    pub last_here: Time,
}

/// An account as it is kept, without its password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredAccount {
    /// Its name.
    pub account: Account,
    /// When it was made.
    pub created: Time,
    /// Up to where it had had everything before any of its devices was known.
    pub delivered: MsgId,
    /// In which language it is spoken to, if it chose one.
    pub language: Option<Language>,
    /// Whether it says that it is a bot.
    pub bot: bool,
}

/// All that the engine knows when it starts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loaded {
    /// No id up to here may be given any more.
    pub last_id: MsgId,
    /// What the clock showed when something was stored last; `None` where nothing ever was.
    pub last_time: Option<Time>,
    /// Accounts by name.
    pub accounts: Vec<StoredAccount>,
    /// Devices of accounts.
    pub devices: Vec<StoredDevice>,
    /// Channels that are alive.
    pub channels: Vec<StoredChannel>,
    /// Ties of accounts to channels that are alive.
    pub members: Vec<StoredMember>,
    /// Channels that ended because nobody used them, each with a founder who has not been told.
    pub expired_channels: Vec<(Account, ChannelName)>,
    /// Bans of channels, oldest first.
    pub channel_bans: Vec<(ChannelName, ChannelBan)>,
    /// Bans of the server, oldest first, those that ran out included.
    pub server_bans: Vec<ServerBan>,
    /// Invitations by code, those that ran out included.
    pub invitations: Vec<Invitation>,
}
