//! Starts everything, waits for a signal, stops everything.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chat_room::Room;
use chat_store::Store;
use chat_wire::Contexts;
use jiff::tz::TimeZone;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};
use tracing::{error, info, warn};

use crate::Failure;
use crate::admin_port::AdminPort;
use crate::asks::Asks;
use crate::cli::Cli;
use crate::clock;
use crate::config::{Config, Protocol};
use crate::damage;
use crate::inbox::{INBOX_ITEMS_MAX, Inbox, Item};
use crate::listen::{Door, Port};
use crate::lock;
use crate::logs;
use crate::metrics::{self, Metrics};
use crate::private;
use crate::reload;
use crate::shell::{self, Shell};
use crate::signals::Signals;
use crate::slots::Slots;
use crate::tls;

/// How long clients may take to close their ends, all together. What is in the sockets by then still leaves; what is not,
/// whoever has an account is shown when it comes again.
const STOP_PATIENCE: Duration = Duration::from_millis(250);

/// Runs the server until it is told to stop.
pub(crate) fn serve(cli: &Cli, config: Config) -> Result<(), Failure> {
    let runtime_ = Runtime::new().map_err(runtime)?;
    let signals = runtime_.block_on(async { Signals::new() }).map_err(runtime)?;
    let ring = logs::start(config.log);
    raise_descriptors();
    let _lock = lock::take(&config.data_dir).map_err(Failure::Runtime)?;
    private::keep(&config.data_dir);
    let database = config.database();
    let store = Store::open(&database).map_err(runtime)?;
    let (inbox, receiver) = mpsc::channel(INBOX_ITEMS_MAX);
    let metrics = Arc::new(Metrics::new());
    let asks =
        Asks::new(runtime_.handle().clone(), inbox.clone(), &database, metrics.clone()).map_err(runtime)?;
    let slots = Arc::new(Slots::new(metrics.held.clone()));
    let contexts = Contexts::new(&reload::context(&config, TimeZone::system()));
    let ports = runtime_.block_on(bind(&config)).map_err(Failure::Runtime)?;
    ring.connect(inbox.clone());
    damage::look_for(&database, metrics.clone()).map_err(runtime)?;
    let limits = Arc::new(RwLock::new(Arc::new(config.settings.limits.clone())));
    let door = Door {
        inbox: inbox.clone(),
        slots: slots.clone(),
        metrics: metrics.clone(),
        limits,
        context: Arc::new(contexts.clone()),
    };
    let shell = Shell { asks, slots, ring, metrics: metrics.clone(), data_dir: config.data_dir.clone() };
    let room = Room::start(store, config.of_room(contexts), shell, clock::now()).map_err(runtime)?;
    let engine = std::thread::Builder::new()
        .name("engine".into())
        .spawn(move || shell::run(room, receiver))
        .map_err(runtime)?;
    let result = runtime_.block_on(run(cli, config, ports, door, signals));
    if result.is_err() {
        // The loop would wait for ever for somebody who tells it to stop.
        runtime_.block_on(stop(&inbox));
    }
    let store =
        engine.join().map_err(|_| Failure::Runtime("the engine failed; what was shown is stored".into()))?;
    store.close().map_err(runtime)?;
    info!("stopped");
    result
}

fn runtime(error: impl std::fmt::Display) -> Failure {
    Failure::Runtime(error.to_string())
}

struct Ports {
    tcp: Vec<Port>,
    admin: AdminPort,
    metrics: Option<TcpListener>,
}

async fn bind(config: &Config) -> Result<Ports, String> {
    let mut tcp = Vec::new();
    for listen in &config.listen {
        tcp.push(Port::bind(listen).await?);
    }
    let admin = AdminPort::bind(&config.admin_socket)?;
    let metrics = match config.metrics {
        Some(address) => Some(metrics::bind(address).await?),
        None => None,
    };
    Ok(Ports { tcp, admin, metrics })
}

