//! The first promise: what anyone has seen survives SIGKILL, once, whole, in the order they saw it.

use crate::harness::{IrcClient, IrcLine, JsonClient, Server, admin};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const CAPABILITIES: &str = "echo-message server-time message-tags batch draft/chathistory";
const ROOM: &str = "#lobby";
const SENDERS: usize = 4;
const RECEIVERS: usize = 3;
/// Messages that a sender sends before it waits for their echoes.
const BURST: usize = 16;
/// The longest that a server lives under load.
const LIFE_MS_MAX: u64 = 1000;
/// The most messages that the clients together see of such a life.
const DELIVERIES_MAX: u64 = 10_000;

/// How often a list that changes is looked at.
const LOOKS_MAX: usize = 100;

/// A message as a client or the history has it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Seen {
    id: String,
    time: String,
    nick: String,
    text: String,
}

impl Seen {
    fn of(line: &IrcLine) -> Option<Self> {
        let spoken = line.command == "PRIVMSG" && line.words.first().is_some_and(|target| target == ROOM);
        let tag = |key| line.tag(key).unwrap_or_else(|| panic!("no {key} on {line:?}")).to_owned();
        let nick = line.source.split('!').next().unwrap_or_default().to_owned();
        spoken.then(|| Self { id: tag("msgid"), time: tag("time"), nick, text: line.text().to_owned() })
    }

    fn of_json(object: &Value) -> Option<Self> {
        (object["type"] == "broadcast").then(|| Self::of_fields(object, "from"))
    }

    fn of_fields(object: &Value, nick: &str) -> Self {
        let field =
            |key: &str| object[key].as_str().unwrap_or_else(|| panic!("no {key} in {object}")).to_owned();
        Self { id: field("id"), time: field("time"), nick: field(nick), text: field("text") }
    }
}

/// `CHAT_CRASH_ROUNDS` asks for more rounds, `CHAT_CRASH_SEED` repeats a run that failed.
#[test]
fn what_anyone_saw_survives_sigkill() {
    let rounds = number_from("CHAT_CRASH_ROUNDS").unwrap_or(20);
    let seed = number_from("CHAT_CRASH_SEED").unwrap_or_else(from_clock);
    // Shown only when the test fails.
    println!("to repeat: CHAT_CRASH_SEED={seed} CHAT_CRASH_ROUNDS={rounds}");
    let mut random = Random(seed | 1);
    let mut server = Server::start();
    let mut history: Vec<Seen> = Vec::new();
    for round in 0..rounds {
        println!("round {round}");
        let known = history.len();
        let everyone = kill_under_load(&mut server, round, &mut random);
        server.start_again();
        extend(&mut history, server.irc());
        for seen in &everyone {
            check_seen(seen, &history);
        }
        check_senders(&history[known..]);
    }
    check_unique(&history);
    check_admin(&server, &history);
}

/// Who closes a SQLite database last deletes its log. Other programs see by the server's lock that they are not the
/// last, and a process loses its locks when it closes the file by any way but SQLite's own.
#[test]
#[cfg(target_os = "linux")]
fn other_programs_can_see_that_the_server_uses_its_file() {
    let server = Server::start();
    let mut alice = IrcClient::guest(server.irc(), "alice", CAPABILITIES);
    alice.send(&format!("PRIVMSG {ROOM} :stored, and read again"));
    let mut history = Vec::new();
    extend(&mut history, server.irc());
    assert_eq!(history.len(), 1);
    let database = std::fs::metadata(server.data_dir().join("chat.db")).expect("it is there");
    let (pid, inode) = (server.pid().to_string(), std::os::unix::fs::MetadataExt::ino(&database).to_string());
    // "1: POSIX ADVISORY READ pid major:minor:inode first last", proc_locks(5)
    let is_ours = |line: &str| {
        let words: Vec<_> = line.split_whitespace().collect();
        words.get(4) == Some(&&*pid)
            && words.get(5).is_some_and(|file| file.rsplit(':').next() == Some(&inode))
    };
    // The list is read in pieces. When other locks go in between, lines are skipped; but not the same ones for ever.
    let is_locked = (0..LOOKS_MAX).any(|_| {
        let locks = std::fs::read_to_string("/proc/locks").expect("Linux tells of locks");
        locks.lines().any(is_ours)
    });
    assert!(is_locked, "no lock of {pid} on {inode}");
}

