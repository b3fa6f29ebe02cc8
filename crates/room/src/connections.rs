//! The engine loop's side of every connection, and what a batch has to tell each of them.
//!
//! What a batch says is written into a few long buffers, one for each kind of viewer and one for what is said to single
//! sessions. A connection keeps only ranges of them, so telling a hundred sessions the same costs a hundred pairs of
//! numbers.

use std::io::IoSlice;
use std::net::IpAddr;
use std::sync::Arc;

use chat_model::Text;
use chat_model::event::Event;
use chat_model::id::{SessionId, Time};
use chat_model::reply::Reply;
use chat_wire::{Context, Session, Viewer};
use smallvec::SmallVec;

use crate::shell::Outbox;

/// A range of one of the buffers.
#[derive(Clone, Copy, Debug)]
struct Part {
    buffer: u32,
    start: u32,
    end: u32,
}

/// The buffer for what is said to single sessions.
const PERSONAL: u32 = 0;

#[derive(Debug)]
pub(crate) struct Connection<O> {
    id: SessionId,
    pub(crate) outbox: Arc<O>,
    /// Where it is from; `None` is a unix socket.
    pub(crate) address: Option<IpAddr>,
    pub(crate) face: Session,
    kind: u32,
    parts: SmallVec<[Part; 2]>,
    /// What it would have been told while the past is being read.
    held: Option<Vec<u8>>,
    handled: u32,
    /// Bytes that this batch has said to this session alone.
    said_bytes: usize,
    noted: bool,
    /// Shows the server's own log as it grows.
    pub(crate) follows_log: bool,
}

/// Those who are shown the same bytes.
#[derive(Debug)]
struct Kind {
    viewer: Viewer,
    connections: usize,
}

/// All connections, by slot.
#[derive(Debug)]
pub(crate) struct Connections<O> {
    slots: Vec<Option<Connection<O>>>,
    taken: usize,
    kinds: Vec<Kind>,
    /// [`PERSONAL`], and one for each kind after it.
    buffers: Vec<Vec<u8>>,
    /// Slots with something to say or to do.
    noted: Vec<usize>,
    /// Where the event at hand was encoded, by kind.
    encoded: Vec<Option<Part>>,
    /// What one batch may say to one session alone: as much as may wait for it.
    said_bytes_max: usize,
}

impl<O: Outbox> Connections<O> {
    pub(crate) fn new(waiting_bytes_max: usize) -> Self {
        Self {
            slots: Vec::new(),
            taken: 0,
            kinds: Vec::new(),
            buffers: vec![Vec::new()],
            noted: Vec::new(),
            encoded: Vec::new(),
            said_bytes_max: waiting_bytes_max,
        }
    }

    pub(crate) fn insert(&mut self, id: SessionId, outbox: Arc<O>, address: Option<IpAddr>, face: Session) {
        let slot = id.slot();
        if self.slots.len() <= slot {
            self.slots.resize_with(slot + 1, || None);
        }
        let kind = self.kind(face.viewer());
        let parts = SmallVec::new();
        let connection = Connection {
            id,
            outbox,
            address,
            face,
            kind,
            parts,
            held: None,
            handled: 0,
            said_bytes: 0,
            noted: false,
            follows_log: false,
        };
        self.slots[slot] = Some(connection);
        self.taken += 1;
    }

    pub(crate) fn remove(&mut self, id: SessionId) -> Option<Connection<O>> {
        let kind = self.get(id)?.kind;
        self.kinds[kind as usize].connections -= 1;
        self.taken -= 1;
        self.slots[id.slot()].take()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.taken == 0
    }

    pub(crate) fn get(&mut self, id: SessionId) -> Option<&mut Connection<O>> {
        self.slots.get_mut(id.slot())?.as_mut().filter(|connection| connection.id == id)
    }

    /// Whether what a session is told waits until it has been told of the past.
    pub(crate) fn holds(&self, id: SessionId) -> bool {
        let connection = self.slots.get(id.slot()).and_then(Option::as_ref);
        connection.is_some_and(|connection| connection.id == id && connection.held.is_some())
    }

    pub(crate) fn all(&mut self) -> impl Iterator<Item = &mut Connection<O>> {
        self.slots.iter_mut().flatten()
    }

    /// The kind of one more connection. There are never more kinds than connections, however often clients change their
    /// minds.
    fn kind(&mut self, viewer: Viewer) -> u32 {
        let same = self.kinds.iter().position(|kind| kind.viewer == viewer);
        let known = same.or_else(|| self.kinds.iter().position(|kind| kind.connections == 0));
        let index = known.unwrap_or_else(|| {
            self.kinds.push(Kind { viewer, connections: 0 });
            self.buffers.push(Vec::new());
            self.kinds.len() - 1
        });
        let kind = &mut self.kinds[index];
        (kind.viewer, kind.connections) = (viewer, kind.connections + 1);
        index as u32
    }

