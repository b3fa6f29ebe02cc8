//! The limits that are part of the protocol and so the same on every server. What an operator may change
//! is in [`Limits`].

use serde::{Deserialize, Serialize};

/// Characters in a nickname or account name (ISUPPORT `NICKLEN`).
pub const NICK_CHARS_MAX: usize = 32;
/// Bytes in a nickname or account name: a line of IRC is limited in bytes, and many scripts take three or four a letter.
///
/// This and the limits below are chosen together: in no line of 512 bytes is a name cut, or less told of a topic, a
/// reason or an away message than is promised. `irc/tests/longest.rs` holds them against each other.
pub const NICK_BYTES_MAX: usize = 64;
/// Bytes in a channel name, `#` included (ISUPPORT `CHANNELLEN`).
pub const CHANNEL_BYTES_MAX: usize = 64;
/// Bytes in the host of a user, as others see it.
pub const HOST_BYTES_MAX: usize = 63;
/// Bytes in the server's own name.
pub const SERVER_BYTES_MAX: usize = 63;
/// Bytes in the part of an IRC user name that is kept (ISUPPORT `USERLEN`).
pub const USERNAME_BYTES_MAX: usize = 16;
/// Milliseconds for which a device of an account counts that is not there, where it does not say which it is.
pub const UNNAMED_DEVICE_MEMORY_MS: i64 = 12 * 60 * 60 * 1000;
/// Devices of one account that are known apart. The one that was away for longest is forgotten.
pub const DEVICES_PER_ACCOUNT_MAX: usize = 16;
/// Milliseconds until what an account has had is stored again, while it is on.
pub const DELIVERED_STORE_PAUSE_MS: i64 = 30_000;
/// Bytes in the name of a device that logs in.
pub const DEVICE_BYTES_MAX: usize = 32;
/// Bytes in a real name (ISUPPORT `NAMELEN`).
pub const REALNAME_BYTES_MAX: usize = 150;
/// Bytes in a topic (ISUPPORT `TOPICLEN`).
pub const TOPIC_BYTES_MAX: usize = 290;
/// Bytes in an away message (ISUPPORT `AWAYLEN`).
pub const AWAY_BYTES_MAX: usize = 200;
/// Bytes in a kick, part, quit or kill reason (ISUPPORT `KICKLEN`).
pub const REASON_BYTES_MAX: usize = 220;
/// Bytes in a channel key (ISUPPORT `KEYLEN`).
pub const KEY_BYTES_MAX: usize = 32;
/// Bytes in a ban mask.
pub const MASK_BYTES_MAX: usize = 150;
/// Bytes in one IRC line without its tags, CR LF included (RFC 1459 section 2.3).
pub const IRC_LINE_BYTES_MAX: usize = 512;
/// Bytes in the tags that a client sends, `@` and the space included (IRCv3 message-tags).
pub const CLIENT_TAGS_BYTES_MAX: usize = 4096;
/// Bytes of a line of plain text, of padding, or of what is no JSON object, after which nobody waits for its end any
/// more. IRC has a lower limit of its own.
pub const ENDLESS_BYTES_MAX: usize = 256 * 1024;
/// Bytes in a password. Long pass phrases are fine; argon2 need not chew a novel.
pub const PASSWORD_BYTES_MAX: usize = 1024;
/// The fewest characters that a new password may have: whether one is good is its owner's affair.
pub const PASSWORD_CHARS_MIN: usize = 1;
/// Groups of characters in an invitation code.
pub const INVITATION_GROUPS: usize = 3;
/// Characters in one such group. Twelve characters are 60 random bits: nobody guesses them.
pub const INVITATION_GROUP_CHARS: usize = 4;
/// Mode changes in one MODE command (ISUPPORT `MODES`).
pub const MODES_MAX: usize = 20;
/// Targets of one PRIVMSG, NOTICE or TAGMSG; channels of one JOIN, PART or KICK (ISUPPORT `TARGMAX`).
pub const TARGETS_MAX: usize = 20;
/// Targets beyond these that are refused one by one: as many as an IRC line can name. A longer line can name more.
pub const TARGETS_REFUSED_MAX: usize = 250;
/// Bytes of messages, about, in one answer to CHATHISTORY and in one channel's part of a replay. A page may be shorter than
/// was asked for (IRCv3 chathistory).
pub const HISTORY_BYTES_MAX: usize = 256 * 1024;
/// Entries that WHOWAS remembers.
pub const WHOWAS_ENTRIES_MAX: usize = 1000;

