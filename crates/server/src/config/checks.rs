//! What can be wrong with a configuration, in sentences that name the key and say what to do.

use std::collections::BTreeSet;

use chat_model::limits::SERVER_BYTES_MAX;

use super::file::{LimitsTable, Listen, OperatorTable, Protocol, Server};
use super::keys::{KEYS, Key, Range};
use super::units::{Duration, Size};

/// The parser's words on one line, with the line number and the key that stands there. The rest of that line is left
/// out: it may be a password.
pub(super) fn describe(error: &toml::de::Error) -> String {
    let text = error.to_string();
    let mut lines = text.lines();
    let position = lines.next().unwrap_or_default().trim_start_matches("TOML parse error at ").to_owned();
    let what = text.lines().last().unwrap_or_default().to_owned();
    let source = lines.find_map(|line| line.split_once(" | "));
    let key = source.and_then(|(_, line)| line.split_once('=')).map(|(key, _)| key.trim());
    match key.filter(|key| KEYS.iter().any(|known| known.name == *key)) {
        Some(key) => format!("{position}: {key}: {what}"),
        None if position == what => what,
        None => format!("{position}: {what}"),
    }
}

pub(super) fn check_keys(table: &toml::Table) -> Result<(), String> {
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
        for (key, value) in rows.into_iter().flatten() {
            let under = format!(" under [{name}]");
            match KEYS.iter().find(|row| row.table.trim_matches(['[', ']']) == name && row.name == key) {
                Some(row) => check_range(row, value)?,
                None => return Err(unknown("key", key, &under, known())),
            }
        }
    }
    Ok(())
}

/// Whether a value is neither below its floor nor above its ceiling. One of another type is told of by the parser, which
/// knows the line.
fn check_range(key: &Key, value: &toml::Value) -> Result<(), String> {
    let text = value.as_str().unwrap_or_default();
    let (floor, ceiling, fits) = match key.range {
        Range::Any => return Ok(()),
        Range::Count(floor, ceiling) => {
            let fits =
                value.as_integer().is_none_or(|n| (i64::from(floor)..=i64::from(ceiling)).contains(&n));
            (floor.to_string(), ceiling.to_string(), fits)
        }
        Range::Size(floor, ceiling) => {
            let fits = match (text.parse::<Size>(), floor.parse::<Size>(), ceiling.parse::<Size>()) {
                (Ok(size), Ok(floor), Ok(ceiling)) => (floor.0..=ceiling.0).contains(&size.0),
                _ => true,
            };
            (floor.to_owned(), ceiling.to_owned(), fits)
        }
        Range::Length(floor, ceiling) => {
            let fits = match (text.parse::<Duration>(), floor.parse(), ceiling.parse()) {
                (Ok(length), Ok(floor), Ok(ceiling)) => length.is_within(floor, ceiling),
                _ => true,
            };
            (floor.to_owned(), ceiling.to_owned(), fits)
        }
    };
    if fits {
        return Ok(());
    }
    let shown = value.as_integer().map_or_else(|| format!("{text:?}"), |number| number.to_string());
    let (name, table) = (key.name, key.table);
    Err(format!("{name} under [{table}] is {shown}: it must be at least {floor} and at most {ceiling}"))
}

/// How many of the longest lines a send queue must hold: what one person says must not close another's connection.
const LINES_IN_SEND_QUEUE_MIN: usize = 4;

pub(super) fn check_limits(limits: &LimitsTable) -> Result<(), String> {
    if limits.send_queue.0 < limits.line.0.saturating_mul(LINES_IN_SEND_QUEUE_MIN) {
        return Err(format!(
            "send_queue under [limits] is {} bytes: it must be at least {LINES_IN_SEND_QUEUE_MIN} times line, \
             which is {} bytes",
            limits.send_queue.0, limits.line.0
        ));
    }
    Ok(())
}

fn unknown<'a>(what: &str, name: &str, under: &str, known: impl Iterator<Item = &'a str>) -> String {
    let nearest = known.min_by_key(|known| strsim::damerau_levenshtein(known, name)).unwrap_or_default();
    format!("unknown {what} {name:?}{under}: did you mean {nearest:?}?")
}

pub(super) fn check_server(server: &Server) -> Result<(), String> {
    let name_fits = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    if !server.name.contains('.')
        || !server.name.chars().all(name_fits)
        || server.name.len() > SERVER_BYTES_MAX
    {
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

pub(super) fn check_listeners(listeners: &[Listen], lobby: bool) -> Result<(), String> {
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

pub(super) fn check_operators(operators: &[OperatorTable]) -> Result<(), String> {
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

pub(super) fn not_an_address(key: &str, address: &str) -> String {
    format!("{key} is {address:?}: it must be an IP address and a port, such as 127.0.0.1:9100")
}
