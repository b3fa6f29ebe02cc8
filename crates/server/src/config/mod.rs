//! The configuration file: read, checked, and made into what the rest of the server goes by.

mod checks;
mod file;
pub(crate) mod keys;
#[cfg(test)]
mod tests;
mod units;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chat_engine::input::{Operator, Settings};
use chat_model::language::Language;
use chat_model::limits::Limits;
use chat_model::name::ChannelName;
use chat_model::secret::Secret;
use chat_wire::Contexts;
use chat_wire::sentences::name_error;

use checks::{
    check_keys, check_limits, check_listeners, check_operators, check_server, describe, not_an_address,
};
use file::{File, default_listeners};
pub(crate) use file::{Listen, Log, LogFormat, LogLevel, Protocol, Tls};

/// Why a configuration cannot be used. Each names the key or the file, and says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("cannot read {path}: {error}")]
    Unreadable { path: String, error: std::io::Error },
    #[error("{path}: {message}")]
    Wrong { path: String, message: String },
    #[error(
        "there is no home directory to keep data in: name one with --data-dir, or with data_dir under [server]"
    )]
    NoDataDir,
}

/// A configuration that was checked.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) data_dir: PathBuf,
    pub(crate) admin_socket: PathBuf,
    pub(crate) listen: Vec<Listen>,
    pub(crate) settings: Settings,
    /// The password of the server.
    pub(crate) password: Option<Secret>,
    pub(crate) network: String,
    pub(crate) language: Language,
    pub(crate) description: String,
    /// Milliseconds that messages are kept; `None` is for ever.
    pub(crate) retention_ms: Option<i64>,
    pub(crate) disk_free_bytes_min: u64,
    pub(crate) log: Log,
    pub(crate) metrics: Option<SocketAddr>,
}

impl Config {
    /// What of it the loop goes by.
    pub(crate) fn of_room(&self, context: Contexts) -> chat_room::Config {
        chat_room::Config {
            settings: self.settings.clone(),
            password: self.password.clone(),
            context,
            retention_ms: self.retention_ms,
            disk_free_bytes_min: self.disk_free_bytes_min,
        }
    }

    /// The file that everything is kept in.
    pub(crate) fn database(&self) -> PathBuf {
        self.data_dir.join("chat.db")
    }

    /// Reads and checks a file; without one, everything has its default.
    pub(crate) fn load(file: Option<&Path>, data_dir: Option<&Path>) -> Result<Self, ConfigError> {
        let Some(path) = file else {
            return Self::from_file(File::default(), Path::new("the defaults"), data_dir);
        };
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError::Unreadable { path: shown.clone(), error })?;
        let wrong = |message: String| ConfigError::Wrong { path: shown.clone(), message };
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| wrong(describe(&error)))?;
        check_keys(&table).map_err(wrong)?;
        let parsed = toml::from_str(&text).map_err(|error| wrong(describe(&error)))?;
        Self::from_file(parsed, path, data_dir)
    }

    fn from_file(file: File, path: &Path, data_dir: Option<&Path>) -> Result<Self, ConfigError> {
        let wrong = |message: String| ConfigError::Wrong { path: path.display().to_string(), message };
        let data_dir = match data_dir {
            Some(path) => path.to_owned(),
            None if file.server.data_dir.as_os_str().is_empty() => default_data_dir()?,
            None => file.server.data_dir.clone(),
        };
        let admin_socket = match file.admin.socket.as_os_str().is_empty() {
            true => data_dir.join("admin.sock"),
            false => file.admin.socket.clone(),
        };
        check_server(&file.server).map_err(wrong)?;
        check_limits(&file.limits).map_err(wrong)?;
        let lobby = match file.server.lobby.as_str() {
            "" => None,
            name => Some(ChannelName::new(name).map_err(|why| {
                wrong(format!("lobby under [server] is {name:?}: {}", name_error(why, Language::English)))
            })?),
        };
        let listen = file.listen.clone().unwrap_or_else(default_listeners);
        check_listeners(&listen, lobby.is_some()).map_err(wrong)?;
        check_operators(&file.operator).map_err(wrong)?;
        let metrics = match file.metrics.address.as_str() {
            "" => None,
            address => {
                Some(address.parse().map_err(|_| wrong(not_an_address("address under [metrics]", address)))?)
            }
        };
        Ok(Self {
            data_dir,
            admin_socket,
            listen,
            settings: settings(&file, lobby),
            password: Some(file.server.password.expose())
                .filter(|text| !text.is_empty())
                .map(Secret::password),
            network: file.server.network,
            language: file.server.language,
            description: file.server.description,
            retention_ms: file.history.retention.as_milliseconds(),
            disk_free_bytes_min: file.limits.disk_free.0 as u64,
            log: file.log,
            metrics,
        })
    }
}

fn settings(file: &File, lobby: Option<ChannelName>) -> Settings {
    let limits = &file.limits;
    let unlimited = |n: usize| if n == 0 { usize::MAX } else { n };
    let operators = file.operator.iter();
    Settings {
        server: file.server.name.as_str().into(),
        motd: Arc::new(file.server.motd.lines().map(Into::into).collect()),
        lobby,
        has_password: !file.server.password.expose().is_empty(),
        registration: file.accounts.registration,
        guests: file.accounts.guests,
        operators: operators
            .map(|row| Operator { name: row.name.as_str().into(), password_hash: row.password_hash.clone() })
            .collect(),
        replay: file.history.replay,
        chathistory_max: file.history.chathistory_max,
        limits: Limits {
            line_bytes_max: limits.line.0,
            send_queue_bytes_max: limits.send_queue.0,
            send_timeout_ms: limits.send_timeout.as_milliseconds().unwrap_or(i64::MAX),
            receive_queue_bytes_max: limits.receive_queue.0,
            connections_max: unlimited(limits.connections),
            connections_per_address_max: unlimited(limits.connections_per_address),
            connection_burst: limits.connection_burst,
            connections_per_minute: limits.connection_rate,
            address_burst_bytes: limits.address_burst.0,
            address_bytes_per_second: limits.address_rate.0,
            logins_per_address: limits.logins_per_address,
            accounts_per_address_hour: limits.accounts_per_address_hour,
            accounts_per_address_day: limits.accounts_per_address_day,
            accounts_per_hour: limits.accounts_per_hour,
            stored_bytes_per_hour: limits.stored_per_hour.0,
            register_timeout_ms: limits.register_timeout.as_milliseconds().unwrap_or(i64::MAX),
            ping_timeout_ms: limits.ping_timeout.as_milliseconds().unwrap_or(i64::MAX),
            flood: limits.flood,
            flood_burst: limits.flood_burst,
            flood_per_second: limits.flood_rate,
            channels_per_user_max: unlimited(limits.channels_per_user),
            channels_per_account_max: unlimited(limits.channels_per_account),
            channels_per_address_max: unlimited(limits.channels_per_address),
            channels_per_address_day: limits.channels_per_address_day,
            bans_per_channel_max: unlimited(limits.bans_per_channel),
            channels_max: unlimited(limits.channels),
            channel_idle_ms_max: limits.channel_idle.as_milliseconds(),
        },
    }
}

fn default_data_dir() -> Result<PathBuf, ConfigError> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = absolute("XDG_STATE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/state")));
    state.map(|state| state.join("chat-server")).ok_or(ConfigError::NoDataDir)
}
