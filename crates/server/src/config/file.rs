//! What the configuration file holds, table by table, with the defaults.

use std::net::SocketAddr;
use std::path::PathBuf;

use chat_model::invitation::Registration;
use chat_model::language::Language;
use chat_model::limits::Limits;
use chat_model::secret::{PasswordHash, Secret};
use chat_wire::Face;
use serde::Deserialize;

use super::units::{Duration, Size};

/// What the file holds.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct File {
    pub(super) server: Server,
    pub(super) listen: Option<Vec<Listen>>,
    pub(super) admin: Admin,
    pub(super) accounts: Accounts,
    pub(super) operator: Vec<OperatorTable>,
    pub(super) history: History,
    pub(super) limits: LimitsTable,
    pub(super) log: Log,
    pub(super) metrics: Metrics,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Server {
    pub(super) name: String,
    pub(super) network: String,
    pub(super) language: Language,
    pub(super) description: String,
    pub(super) data_dir: PathBuf,
    pub(super) lobby: String,
    pub(super) password: Secret,
    pub(super) motd: String,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            name: "chat.local".into(),
            network: "ChatRoom".into(),
            language: Language::English,
            description: "a chat room".into(),
            data_dir: PathBuf::new(),
            lobby: "#lobby".into(),
            password: Secret::new(""),
            motd: String::new(),
        }
    }
}

/// One port.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listen {
    pub(crate) protocol: Protocol,
    pub(crate) address: SocketAddr,
    pub(crate) tls: Option<Tls>,
    #[serde(default)]
    pub(crate) websocket: bool,
    #[serde(default)]
    pub(crate) guest: bool,
}

/// What is spoken on a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Protocol {
    Irc,
    Plain,
    Json,
}

impl Protocol {
    pub(crate) fn face(self) -> Face {
        match self {
            Self::Irc => Face::Irc,
            Self::Plain => Face::Plain,
            Self::Json => Face::Json,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        self.face().name()
    }
}

/// PEM files, as named in the configuration or absolute.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tls {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Admin {
    pub(super) socket: PathBuf,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Accounts {
    pub(super) registration: Registration,
    pub(super) guests: bool,
}

impl Default for Accounts {
    fn default() -> Self {
        Self { registration: Registration::Open, guests: true }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OperatorTable {
    pub(super) name: String,
    pub(super) password_hash: PasswordHash,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct History {
    pub(super) retention: Duration,
    pub(super) replay: u32,
    pub(super) chathistory_max: u32,
}

impl Default for History {
    fn default() -> Self {
        Self { retention: Duration::forever(), replay: 50, chathistory_max: 500 }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct LimitsTable {
    pub(super) line: Size,
    pub(super) send_queue: Size,
    pub(super) send_timeout: Duration,
    pub(super) receive_queue: Size,
    pub(super) connections: usize,
    pub(super) connections_per_address: usize,
    pub(super) connection_burst: u32,
    pub(super) connection_rate: u32,
    pub(super) address_burst: Size,
    pub(super) address_rate: Size,
    pub(super) logins_per_address: u32,
    pub(super) accounts_per_address_hour: u32,
    pub(super) accounts_per_address_day: u32,
    pub(super) accounts_per_hour: u32,
    pub(super) stored_per_hour: Size,
    pub(super) register_timeout: Duration,
    pub(super) ping_timeout: Duration,
    pub(super) flood: bool,
    pub(super) flood_burst: u32,
    pub(super) flood_rate: u32,
    pub(super) channels_per_user: usize,
    pub(super) channels_per_account: usize,
    pub(super) channels_per_address: usize,
    pub(super) channels_per_address_day: u32,
    pub(super) channels: usize,
    pub(super) channel_idle: Duration,
    pub(super) bans_per_channel: usize,
    pub(super) disk_free: Size,
}

impl Default for LimitsTable {
    fn default() -> Self {
        let limits = Limits::default();
        Self {
            line: Size(limits.line_bytes_max),
            send_queue: Size(limits.send_queue_bytes_max),
            send_timeout: Duration::milliseconds(limits.send_timeout_ms),
            receive_queue: Size(limits.receive_queue_bytes_max),
            connections: limits.connections_max,
            connections_per_address: limits.connections_per_address_max,
            connection_burst: limits.connection_burst,
            connection_rate: limits.connections_per_minute,
            address_burst: Size(limits.address_burst_bytes),
            address_rate: Size(limits.address_bytes_per_second),
            logins_per_address: limits.logins_per_address,
            accounts_per_address_hour: limits.accounts_per_address_hour,
            accounts_per_address_day: limits.accounts_per_address_day,
            accounts_per_hour: limits.accounts_per_hour,
            stored_per_hour: Size(limits.stored_bytes_per_hour),
            register_timeout: Duration::milliseconds(limits.register_timeout_ms),
            ping_timeout: Duration::milliseconds(limits.ping_timeout_ms),
            flood: limits.flood,
            flood_burst: limits.flood_burst,
            flood_rate: limits.flood_per_second,
            channels_per_user: limits.channels_per_user_max,
            channels_per_account: limits.channels_per_account_max,
            channels_per_address: limits.channels_per_address_max,
            channels_per_address_day: limits.channels_per_address_day,
            channels: limits.channels_max,
            channel_idle: limits.channel_idle_ms_max.map_or(Duration::forever(), Duration::milliseconds),
            bans_per_channel: limits.bans_per_channel_max,
            disk_free: Size(64 << 20),
        }
    }
}

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    #[default]
    Text,
    Json,
}

/// How much is logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogLevel {
    Error,
    Warn,
    #[default]
    Info,
    Debug,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Log {
    pub(crate) format: LogFormat,
    pub(crate) level: LogLevel,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Metrics {
    pub(super) address: String,
}

/// Where the server listens when the file does not say.
pub(super) fn default_listeners() -> Vec<Listen> {
    let listen = |protocol, port| Listen {
        protocol,
        address: SocketAddr::from(([127, 0, 0, 1], port)),
        tls: None,
        websocket: false,
        guest: false,
    };
    vec![listen(Protocol::Irc, 6667), listen(Protocol::Plain, 2323)]
}
