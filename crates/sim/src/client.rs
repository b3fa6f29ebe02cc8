//! One simulated client: both halves of its connection, what waits on the way in, and all that it was ever sent.

use std::collections::{BTreeSet, VecDeque};

use chat_engine::input::Peer;
use chat_model::id::SessionId;
use chat_wire::{Face, Frame, Framer, Session, Viewer};

/// Calls of a registered client that may be under way at once; before that it is one.
const CALLS_UNDER_WAY_MAX: u32 = 256;

/// How far a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Open,
    /// The server has said its last word.
    Closing,
    Closed,
}

#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) name: String,
    pub(crate) id: SessionId,
    pub(crate) face: Face,
    pub(crate) peer: Peer,
    pub(crate) guest: bool,
    pub(crate) framer: Framer,
    /// Made when the engine loop hears of the connection.
    pub(crate) session: Option<Session>,
    pub(crate) viewer: Option<Viewer>,
    pub(crate) frames: VecDeque<Frame>,
    pub(crate) under_way: u32,
    pub(crate) handled: u32,
    pub(crate) registered: bool,
    /// What was published while the past is being read.
    pub(crate) held: Option<Vec<u8>>,
    pub(crate) line: Line,
    /// All that was ever sent to it.
    pub(crate) out: Vec<u8>,
    /// How much of that was looked at.
    pub(crate) looked: usize,
    /// Nicknames and accounts that it was told are its own, folded.
    pub(crate) names: BTreeSet<String>,
    /// Whether it was shown the past because it asked for it, so that lines may come twice.
    pub(crate) asked_past: bool,
}

impl Client {
    pub(crate) fn new(
        name: &str,
        id: SessionId,
        face: Face,
        guest: bool,
        peer: Peer,
        line_bytes_max: usize,
    ) -> Self {
        Self {
            name: name.to_owned(),
            id,
            face,
            peer,
            guest,
            framer: Framer::new(face, line_bytes_max),
            session: None,
            viewer: None,
            frames: VecDeque::new(),
            under_way: 0,
            handled: 0,
            registered: false,
            held: None,
            line: Line::Open,
            out: Vec::new(),
            looked: 0,
            names: BTreeSet::new(),
            asked_past: false,
        }
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        let mut frames = Vec::new();
        self.framer.push(bytes, &mut frames);
        self.frames.extend(frames);
    }

    /// Nothing came for a while.
    pub(crate) fn silence(&mut self) {
        let mut frames = Vec::new();
        self.framer.silence(&mut frames);
        self.frames.extend(frames);
    }

    /// Frames that may go to the engine now.
    pub(crate) fn take_frames(&mut self) -> Vec<Frame> {
        let max = if self.registered { CALLS_UNDER_WAY_MAX } else { 1 };
        let room = max.saturating_sub(self.under_way) as usize;
        let count = self.frames.len().min(room);
        self.under_way += count as u32;
        self.frames.drain(..count).collect()
    }

    pub(crate) fn say(&mut self, bytes: &[u8]) {
        if self.line == Line::Open {
            self.out.extend_from_slice(bytes);
        }
    }

    /// What it was sent since the last look.
    pub(crate) fn look(&mut self) -> &[u8] {
        let from = std::mem::replace(&mut self.looked, self.out.len());
        &self.out[from..]
    }
}
