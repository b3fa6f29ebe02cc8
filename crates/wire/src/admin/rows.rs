//! The lines that an administrator is answered with.

use std::net::IpAddr;

use chat_model::mode::Ranks;
use chat_model::name::ChannelName;
use chat_model::reply::{ChannelRow, OnlineRow};
use serde::Serialize;

use crate::{clock, sentences};

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(super) enum Line<'a> {
    /// On connecting: which server this is, and where its database is for reading.
    Hello { server: &'a str, version: &'a str, database: &'a str },
    /// Nothing was done, or not all of it.
    Refused { code: &'a str, msg: &'a str },
    /// The answer is complete. Sessions may go on as guests, under these nicknames.
    Done {
        count: usize,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        guests: Vec<&'a str>,
    },
    /// Something besides the answer.
    Notice { msg: &'a str },
    /// The connection is closed after this.
    Farewell { msg: &'a str },
}

impl Line<'_> {
    /// An answer that has nothing to say but to how many it was done.
    pub(super) fn done(count: usize) -> Self {
        Self::Done { count, guests: Vec::new() }
    }
}

/// A row of ONLINE.
#[derive(Serialize)]
pub(super) struct Online<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    nick: &'a str,
    account: Option<&'a str>,
    address: Option<IpAddr>,
    client: &'a str,
    channels: Vec<String>,
    idle_s: i64,
    since: String,
}

/// A row of CHANNELS.
#[derive(Serialize)]
pub(super) struct Channel<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    channel: &'a str,
    members: usize,
    modes: String,
    topic: &'a str,
    bans: usize,
    created: String,
}

pub(super) fn online(row: &OnlineRow) -> Online<'_> {
    Online {
        kind: "row",
        nick: row.nick.as_str(),
        account: row.account.as_ref().map(|account| account.as_str()),
        address: row.address,
        client: &row.client,
        channels: row.channels.iter().map(|(name, ranks)| with_ranks(name, *ranks)).collect(),
        idle_s: row.idle_s,
        since: clock::rfc3339(row.since),
    }
}

pub(super) fn channel(row: &ChannelRow) -> Channel<'_> {
    Channel {
        kind: "row",
        channel: row.channel.as_str(),
        members: row.members,
        modes: format!("+{}", sentences::channel_modes(&row.modes)),
        topic: &row.topic,
        bans: row.bans,
        created: clock::rfc3339(row.created),
    }
}

fn with_ranks(channel: &ChannelName, ranks: Ranks) -> String {
    ranks.prefixes().chain(channel.as_str().chars()).collect()
}
