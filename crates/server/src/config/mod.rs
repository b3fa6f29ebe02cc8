//! The configuration file: read, checked, and made into what the rest of the server goes by.

pub(crate) mod keys;
mod units;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chat_engine::input::{Operator, Registration, Settings};
use chat_model::limits::Limits;
use chat_model::name::ChannelName;
use chat_model::secret::Secret;
use chat_wire::Face;
use serde::Deserialize;

use keys::KEYS;
use units::{Duration, Size};

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

/// What the file holds.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    server: Server,
    listen: Option<Vec<Listen>>,
    admin: Admin,
    accounts: Accounts,
    operator: Vec<OperatorTable>,
    history: History,
    limits: LimitsTable,
    log: Log,
    metrics: Metrics,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Server {
    name: String,
    network: String,
    description: String,
    data_dir: PathBuf,
    lobby: String,
    password: Secret,
    motd: String,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            name: "chat.local".into(),
            network: "ChatRoom".into(),
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
        match self {
            Self::Irc => "irc",
            Self::Plain => "plain",
            Self::Json => "json",
        }
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
struct Admin {
    socket: PathBuf,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Accounts {
    registration: Registration,
    guests: bool,
}

impl Default for Accounts {
    fn default() -> Self {
        Self { registration: Registration::Open, guests: true }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OperatorTable {
    name: String,
    password_hash: Secret,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct History {
    retention: Duration,
    replay: u32,
    chathistory_max: u32,
}

impl Default for History {
    fn default() -> Self {
        Self { retention: Duration::forever(), replay: 50, chathistory_max: 500 }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct LimitsTable {
    line: Size,
    send_queue: Size,
    receive_queue: Size,
    connections: usize,
    connections_per_address: usize,
    register_timeout: Duration,
    ping_timeout: Duration,
    flood: bool,
    flood_burst: u32,
    flood_rate: u32,
    channels_per_user: usize,
    channels: usize,
    bans_per_channel: usize,
    disk_free: Size,
}

impl Default for LimitsTable {
    fn default() -> Self {
        let limits = Limits::default();
        Self {
            line: Size(limits.line_bytes_max),
            send_queue: Size(limits.send_queue_bytes_max),
            receive_queue: Size(limits.receive_queue_bytes_max),
            connections: limits.connections_max,
            connections_per_address: limits.connections_per_address_max,
            register_timeout: Duration::milliseconds(limits.register_timeout_ms),
            ping_timeout: Duration::milliseconds(limits.ping_timeout_ms),
            flood: limits.flood,
            flood_burst: limits.flood_burst,
            flood_rate: limits.flood_per_second,
            channels_per_user: limits.channels_per_user_max,
            channels: limits.channels_max,
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
struct Metrics {
    address: String,
}

/// A configuration that was checked.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) data_dir: PathBuf,
    pub(crate) admin_socket: PathBuf,
    pub(crate) listen: Vec<Listen>,
    pub(crate) settings: Settings,
    pub(crate) network: String,
    pub(crate) description: String,
    /// Milliseconds that messages are kept; `None` is for ever.
    pub(crate) retention_ms: Option<i64>,
    pub(crate) disk_free_bytes_min: u64,
    pub(crate) log: Log,
    pub(crate) metrics: Option<SocketAddr>,
}

impl Config {
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
        let lobby = match file.server.lobby.as_str() {
            "" => None,
            name => Some(
                ChannelName::new(name)
                    .map_err(|why| wrong(format!("lobby under [server] is {name:?}: {why}")))?,
            ),
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
            network: file.server.network,
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
        password: Some(file.server.password.clone()).filter(|password| !password.expose().is_empty()),
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
            receive_queue_bytes_max: limits.receive_queue.0,
            connections_max: unlimited(limits.connections),
            connections_per_address_max: unlimited(limits.connections_per_address),
            register_timeout_ms: limits.register_timeout.as_milliseconds().unwrap_or(i64::MAX),
            ping_timeout_ms: limits.ping_timeout.as_milliseconds().unwrap_or(i64::MAX),
            flood: limits.flood,
            flood_burst: limits.flood_burst.max(1),
            flood_per_second: limits.flood_rate.max(1),
            channels_per_user_max: unlimited(limits.channels_per_user),
            bans_per_channel_max: unlimited(limits.bans_per_channel),
            channels_max: unlimited(limits.channels),
        },
    }
}

fn default_listeners() -> Vec<Listen> {
    let listen = |protocol, port| Listen {
        protocol,
        address: SocketAddr::from(([127, 0, 0, 1], port)),
        tls: None,
        websocket: false,
        guest: false,
    };
    vec![listen(Protocol::Irc, 6667), listen(Protocol::Plain, 2323)]
}

fn default_data_dir() -> Result<PathBuf, ConfigError> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = absolute("XDG_STATE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/state")));
    state.map(|state| state.join("chat-server")).ok_or(ConfigError::NoDataDir)
}

/// The parser's words on one line, with the line number and the key that stands there. The rest of that line is left
/// out: it may be a password.
fn describe(error: &toml::de::Error) -> String {
    let text = error.to_string();
    let mut lines = text.lines();
    let place = lines.next().unwrap_or_default().trim_start_matches("TOML parse error at ").to_owned();
    let what = text.lines().last().unwrap_or_default().to_owned();
    let source = lines.find_map(|line| line.split_once(" | "));
    let key = source.and_then(|(_, line)| line.split_once('=')).map(|(key, _)| key.trim());
    match key.filter(|key| KEYS.iter().any(|known| known.name == *key)) {
        Some(key) => format!("{place}: {key}: {what}"),
        None if place == what => what,
        None => format!("{place}: {what}"),
    }
}

fn check_keys(table: &toml::Table) -> Result<(), String> {
    let tables: BTreeSet<&str> = KEYS.iter().map(|key| key.table.trim_matches(['[', ']'])).collect();
    for (name, value) in table {
        if !tables.contains(name.as_str()) {
            return Err(unknown("table", name, "", tables.iter().copied()));
        }
        let rows: Vec<&toml::Table> = match value {
            toml::Value::Table(row) => vec![row],
            toml::Value::Array(rows) => rows.iter().filter_map(toml::Value::as_table).collect(),
            _ => return Err(format!("{name} must be a table: write [{name}] on a line of its own")),
        };
        let known =
            || KEYS.iter().filter(|key| key.table.trim_matches(['[', ']']) == name).map(|key| key.name);
        for key in rows.into_iter().flat_map(|row| row.keys()) {
            if !known().any(|known| known == key) {
                return Err(unknown("key", key, &format!(" under [{name}]"), known()));
            }
        }
    }
    Ok(())
}

fn unknown<'a>(what: &str, name: &str, place: &str, known: impl Iterator<Item = &'a str>) -> String {
    let nearest = known.min_by_key(|known| strsim::damerau_levenshtein(known, name)).unwrap_or_default();
    format!("unknown {what} {name:?}{place}: did you mean {nearest:?}?")
}

fn check_server(server: &Server) -> Result<(), String> {
    let name_fits = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    if !server.name.contains('.') || !server.name.chars().all(name_fits) || server.name.len() > 63 {
        return Err(format!(
            "name under [server] is {:?}: it needs a dot, and only letters, digits, dots and dashes, such as chat.example.org",
            server.name
        ));
    }
    if server.network.is_empty() || !server.network.chars().all(|c| c.is_ascii_graphic() && c != '=') {
        return Err(format!("network under [server] is {:?}: it must be one word", server.network));
    }
    Ok(())
}

fn check_listeners(listeners: &[Listen], lobby: bool) -> Result<(), String> {
    for listen in listeners {
        let (name, address) = (listen.protocol.name(), listen.address);
        if listen.protocol != Protocol::Irc && !lobby {
            return Err(format!("the {name} listener on {address} needs a room: set lobby under [server]"));
        }
        if listen.protocol == Protocol::Irc && listen.guest {
            return Err(format!(
                "guest is for plain and json listeners; the irc one on {address} cannot have it"
            ));
        }
        if listen.protocol == Protocol::Plain && listen.websocket {
            return Err(format!(
                "websocket is for irc and json listeners; the plain one on {address} cannot have it"
            ));
        }
    }
    Ok(())
}

fn check_operators(operators: &[OperatorTable]) -> Result<(), String> {
    for operator in operators {
        if !crate::passwords::is_hash(&operator.password_hash) {
            return Err(format!(
                "password_hash of operator {:?} is no password hash: take what chat-server --hash-password prints",
                operator.name
            ));
        }
    }
    Ok(())
}

fn not_an_address(key: &str, address: &str) -> String {
    format!("{key} is {address:?}: it must be an IP address and a port, such as 127.0.0.1:9100")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_file_is_the_table_of_keys() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/chat-server.toml");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&path, keys::document()).expect("config/ can be written");
        }
        let shipped = std::fs::read_to_string(&path).expect("config/chat-server.toml is there");
        assert_eq!(shipped, keys::document(), "run the tests once with UPDATE_DOCS=1");
    }

    #[test]
    fn the_documented_defaults_are_the_defaults() {
        let documented: File = toml::from_str(&keys::document()).expect("it parses");
        assert_eq!(format!("{documented:?}"), format!("{:?}", File::default()));
    }

    #[test]
    fn every_documented_key_is_one_that_the_code_reads() {
        let commented = keys::document().replace("# [[", "[[");
        let mut text = String::new();
        for line in commented.lines() {
            let bare = line.strip_prefix("# ").unwrap_or(line);
            let is_key = KEYS.iter().any(|key| bare.starts_with(&format!("{} = ", key.name)));
            text.push_str(if is_key { bare } else { line });
            text.push('\n');
        }
        let file: File = toml::from_str(&text).expect("every key is known");
        assert_eq!(file.listen.map(|all| all.len()), Some(1));
        assert_eq!(file.operator.len(), 1);
    }

    #[test]
    fn what_is_wrong_is_named_with_what_to_do() {
        let cases = [
            ("[server]\nnmae = \"x.y\"", "unknown key \"nmae\" under [server]: did you mean \"name\"?"),
            ("[sever]\nname = \"x.y\"", "unknown table \"sever\": did you mean \"server\"?"),
            ("[server]\nname = 3", "line 2, column 8: invalid type: integer `3`, expected a string"),
            (
                "[server]\nlobby = \"lobby\"",
                "lobby under [server] is \"lobby\": a channel name begins with #",
            ),
            (
                "[limits]\nline = \"long\"",
                "line 2, column 8: \"long\" is not a size: write \"16 KiB\" or \"1 MiB\"",
            ),
            (
                "[limits]\nping_timeout = \"soon\"",
                "line 2, column 16: \"soon\" is not a duration: write \"90d\", \"2m\" or \"1h 30m\"",
            ),
            (
                "[metrics]\naddress = \"9100\"",
                "address under [metrics] is \"9100\": it must be an IP address and a port, such as 127.0.0.1:9100",
            ),
            (
                "[[operator]]\nname = \"a\"\npassword_hash = \"hunter2\"",
                "password_hash of operator \"a\" is no password hash: take what chat-server --hash-password prints",
            ),
        ];
        let dir = tempfile::tempdir().expect("a temporary directory");
        let path = dir.path().join("chat-server.toml");
        for (text, expected) in cases {
            std::fs::write(&path, text).expect("written");
            let error = Config::load(Some(&path), Some(dir.path())).expect_err(text).to_string();
            assert_eq!(error, format!("{}: {expected}", path.display()));
        }
    }
}