async fn run(
    cli: &Cli,
    mut config: Config,
    ports: Ports,
    door: Door,
    mut signals: Signals,
) -> Result<(), Failure> {
    let metrics = door.metrics.clone();
    let (inbox, limits, context) = (door.inbox.clone(), door.limits.clone(), door.context.clone());
    announce(cli, &config, &ports).map_err(runtime)?;
    let certificates: Vec<_> = ports.tcp.iter().filter_map(Port::tls).collect();
    let mut listeners = JoinSet::new();
    for port in ports.tcp {
        listeners.spawn(port.accept(door.clone()));
    }
    let mut admin_socket = ports.admin.name();
    listeners.spawn(ports.admin.accept(door.clone()));
    if let Some(listener) = ports.metrics {
        listeners.spawn(metrics::serve(listener, metrics));
    }
    let mut ticks = interval(Duration::from_secs(1));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = signals.terminate.recv() => break,
            _ = signals.interrupt.recv() => break,
            _ = signals.hangup.recv() => {
                config = read_again(cli, config, &certificates, &context, &inbox).await;
                let new = Arc::new(config.settings.limits.clone());
                *limits.write().unwrap_or_else(PoisonError::into_inner) = new;
                if !admin_socket.is_there()
                    && let Some(port) = bind_again(&config.admin_socket)
                {
                    admin_socket = port.name();
                    listeners.spawn(port.accept(door.clone()));
                }
            }
            _ = ticks.tick() => {
                if inbox.send(Item::Tick).await.is_err() {
                    return Err(Failure::Runtime("the engine has failed".into()));
                }
            }
        }
    }
    info!("stopping");
    listeners.shutdown().await;
    stop(&inbox).await;
    admin_socket.remove();
    Ok(())
}

/// Makes a socket again whose name somebody has taken away.
fn bind_again(path: &Path) -> Option<AdminPort> {
    match AdminPort::bind(path) {
        Ok(port) => {
            warn!(socket = %path.display(), "the admin socket was gone, and was made again");
            Some(port)
        }
        Err(problem) => {
            error!(problem, "the admin socket is gone, and could not be made again");
            None
        }
    }
}

/// Takes as many descriptors as the system gives: each connection is one, and what shells give by themselves is little.
fn raise_descriptors() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        warn!(?current, ?maximum, %error, "there may be no more open files than there may be now");
    }
}

async fn stop(inbox: &Inbox) {
    // A loop that has ended on its own has nobody left to tell.
    let _ = inbox.send(Item::Stop).await;
    if tokio::time::timeout(STOP_PATIENCE, inbox.closed()).await.is_err() {
        let _ = inbox.send(Item::Exit).await;
    }
}

async fn read_again(
    cli: &Cli,
    old: Config,
    certificates: &[tls::Shared],
    context: &Contexts,
    inbox: &Inbox,
) -> Config {
    for certificate in certificates {
        if let Err(problem) = certificate.reload() {
            warn!(problem, "the old certificate stays in use");
        }
    }
    match Config::load(cli.config.as_deref(), cli.data_dir.as_deref()) {
        Ok(new) => reload::reload(&old, new, context, inbox).await,
        Err(problem) => {
            error!(%problem, "the configuration was not read again; the old one stays");
            old
        }
    }
}

/// Says where the server listens, and what to type next.
fn announce(cli: &Cli, config: &Config, ports: &Ports) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for port in &ports.tcp {
        let listen = port.listen();
        let websocket = if listen.websocket { " over WebSocket" } else { "" };
        let tls = if listen.tls.is_some() { " with TLS" } else { "" };
        writeln!(out, "listening {} {}{websocket}{tls}", listen.protocol.name(), port.address()?)?;
    }
    if let Some(listener) = &ports.metrics {
        writeln!(out, "listening metrics {}", listener.local_addr()?)?;
    }
    writeln!(out, "listening admin {}", config.admin_socket.display())?;
    if cli.config.is_none() {
        hint(&mut out, ports)?;
    }
    writeln!(out, "ready")?;
    out.flush()
}

fn hint(out: &mut impl Write, ports: &Ports) -> std::io::Result<()> {
    writeln!(out, "\nTo come in, in another terminal:")?;
    for port in &ports.tcp {
        let address = port.address()?;
        let (host, number) = (address.ip(), address.port());
        match port.listen().protocol {
            Protocol::Irc => {
                writeln!(out, "  chat-client {address}")?;
                writeln!(out, "  irssi -c {host} -p {number}    (or any other IRC client)")?;
            }
            Protocol::Plain => writeln!(out, "  nc {host} {number}")?,
            Protocol::Json => {}
        }
    }
    writeln!(out, "To look after it: chat-admin list, chat-admin --help. To stop it: Ctrl-C.\n")
}