/// What an operator may change in `[limits]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of one line of plain text or one JSON object.
    pub line_bytes_max: usize,
    /// Bytes that wait for one slow reader because of what others do, before it is closed.
    pub send_queue_bytes_max: usize,
    /// Milliseconds for which a reader may take nothing of what waits for it.
    pub send_timeout_ms: i64,
    /// Bytes that a flooding session may have waiting before it is closed.
    pub receive_queue_bytes_max: usize,
    /// Connections in all.
    pub connections_max: usize,
    /// Connections from one address (an IPv6 /64 is one address).
    pub connections_per_address_max: usize,
    /// Connections that one address may make at once; 0 is any number.
    pub connection_burst: u32,
    /// Connections a minute that it may make after that.
    pub connections_per_minute: u32,
    /// Bytes that all connections of one address may have others shown at once.
    pub address_burst_bytes: usize,
    /// Bytes a second that they may have them shown after that; more are read later.
    pub address_bytes_per_second: usize,
    /// Logins, right ones too, that one address may begin in ten minutes; 0 is any number, here and in the next three.
    pub logins_per_address: u32,
    /// Accounts that one address may make in an hour.
    pub accounts_per_address_hour: u32,
    /// Accounts that one address may make in a day.
    pub accounts_per_address_day: u32,
    /// Accounts that may be made in an hour in all.
    pub accounts_per_hour: u32,
    /// Bytes of messages that one address, and one account, may have stored in an hour, where the flood bucket is in use.
    pub stored_bytes_per_hour: usize,
    /// Milliseconds until an unregistered connection is closed.
    pub register_timeout_ms: i64,
    /// Milliseconds of silence until an IRC client is asked for a PONG, and again until it is closed.
    pub ping_timeout_ms: i64,
    /// Whether the flood bucket is in use at all.
    pub flood: bool,
    /// Lines a session may send at once.
    pub flood_burst: u32,
    /// Lines a second after that.
    pub flood_per_second: u32,
    /// Channels one user may be on.
    pub channels_per_user_max: usize,
    /// Channels that one account has made, as long as there are.
    pub channels_per_account_max: usize,
    /// Channels that guests of one address have made, as long as there are.
    pub channels_per_address_max: usize,
    /// Channels that accounts make from one address in a day; 0 is any number.
    pub channels_per_address_day: u32,
    /// Bans on one channel.
    pub bans_per_channel_max: usize,
    /// Channels in all.
    pub channels_max: usize,
    /// Milliseconds after which a channel ends that nobody has used; `None` is never.
    pub channel_idle_ms_max: Option<i64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            line_bytes_max: 16 * 1024,
            send_queue_bytes_max: 1024 * 1024,
            send_timeout_ms: 60_000,
            receive_queue_bytes_max: 64 * 1024,
            connections_max: 16_384,
            connections_per_address_max: 256,
            // A whole office that comes back after a restart is one address; so is whoever comes and goes for hours.
            connection_burst: 256,
            connections_per_minute: 30,
            // Hundreds of people who talk. A burst is no more than may wait for a slow reader, and the rest less than a line
            // of 2 Mbit/s takes.
            address_burst_bytes: 640 * 1024,
            address_bytes_per_second: 128 * 1024,
            // The office again, with a device more for many.
            logins_per_address: 600,
            // A class that meets for the first time, and what a server of strangers can bear.
            accounts_per_address_hour: 30,
            accounts_per_address_day: 60,
            accounts_per_hour: 300,
            // Hundreds of people who talk all the time; a day of it fits on any disk.
            stored_bytes_per_hour: 32 * 1024 * 1024,
            register_timeout_ms: 60_000,
            ping_timeout_ms: 120_000,
            flood: true,
            flood_burst: 20,
            flood_per_second: 4,
            channels_per_user_max: 100,
            channels_per_account_max: 50,
            channels_per_address_max: 200,
            // More than a class makes; and nobody makes all that there may be before the first of them are idle.
            channels_per_address_day: 100,
            bans_per_channel_max: 100,
            channels_max: 10_000,
            // Longer than anybody's holidays, shorter than a name is missed by others.
            channel_idle_ms_max: Some(90 * 24 * 60 * 60 * 1000),
        }
    }
}
