//! One simulated client: its end of the connection, what waits on the way in, and all that it was ever sent.

use std::collections::{BTreeSet, VecDeque};
use std::io::IoSlice;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chat_engine::input::Peer;
use chat_model::id::SessionId;
use chat_room::{InFlight, Outbox, Overflow, Waiting};
use chat_wire::{Face, Frame, Framer};

/// How far a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Open,
    /// The server has said its last word.
    Closing,
    Closed,
}

/// Whether there is somebody at the other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    Alive,
    /// It is sent nothing more and sends nothing more, and the server does not know.
    Dead {
        /// By the clock that nobody can set.
        since_ms: i64,
    },
    /// It was dead for so long that the system has noticed.
    GivenUp,
}

/// What a client is sent.
#[derive(Debug, Default)]
struct Sent {
    /// What has arrived.
    bytes: Vec<u8>,
    /// What its network has not taken yet.
    waiting: Waiting,
    /// How much more its network takes; `None` is everything at once.
    takes: Option<usize>,
    /// Nobody is at the other end any more, and what its network takes goes nowhere.
    is_lost: bool,
}

impl Sent {
    fn deliver(&mut self) {
        let count = self.takes.unwrap_or(usize::MAX).min(self.waiting.bytes.len());
        let taken = self.waiting.bytes.drain(..count);
        if self.is_lost {
            drop(taken);
        } else {
            self.bytes.extend(taken);
        }
        self.takes = self.takes.map(|takes| takes - count);
    }
}

/// The way to a client.
#[derive(Debug, Default)]
pub(crate) struct Network {
    sent: Mutex<Sent>,
    pub(crate) in_flight: InFlight,
}

impl Network {
    fn sent(&self) -> MutexGuard<'_, Sent> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Outbox for Network {
    fn send(&self, parts: &[IoSlice<'_>], waiting_bytes_max: usize) -> Result<usize, Overflow> {
        let mut sent = self.sent();
        if sent.waiting.is_closing() {
            return Ok(0);
        }
        parts.iter().for_each(|part| sent.waiting.bytes.extend(&**part));
        sent.deliver();
        let waiting = sent.waiting.bytes.len();
        if waiting > waiting_bytes_max { Err(Overflow) } else { Ok(waiting) }
    }

    fn is_drained(&self, waiting_bytes_max: usize) -> bool {
        self.sent().waiting.is_drained(waiting_bytes_max)
    }

    fn is_empty(&self) -> bool {
        self.sent().waiting.bytes.is_empty()
    }

    fn close(&self) {
        self.sent().waiting.close();
    }

    fn give_up(&self, last_words: &[u8]) {
        self.sent().waiting.give_up(last_words);
    }

    fn in_flight(&self) -> &InFlight {
        &self.in_flight
    }

    /// The world looks for itself who has something to do.
    fn wake(&self) {}
}

#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) name: String,
    pub(crate) id: SessionId,
    pub(crate) face: Face,
    pub(crate) peer: Peer,
    pub(crate) framer: Framer,
    pub(crate) frames: VecDeque<Frame>,
    /// When they began to wait, as the server's tasks have it.
    pub(crate) arrived_ms: i64,
    pub(crate) network: Arc<Network>,
    pub(crate) line: Line,
    /// How much of what it was sent was looked at.
    looked: usize,
    /// Nicknames that it was told are its own, folded.
    pub(crate) names: BTreeSet<String>,
    /// Accounts likewise.
    pub(crate) accounts: BTreeSet<String>,
    pub(crate) link: Link,
    /// Up to where it has looked for questions whether it is there.
    questions_looked: usize,
    /// Whether it may see lines twice, or late: it asked for the past, or became somebody else or another device, which had
    /// missed something.
    pub(crate) sees_twice: bool,
}