    /// From now on a session is told things in this way.
    pub(crate) fn view_as(&mut self, id: SessionId, view: u32) {
        let Some(connection) = self.get(id) else { return };
        connection.face.view_as(view);
        let (old, viewer) = (connection.kind, connection.face.viewer());
        self.kinds[old as usize].connections -= 1;
        let kind = self.kind(viewer);
        if let Some(connection) = self.get(id) {
            connection.kind = kind;
        }
    }

    /// Shows an event to sessions, encoded once for each kind of viewer among them.
    pub(crate) fn publish(
        &mut self,
        to: &[SessionId],
        except: Option<SessionId>,
        event: &Event,
        cx: &Context,
    ) {
        self.encoded.clear();
        self.encoded.resize(self.kinds.len(), None);
        for id in to {
            if Some(*id) == except {
                continue;
            }
            let Some(connection) = self.slots.get_mut(id.slot()).and_then(Option::as_mut) else { continue };
            if connection.id != *id {
                continue;
            }
            let kind = connection.kind as usize;
            let part = *self.encoded[kind].get_or_insert_with(|| {
                let buffer = &mut self.buffers[kind + 1];
                let start = buffer.len() as u32;
                chat_wire::encode(self.kinds[kind].viewer, event, cx, buffer);
                Part { buffer: kind as u32 + 1, start, end: buffer.len() as u32 }
            });
            match &mut connection.held {
                Some(held) => {
                    let buffer = &self.buffers[part.buffer as usize];
                    held.extend_from_slice(&buffer[part.start as usize..part.end as usize]);
                    connection.note(&mut self.noted);
                }
                None => connection.append(part, &mut self.noted),
            }
        }
    }

    /// Lets a session's face write something for it alone. It comes after the past, if that is being read.
    pub(crate) fn tell(&mut self, id: SessionId, write: impl FnOnce(&mut Session, &mut Vec<u8>)) {
        let Some(connection) = self.slots.get_mut(id.slot()).and_then(Option::as_mut) else { return };
        match &mut connection.held {
            Some(held) if connection.id == id => {
                write(&mut connection.face, held);
                connection.note(&mut self.noted);
            }
            _ => self.tell_now(id, write),
        }
    }

    fn tell_now(&mut self, id: SessionId, write: impl FnOnce(&mut Session, &mut Vec<u8>)) {
        let Some(connection) = self.slots.get_mut(id.slot()).and_then(Option::as_mut) else { return };
        if connection.id != id {
            return;
        }
        let buffer = &mut self.buffers[PERSONAL as usize];
        let start = buffer.len() as u32;
        write(&mut connection.face, buffer);
        connection.said_bytes = connection.said_bytes.saturating_add(buffer.len() - start as usize);
        if connection.said_bytes > self.said_bytes_max || buffer.len() > BUFFER_BYTES_MAX {
            // More answers in one batch than may wait for a reader: `flush` gives the session up.
            connection.said_bytes = usize::MAX;
            buffer.truncate(start as usize);
            connection.note(&mut self.noted);
            return;
        }
        let end = buffer.len() as u32;
        connection.append(Part { buffer: PERSONAL, start, end }, &mut self.noted);
    }

    pub(crate) fn say(&mut self, id: SessionId, bytes: &[u8]) {
        self.tell(id, |_, out| out.extend_from_slice(bytes));
    }

    pub(crate) fn reply(&mut self, id: SessionId, reply: &Reply, now: Time, cx: &Context) {
        self.tell(id, |session, out| session.reply(reply, now, cx, out));
    }

    pub(crate) fn begin(&mut self, id: SessionId, label: &Text) {
        if let Some(connection) = self.get(id) {
            connection.face.begin(label);
        }
    }

    /// The answer to a labelled call is complete. What was asked for the past by that call comes after it.
    pub(crate) fn end(&mut self, id: SessionId, cx: &Context) {
        self.tell_now(id, |session, out| session.end(cx, out));
    }

    pub(crate) fn hold(&mut self, id: SessionId) {
        if let Some(connection) = self.get(id) {
            connection.held.get_or_insert_default();
        }
    }

    /// Tells of the past, and then what was held.
    pub(crate) fn release(&mut self, id: SessionId, past: &[Reply], now: Time, cx: &Context) {
        let Some(held) = self.get(id).and_then(|connection| connection.held.take()) else { return };
        for reply in past {
            self.reply(id, reply, now, cx);
        }
        self.say(id, &held);
    }

    /// Counts a call of a session as handled; it is told so when the batch is out.
    pub(crate) fn handled(&mut self, id: SessionId) {
        let Some(connection) = self.slots.get_mut(id.slot()).and_then(Option::as_mut) else { return };
        if connection.id == id {
            connection.handled += 1;
            connection.note(&mut self.noted);
        }
    }

