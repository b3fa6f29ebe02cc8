//! Numbers for Prometheus, at `http://ADDRESS/metrics`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tracing::{debug, warn};

use crate::listen::ACCEPT_PAUSE;

/// Scrapers that are answered at once; others wait.
const SCRAPERS_MAX: usize = 8;
/// How long a scraper may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest request that is read.
const REQUEST_BYTES_MAX: usize = 4096;

/// What is counted. The loop counts, and a scraper reads, at the same time.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    pub(crate) connections: Gauge,
    pub(crate) users: Gauge,
    pub(crate) channels: Gauge,
    pub(crate) storage: Gauge,
    pub(crate) damaged: Gauge,
    pub(crate) clock_suspect: Gauge,
    pub(crate) clock_steps: Counter,
    pub(crate) messages: Counter,
    /// By their codes: what met which limit among them.
    pub(crate) refusals: Family<[(&'static str, &'static str); 1], Counter>,
    /// By why.
    pub(crate) closed: Family<[(&'static str, &'static str); 1], Counter>,
    /// By the key of the limit.
    pub(crate) turned_away: Family<[(&'static str, &'static str); 1], Counter>,
    pub(crate) held: Counter,
    pub(crate) expired_channels: Counter,
    pub(crate) commits: Histogram,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut this = Self {
            registry: Registry::with_prefix("chat"),
            connections: Gauge::default(),
            users: Gauge::default(),
            channels: Gauge::default(),
            storage: Gauge::default(),
            damaged: Gauge::default(),
            clock_suspect: Gauge::default(),
            clock_steps: Counter::default(),
            messages: Counter::default(),
            refusals: Family::default(),
            closed: Family::default(),
            turned_away: Family::default(),
            held: Counter::default(),
            expired_channels: Counter::default(),
            commits: Histogram::new(exponential_buckets(0.000_125, 2.0, 14)),
        };
        this.storage.set(1);
        let registry = &mut this.registry;
        registry.register("connections", "Open connections", this.connections.clone());
        registry.register("users", "Users that are on", this.users.clone());
        registry.register("channels", "Channels", this.channels.clone());
        registry.register("storage_available", "1 while messages can be stored", this.storage.clone());
        registry.register(
            "database_damaged",
            "1 after damage was found in the database",
            this.damaged.clone(),
        );
        registry.register(
            "clock_suspect",
            "1 while nothing is deleted by the clock, because it was set",
            this.clock_suspect.clone(),
        );
        registry.register("clock_steps", "Times that the clock was set", this.clock_steps.clone());
        registry.register("messages", "Messages stored", this.messages.clone());
        registry.register("refusals", "Calls refused, by the code that says why", this.refusals.clone());
        registry.register("connections_closed", "Connections that ended, by why", this.closed.clone());
        registry.register(
            "connections_refused",
            "Connections refused, by the limit that they met",
            this.turned_away.clone(),
        );
        registry.register(
            "address_pauses",
            "Times that a client had to wait because of what its address sends",
            this.held.clone(),
        );
        registry.register(
            "channels_expired",
            "Channels that ended because nobody used them",
            this.expired_channels.clone(),
        );
        registry.register("commit_seconds", "Time until a batch is on the disk", this.commits.clone());
        this
    }

    fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

/// Binds the port.
///
/// # Errors
/// One line that names the address and says what to do.
pub(crate) async fn bind(address: SocketAddr) -> Result<TcpListener, String> {
    let busy = |error| format!("cannot listen on {address}: {error}; choose another address under [metrics]");
    TcpListener::bind(address).await.map_err(busy)
}

/// Answers scrapers for as long as the server runs.
pub(crate) async fn serve(listener: TcpListener, metrics: Arc<Metrics>) {
    let permits = Arc::new(Semaphore::new(SCRAPERS_MAX));
    // The semaphore is never closed.
    while let Ok(permit) = permits.clone().acquire_owned().await {
        match listener.accept().await {
            Ok((stream, _)) => {
                let metrics = metrics.clone();
                tokio::spawn(async move {
                    let _permit = permit;
                    if !matches!(timeout(PATIENCE, answer(stream, &metrics)).await, Ok(Ok(()))) {
                        debug!("a scraper went away before it was answered");
                    }
                });
            }
            Err(error) => {
                warn!(%error, "a scraper's connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn answer(mut stream: TcpStream, metrics: &Metrics) -> std::io::Result<()> {
    let mut request = Vec::new();
    let mut buffer = [0; 1024];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") && request.len() < REQUEST_BYTES_MAX {
        match stream.read(&mut buffer).await? {
            0 => break,
            count => request.extend_from_slice(&buffer[..count]),
        }
    }
    let known = request.starts_with(b"GET /metrics ") || request.starts_with(b"GET / ");
    let (status, body) = match known {
        true => ("200 OK", metrics.text()),
        false => ("404 Not Found", "There is only /metrics here.\n".to_owned()),
    };
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    stream.shutdown().await
}

#[cfg(test)]
mod tests {
    use super::Metrics;

    #[test]
    fn every_number_is_in_the_book_for_operators() {
        let book = include_str!("../../../docs/operators.md");
        let metrics = Metrics::new();
        // A family without members is not in the text.
        for family in [&metrics.refusals, &metrics.closed, &metrics.turned_away] {
            drop(family.get_or_create(&[("why", "test")]));
        }
        let text = metrics.text();
        let names = text.lines().filter_map(|line| line.strip_prefix("# HELP ")?.split(' ').next());
        let missing: Vec<&str> = names.filter(|name| !book.contains(&format!("`{name}`"))).collect();
        assert!(missing.is_empty(), "docs/operators.md says nothing of {missing:?}");
    }
}
