//! The server's log: text or JSON on standard error, and the last lines kept for `chat-admin log`.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use chat_wire::clock::rfc3339;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

use crate::config::{Log, LogFormat, LogLevel};
use crate::inbox::{Inbox, Item};

/// Lines kept in memory.
const RING_LINES_MAX: usize = 2000;

/// The last lines, as JSON rows with their line ends.
#[derive(Debug, Default)]
pub(crate) struct Ring {
    lines: Mutex<VecDeque<Arc<str>>>,
    /// Where new lines are told, once there is somebody to tell them to.
    inbox: OnceLock<Inbox>,
}

impl Ring {
    /// From now on new lines are sent to the loop, too.
    pub(crate) fn connect(&self, inbox: Inbox) {
        // Only the first inbox counts, and there is only one.
        let _ = self.inbox.set(inbox);
    }

    /// The newest lines, oldest first.
    pub(crate) fn last(&self, count: usize) -> Vec<Arc<str>> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().skip(lines.len().saturating_sub(count)).cloned().collect()
    }

    fn add(&self, line: Arc<str>) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == RING_LINES_MAX {
            lines.pop_front();
        }
        lines.push_back(line.clone());
        drop(lines);
        if let Some(inbox) = self.inbox.get() {
            // When the loop has more to do than it can, followers miss a line; it is in the ring.
            let _ = inbox.try_send(Item::Logged(line));
        }
    }
}

/// Feeds the ring.
struct RingLayer(Arc<Ring>);

/// The fields of a line as those of its row; the message is the `text`.
struct Fields<'a>(&'a mut Map<String, Value>);

impl Fields<'_> {
    fn insert(&mut self, field: &Field, value: Value) {
        let name = if field.name() == "message" { "text" } else { field.name() };
        self.0.insert(name.to_owned(), value);
    }
}

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.insert(field, format!("{value:?}").into());
    }
    fn record_str(&mut self, field: &Field, value: &str) {
        self.insert(field, value.into());
    }
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.insert(field, value.into());
    }
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.insert(field, value.into());
    }
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.insert(field, value.into());
    }
}

impl<S: Subscriber> Layer<S> for RingLayer {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        let mut row = Map::new();
        event.record(&mut Fields(&mut row));
        // A field that has no value here, such as the account of a guest, is recorded as nothing at all.
        for field in event.fields().filter(|field| field.name() != "message") {
            row.entry(field.name()).or_insert(Value::Null);
        }
        let now = chat_model::id::Time(jiff::Timestamp::now().as_millisecond());
        row.insert("type".into(), "row".into());
        row.insert("time".into(), rfc3339(now).into());
        row.insert("level".into(), event.metadata().level().to_string().to_lowercase().into());
        self.0.add(format!("{}\n", Value::Object(row)).into());
    }
}

/// Begins to log.
pub(crate) fn start(log: Log) -> Arc<Ring> {
    let ring = Arc::new(Ring::default());
    let level = match log.level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    };
    let (text, json) = match log.format {
        LogFormat::Text => {
            let colour = std::io::IsTerminal::is_terminal(&std::io::stderr())
                && std::env::var_os("NO_COLOR").is_none();
            (Some(fmt::layer().with_target(false).with_ansi(colour).with_writer(std::io::stderr)), None)
        }
        LogFormat::Json => (
            None,
            Some(fmt::layer().json().flatten_event(true).with_target(false).with_writer(std::io::stderr)),
        ),
    };
    tracing_subscriber::registry().with(level).with(text).with(json).with(RingLayer(ring.clone())).init();
    ring
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_null_in_the_rows_of_the_log() {
        let ring = Arc::new(Ring::default());
        let subscriber = tracing_subscriber::registry().with(RingLayer(ring.clone()));
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!(nick = "alice", account = None::<&str>, online = 1, "came");
        });
        let lines = ring.last(9);
        let mut row: Map<String, Value> = serde_json::from_str(&lines[0]).expect("an object");
        row.remove("time");
        let expected = serde_json::json!({
            "type": "row", "level": "info", "text": "came", "nick": "alice", "account": null, "online": 1,
        });
        assert_eq!(Value::Object(row), expected);
    }
}