    /// Sends what the batch has said. Comes back with those who read too slowly.
    pub(crate) fn flush(&mut self, waiting_bytes_max: usize) -> Vec<SessionId> {
        self.said_bytes_max = waiting_bytes_max;
        let mut slow = Vec::new();
        for slot in std::mem::take(&mut self.noted) {
            let Some(connection) = self.slots[slot].as_mut() else { continue };
            connection.noted = false;
            let held = connection.held.as_ref().is_some_and(|held| held.len() > waiting_bytes_max);
            if !connection.parts.is_empty() {
                let slices: SmallVec<[IoSlice<'_>; 64]> = connection
                    .parts
                    .iter()
                    .map(|part| &self.buffers[part.buffer as usize][part.start as usize..part.end as usize])
                    .map(IoSlice::new)
                    .collect();
                if connection.outbox.send(&slices, waiting_bytes_max).is_err() {
                    slow.push(connection.id);
                }
                connection.parts = SmallVec::new();
            }
            if held || std::mem::take(&mut connection.said_bytes) > waiting_bytes_max {
                slow.push(connection.id);
            }
            if connection.handled > 0 {
                connection.outbox.end_calls(std::mem::take(&mut connection.handled));
            }
        }
        for buffer in &mut self.buffers {
            buffer.clear();
            buffer.shrink_to(BUFFER_BYTES_KEPT);
        }
        slow
    }
}

/// What one batch may say to single sessions, all of them together. Places in it are 32 bits wide.
const BUFFER_BYTES_MAX: usize = 1 << 30;
/// What a buffer keeps between batches, so that one long answer does not cost memory for ever.
const BUFFER_BYTES_KEPT: usize = 256 * 1024;

impl<O> Connection<O> {
    pub(crate) fn id(&self) -> SessionId {
        self.id
    }

    fn note(&mut self, noted: &mut Vec<usize>) {
        if !self.noted {
            self.noted = true;
            noted.push(self.id.slot());
        }
    }

    fn append(&mut self, part: Part, noted: &mut Vec<usize>) {
        if part.start == part.end {
            return;
        }
        match self.parts.last_mut() {
            // What follows on the last part is one with it.
            Some(last) if last.buffer == part.buffer && last.end == part.start => last.end = part.end,
            _ => self.parts.push(part),
        }
        self.note(noted);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::shell::Overflow;

    /// Keeps what it is sent.
    #[derive(Debug, Default)]
    struct Kept(Mutex<Vec<u8>>);

    impl Outbox for Kept {
        fn send(&self, parts: &[IoSlice<'_>], waiting_bytes_max: usize) -> Result<(), Overflow> {
            let mut kept = self.0.lock().expect("whole");
            parts.iter().for_each(|part| kept.extend_from_slice(part));
            if kept.len() > waiting_bytes_max { Err(Overflow) } else { Ok(()) }
        }
        fn close(&self) {}
        fn abort(&self) {}
        fn register(&self) {}
        fn begin_calls(&self, _count: u32) {}
        fn end_calls(&self, _count: u32) {}
    }

    fn connections(waiting_bytes_max: usize) -> (Connections<Kept>, SessionId) {
        let mut connections = Connections::new(waiting_bytes_max);
        let id = SessionId::new(0, 0);
        connections.insert(id, Arc::default(), None, Session::Irc(Box::default()));
        (connections, id)
    }

    #[test]
    fn a_batch_says_no_more_to_one_session_than_may_wait_for_it() {
        let (mut connections, id) = connections(100);
        connections.say(id, &[b'x'; 60]);
        connections.say(id, &[b'y'; 60]);
        assert_eq!(connections.buffers[PERSONAL as usize].len(), 60, "what is too much is not kept");
        assert_eq!(connections.flush(100), [id], "and the session is given up");
    }

    #[test]
    fn what_is_kept_back_counts_like_what_waits() {
        let (mut connections, id) = connections(100);
        connections.hold(id);
        connections.say(id, &[b'x'; 60]);
        assert_eq!(connections.flush(100), []);
        connections.say(id, &[b'y'; 60]);
        assert_eq!(connections.flush(100), [id]);
    }

    #[test]
    fn there_are_no_more_kinds_than_connections() {
        let (mut connections, id) = connections(100);
        for view in 0..100 {
            connections.view_as(id, view);
        }
        assert_eq!(connections.kinds.len(), 1);
        connections.remove(id);
        let other = SessionId::new(1, 0);
        connections.insert(other, Arc::default(), None, Session::new(chat_wire::Face::Plain, false));
        assert_eq!(connections.kinds.len(), 1);
    }

    #[test]
    fn each_batch_begins_anew() {
        let (mut connections, id) = connections(100);
        for _ in 0..3 {
            connections.say(id, &[b'x'; 60]);
            assert_eq!(connections.flush(100), []);
            connections.get(id).expect("it is there").outbox.0.lock().expect("whole").clear();
        }
    }

    #[test]
    fn the_next_owner_of_a_slot_hears_nothing_of_the_last() {
        let (mut connections, old) = connections(100);
        connections.remove(old);
        let new = SessionId::new(0, 1);
        let outbox = Arc::new(Kept::default());
        connections.insert(new, outbox.clone(), None, Session::Irc(Box::default()));
        connections.say(old, b"for somebody else");
        connections.flush(100);
        assert!(outbox.0.lock().expect("whole").is_empty());
    }
}