impl Client {
    pub(crate) fn new(name: &str, id: SessionId, face: Face, peer: Peer, line_bytes_max: usize) -> Self {
        Self {
            name: name.to_owned(),
            id,
            face,
            peer,
            framer: Framer::new(face, line_bytes_max),
            frames: VecDeque::new(),
            arrived_ms: 0,
            network: Arc::default(),
            line: Line::Open,
            looked: 0,
            link: Link::Alive,
            questions_looked: 0,
            names: BTreeSet::new(),
            accounts: BTreeSet::new(),
            sees_twice: false,
        }
    }

    pub(crate) fn push(&mut self, bytes: &[u8], now_ms: i64) {
        let mut frames = Vec::new();
        self.framer.push(bytes, &mut frames);
        self.keep(frames, now_ms);
    }

    fn keep(&mut self, frames: Vec<Frame>, now_ms: i64) {
        if self.frames.is_empty() {
            self.arrived_ms = now_ms;
        }
        self.frames.extend(frames);
    }

    /// Nothing came for so long. Only where that can end a line, as in the server's tasks.
    pub(crate) fn silence(&mut self, milliseconds: u64, now_ms: i64) {
        if self.framer.silence_ms().is_none_or(|silence_ms| milliseconds < silence_ms) {
            return;
        }
        let mut frames = Vec::new();
        self.framer.silence(&mut frames);
        self.keep(frames, now_ms);
    }

    /// Frames that may go to the engine now.
    pub(crate) fn take_frames(&mut self) -> Vec<Frame> {
        let in_flight = &self.network.in_flight;
        let count = self.frames.len().min(in_flight.room() as usize);
        in_flight.begin(count as u32);
        self.frames.drain(..count).collect()
    }

    /// From now on its network takes so many bytes more and then none; `None` is everything at once.
    pub(crate) fn takes(&self, bytes: Option<usize>) {
        let mut sent = self.network.sent();
        sent.takes = bytes;
        sent.deliver();
    }

    /// Its link is dead from now on.
    pub(crate) fn dies(&mut self, now_ms: i64) {
        self.network.sent().is_lost = true;
        self.link = Link::Dead { since_ms: now_ms };
    }

    /// Whether it is there, and connected.
    pub(crate) fn is_alive(&self) -> bool {
        self.line == Line::Open && self.link == Link::Alive
    }

    /// The tokens with which it was asked since the last look whether it is there.
    pub(crate) fn pings(&mut self) -> Vec<String> {
        let lines = self.lines_since(self.questions_looked);
        self.questions_looked += lines.len();
        let lines = String::from_utf8_lossy(&lines);
        let token = |line: &str| match line.split_once(" PING :") {
            Some((server, token)) if !server.contains(' ') => Some(token.trim_end().to_owned()),
            _ => None,
        };
        lines.lines().filter_map(token).collect()
    }

    /// Whether everything that it was sent is on its way.
    pub(crate) fn has_all(&self) -> bool {
        self.network.sent().waiting.bytes.is_empty()
    }

    /// How many bytes its network has not taken yet.
    #[cfg(test)]
    pub(crate) fn waiting(&self) -> usize {
        self.network.sent().waiting.bytes.len()
    }

    /// Whether the loop is to be told that the client has taken what waited for it.
    pub(crate) fn is_drained(&self) -> bool {
        self.network.sent().waiting.took()
    }

    /// Whether the server has said its last word.
    pub(crate) fn is_closing(&self) -> bool {
        self.network.sent().waiting.is_closing()
    }

    /// All that it was ever sent.
    pub(crate) fn received(&self) -> Vec<u8> {
        self.network.sent().bytes.clone()
    }

    /// The whole lines that it was sent from a byte on.
    pub(crate) fn lines_since(&self, byte: usize) -> Vec<u8> {
        let sent = self.network.sent();
        let new = &sent.bytes[byte..];
        let end = new.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        new[..end].to_vec()
    }

    /// What it was sent since the last look.
    pub(crate) fn look(&mut self) -> Vec<u8> {
        let sent = self.network.sent();
        let from = std::mem::replace(&mut self.looked, sent.bytes.len());
        sent.bytes[from..].to_vec()
    }
}