/// One life of the server: what each client saw of it until it was killed.
fn kill_under_load(server: &mut Server, round: u64, random: &mut Random) -> Vec<Vec<Seen>> {
    // Every other time a client kills it, at once on seeing some message: what was shown too early is not yet
    // stored then, and that takes the server less than a millisecond.
    let fatal = if round.is_multiple_of(2) { 1 + random.next() % DELIVERIES_MAX } else { u64::MAX };
    let deliveries = Arc::new(Deliveries { seen: AtomicU64::new(0), fatal, server: server.pid() });
    let clients: Vec<_> = (0..SENDERS + RECEIVERS)
        .map(|index| if index < SENDERS { format!("sender{index}") } else { format!("receiver{index}") })
        .map(|nick| IrcClient::guest(server.irc(), &nick, CAPABILITIES))
        .collect();
    let mut script = JsonClient::login(server.json(), "script", None);
    let counted = Arc::clone(&deliveries);
    let script = thread::spawn(move || {
        let objects = std::iter::from_fn(|| script.next());
        objects.filter_map(|object| Seen::of_json(&object)).inspect(|_| counted.count()).collect()
    });
    let mut threads: Vec<_> = clients
        .into_iter()
        .enumerate()
        .map(|(index, client)| watch(client, (index < SENDERS).then_some(round), &deliveries))
        .collect();
    threads.push(script);
    if fatal == u64::MAX {
        while deliveries.seen.load(Ordering::Relaxed) == 0 {
            thread::yield_now();
        }
        // The moment is what this test is about: any, once the load has begun.
        thread::sleep(Duration::from_micros(random.next() % (LIFE_MS_MAX * 1000)));
        server.kill();
    }
    let seen = threads.into_iter().map(|thread| thread.join().expect("a client saw nothing wrong")).collect();
    server.kill();
    seen
}

/// Counts what all clients see.
struct Deliveries {
    seen: AtomicU64,
    /// The one on which the server is killed.
    fatal: u64,
    server: u32,
}

impl Deliveries {
    fn count(&self) {
        if self.seen.fetch_add(1, Ordering::Relaxed) + 1 == self.fatal {
            let server = i32::try_from(self.server).ok().and_then(Pid::from_raw);
            let server = server.expect("the id of a running process is valid");
            kill_process(server, Signal::KILL).expect("the server is ours, and not waited for before");
        }
    }
}

/// Reads, and with a round also sends, until the connection ends.
fn watch(mut client: IrcClient, round: Option<u64>, deliveries: &Arc<Deliveries>) -> JoinHandle<Vec<Seen>> {
    let deliveries = Arc::clone(deliveries);
    thread::spawn(move || {
        let mut seen = Vec::new();
        let mut sent = 0;
        let mut confirmed = 0;
        loop {
            if let Some(round) = round
                && sent == confirmed
            {
                send_burst(&mut client, round, sent);
                sent += BURST;
            }
            let Some(line) = client.next() else { return seen };
            if let Some(message) = Seen::of(&line) {
                deliveries.count();
                confirmed += usize::from(message.nick == client.nick);
                seen.push(message);
            }
        }
    })
}

fn send_burst(client: &mut IrcClient, round: u64, first: usize) {
    let padding = "ü".repeat(first % 100);
    let lines: Vec<String> = (first..first + BURST)
        .map(|number| format!("PRIVMSG {ROOM} :{round} {} {number} {padding}.", client.nick))
        .collect();
    client.send(&lines.join("\r\n"));
}

/// Adds what is new in the history.
fn extend(history: &mut Vec<Seen>, address: SocketAddr) {
    let mut reader = IrcClient::guest(address, "reader", CAPABILITIES);
    let last = history.last().map(|message| message.id.clone());
    let page = reader.whole_history(ROOM, last.as_deref());
    history.extend(page.iter().filter_map(Seen::of));
}

/// Nothing that a client saw is missing, doubled, changed or out of order: from its first message to its last,
/// it saw just what the history has.
fn check_seen(seen: &[Seen], history: &[Seen]) {
    let Some(first) = seen.first() else { return };
    let start = history.iter().rposition(|message| message.id == first.id);
    let start = start.unwrap_or_else(|| panic!("{first:?} was seen and is not in the history"));
    for (index, message) in seen.iter().enumerate() {
        let stored = history.get(start + index);
        assert_eq!(stored, Some(message), "the message that was seen (right) is not what was stored (left)");
    }
}

/// Of each sender the history has the messages in the order sent, with none left out.
fn check_senders(round: &[Seen]) {
    for sender in (0..SENDERS).map(|index| format!("sender{index}")) {
        let of_sender = round.iter().filter(|message| message.nick == sender);
        for (expected, message) in of_sender.enumerate() {
            let number = message.text.split(' ').nth(2);
            assert_eq!(number, Some(expected.to_string().as_str()), "{sender} sent them in order");
            assert!(message.text.ends_with('.'), "{message:?} is whole");
        }
    }
}

fn check_unique(history: &[Seen]) {
    let ids: HashSet<_> = history.iter().map(|message| &message.id).collect();
    let texts: HashSet<_> = history.iter().map(|message| &message.text).collect();
    assert_eq!((ids.len(), texts.len()), (history.len(), history.len()), "nothing is stored twice");
}

/// The administrator reads the same from the shell.
fn check_admin(server: &Server, history: &[Seen]) {
    let count = (history.len() + 1).to_string();
    let finished = admin(server, &["history", ROOM, "--json", "-n", &count]).expect_status(0);
    let rows: Vec<Seen> = finished.rows().iter().map(|row| Seen::of_fields(row, "nick")).collect();
    assert_eq!(rows.len(), history.len());
    for (row, message) in rows.iter().zip(history) {
        assert_eq!(row, message);
    }
}

fn number_from(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} must be a number, and is {text}")))
}

fn from_clock() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970");
    since.subsec_nanos().into()
}

/// Marsaglia's xorshift64: enough to choose moments, and the same everywhere for a seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}
