//! The engine loop's side of every connection, and what a batch has to tell each of them.
//!
//! What a batch says is written into a few long buffers, one for each kind of viewer and one for what is said to single
//! sessions. A connection keeps only ranges of them, so telling a hundred sessions the same costs a hundred pairs of
//! numbers.

use std::collections::VecDeque;
use std::io::IoSlice;
use std::mem;
use std::net::IpAddr;
use std::sync::Arc;

use chat_model::Text;
use chat_model::close_reason::CloseReason;
use chat_model::event::Event;
use chat_model::id::{SessionId, Ticket, Time};
use chat_model::language::Language;
use chat_model::reply::Reply;
use chat_wire::{Contexts, Frame, Session, Viewer};
use smallvec::SmallVec;

use crate::delivered::Delivered;
use crate::shell::{Outbox, Overflow};

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
    pub(crate) delivered: Delivered,
    kind: u32,
    parts: SmallVec<[Part; 2]>,
    /// What it would have been told while the past is being read.
    held: Option<Vec<u8>>,
    handled: u32,
    /// Bytes that this batch has said to this session alone.
    said_bytes: usize,
    /// Of what waits for it, about so much is answers to what it asked; the rest others have caused.
    answers_bytes: usize,
    /// About as much as the answers of this batch come to, before they are written.
    asked_bytes: usize,
    /// More waits for it than [`OUTBOX_BYTES_LOW`].
    is_behind: bool,
    /// A question of the engine's: whether it has taken what it was told.
    waits: Option<Ticket>,
    /// What it sent, to be dealt with when it has taken the answers to what it sent before.
    put_aside: VecDeque<PutAside>,
    noted: bool,
    /// Shows the server's own log as it grows.
    pub(crate) follows_log: bool,
}

/// What a client sent, or that it goes.
#[derive(Debug)]
pub(crate) enum PutAside {
    Frame(Frame),
    Gone(CloseReason),
}

/// With no more than this waiting for a client, its next call is dealt with, and its next page is made.
const OUTBOX_BYTES_LOW: usize = 32 * 1024;
/// About as much as one batch answers to one session, before its next calls are put aside.
const ANSWERS_BYTES_MAX: usize = 64 * 1024;

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
}

/// What came of sending what a batch has said.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Flushed {
    /// Who reads too slowly for what others do.
    pub(crate) slow: Vec<SessionId>,
    /// Who has taken what it was told, and goes on.
    pub(crate) drained: Vec<SessionId>,
}

impl<O: Outbox> Connections<O> {
    pub(crate) fn new() -> Self {
        Self {
            slots: Vec::new(),
            taken: 0,
            kinds: Vec::new(),
            buffers: vec![Vec::new()],
            noted: Vec::new(),
            encoded: Vec::new(),
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
            delivered: Delivered::default(),
            kind,
            parts,
            held: None,
            handled: 0,
            said_bytes: 0,
            answers_bytes: 0,
            asked_bytes: 0,
            is_behind: false,
            waits: None,
            put_aside: VecDeque::new(),
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
        find(&mut self.slots, id)
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
    pub(crate) fn view_as(&mut self, id: SessionId, capabilities: u32) {
        self.change_viewer(id, |face| face.view_as(capabilities));
    }

    /// From now on a session is told things in this language.
    pub(crate) fn speak(&mut self, id: SessionId, language: Language) {
        self.change_viewer(id, |face| face.speak(language));
    }

    fn change_viewer(&mut self, id: SessionId, change: impl FnOnce(&mut Session)) {
        let Some(connection) = self.get(id) else { return };
        change(&mut connection.face);
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
        cx: &Contexts,
    ) {
        self.encoded.clear();
        self.encoded.resize(self.kinds.len(), None);
        for id in to {
            if Some(*id) == except {
                continue;
            }
            let Some(connection) = find(&mut self.slots, *id) else { continue };
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
        let Some(connection) = find(&mut self.slots, id) else { return };
        match &mut connection.held {
            Some(held) => {
                write(&mut connection.face, held);
                connection.note(&mut self.noted);
            }
            None => self.tell_now(id, write),
        }
    }

    fn tell_now(&mut self, id: SessionId, write: impl FnOnce(&mut Session, &mut Vec<u8>)) {
        let Some(connection) = find(&mut self.slots, id) else { return };
        let buffer = &mut self.buffers[PERSONAL as usize];
        let start = buffer.len() as u32;
        write(&mut connection.face, buffer);
        connection.said_bytes += buffer.len() - start as usize;
        let end = buffer.len() as u32;
        connection.append(Part { buffer: PERSONAL, start, end }, &mut self.noted);
    }

    pub(crate) fn say(&mut self, id: SessionId, bytes: &[u8]) {
        self.tell(id, |_, out| out.extend_from_slice(bytes));
    }

    pub(crate) fn reply(&mut self, id: SessionId, reply: &Reply, now: Time, cx: &Contexts) {
        self.tell(id, |session, out| session.reply(reply, now, cx, out));
    }

    pub(crate) fn begin(&mut self, id: SessionId, label: &Text) {
        if let Some(connection) = self.get(id) {
            connection.face.begin(label);
        }
    }

    /// What was said of the answer to a labelled call may go; more of it comes.
    pub(crate) fn goes_on(&mut self, id: SessionId, cx: &Contexts) {
        self.tell_now(id, |face, out| face.goes_on(cx, out));
    }

    /// The answer to a labelled call is complete. What was asked for the past by that call comes after it.
    pub(crate) fn end(&mut self, id: SessionId, cx: &Contexts) {
        self.tell_now(id, |session, out| session.end(cx, out));
    }

    pub(crate) fn hold(&mut self, id: SessionId) {
        if let Some(connection) = self.get(id) {
            connection.held.get_or_insert_default();
        }
    }

    /// Tells something of the past, before what is held.
    pub(crate) fn past(&mut self, id: SessionId, reply: &Reply, now: Time, cx: &Contexts) {
        self.tell_now(id, |face, out| face.reply(reply, now, cx, out));
    }

    /// Tells what was held.
    pub(crate) fn release(&mut self, id: SessionId) {
        if let Some(held) = self.get(id).and_then(|connection| connection.held.take()) {
            self.say(id, &held);
        }
    }

    /// Counts a call of a session as handled; it is told so when the batch is out.
    pub(crate) fn handled(&mut self, id: SessionId) {
        let Some(connection) = find(&mut self.slots, id) else { return };
        connection.handled += 1;
        connection.note(&mut self.noted);
    }

    /// Notes what an effect is about to tell a session as an answer.
    pub(crate) fn asked(&mut self, id: SessionId, bytes: usize) {
        let Some(connection) = find(&mut self.slots, id) else { return };
        connection.asked_bytes += bytes;
        connection.note(&mut self.noted);
    }

    /// The engine asks whether a session has taken what it was told. Whether there is such a session.
    pub(crate) fn wait_for(&mut self, id: SessionId, ticket: Ticket) -> bool {
        let Some(connection) = find(&mut self.slots, id) else { return false };
        connection.waits = Some(ticket);
        connection.note(&mut self.noted);
        true
    }

    /// Sends what the batch has said. `waiting_bytes_max` is for what others do: who asks is answered in pieces.
    pub(crate) fn flush(&mut self, waiting_bytes_max: usize) -> Flushed {
        let mut flushed = Flushed::default();
        for slot in mem::take(&mut self.noted) {
            let Some(connection) = self.slots[slot].as_mut() else { continue };
            connection.noted = false;
            let is_slow = connection.send(&self.buffers, waiting_bytes_max).is_err();
            let held = connection.held.as_ref().is_some_and(|held| held.len() > waiting_bytes_max);
            if is_slow || held {
                flushed.slow.push(connection.id);
            }
            if connection.go_on() {
                flushed.drained.push(connection.id);
            }
        }
        for buffer in &mut self.buffers {
            buffer.clear();
            buffer.shrink_to(BUFFER_BYTES_KEPT);
        }
        flushed
    }

    /// A client has taken what waited for it. Whether it goes on by that.
    pub(crate) fn drained(&mut self, id: SessionId) -> bool {
        self.get(id).is_some_and(Connection::go_on)
    }
}

/// The connection of a session; the slot may be another's by now.
fn find<O>(slots: &mut [Option<Connection<O>>], id: SessionId) -> Option<&mut Connection<O>> {
    slots.get_mut(id.slot())?.as_mut().filter(|connection| connection.id == id)
}

/// What a buffer keeps between batches, so that one long answer does not cost memory for ever.
const BUFFER_BYTES_KEPT: usize = 256 * 1024;

impl<O: Outbox> Connection<O> {
    /// Sends what was said to it.
    fn send(&mut self, buffers: &[Vec<u8>], waiting_bytes_max: usize) -> Result<(), Overflow> {
        let answers_bytes = self.answers_bytes + mem::take(&mut self.said_bytes);
        self.asked_bytes = 0;
        if self.parts.is_empty() {
            return Ok(());
        }
        let slices: SmallVec<[IoSlice<'_>; 64]> = mem::take(&mut self.parts)
            .iter()
            .map(|part| &buffers[part.buffer as usize][part.start as usize..part.end as usize])
            .map(IoSlice::new)
            .collect();
        let waiting = self.outbox.send(&slices, waiting_bytes_max + answers_bytes)?;
        self.answers_bytes = answers_bytes.min(waiting);
        self.is_behind = waiting > OUTBOX_BYTES_LOW;
        Ok(())
    }

    /// Whether it has something to go on with, and has taken what it was told. If so its calls count as handled.
    fn go_on(&mut self) -> bool {
        let has_more = self.waits.is_some() || !self.put_aside.is_empty();
        if self.handled == 0 && !has_more {
            return false;
        }
        if self.is_behind && !self.outbox.is_drained(OUTBOX_BYTES_LOW) {
            return false;
        }
        self.is_behind = false;
        if self.handled > 0 {
            self.outbox.end_calls(mem::take(&mut self.handled));
        }
        has_more
    }

    /// Whether what it sends is to be put aside for now.
    pub(crate) fn is_full(&self) -> bool {
        self.is_behind || self.asked_bytes > ANSWERS_BYTES_MAX || !self.put_aside.is_empty()
    }

    pub(crate) fn put_aside(&mut self, what: PutAside) {
        self.put_aside.push_back(what);
    }

    /// What was put aside next, if it can be dealt with now; with `anyway` also if the client takes nothing.
    pub(crate) fn take_up(&mut self, anyway: bool) -> Option<PutAside> {
        let may = anyway || !(self.is_behind || self.asked_bytes > ANSWERS_BYTES_MAX);
        if may { self.put_aside.pop_front() } else { None }
    }

    /// The engine's question, which is answered now.
    pub(crate) fn take_question(&mut self) -> Option<Ticket> {
        self.waits.take()
    }

    pub(crate) fn id(&self) -> SessionId {
        self.id
    }

    /// Whether what it is told waits until it has been told of the past.
    pub(crate) fn is_holding(&self) -> bool {
        self.held.is_some()
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
    use crate::in_flight::InFlight;
    use crate::shell::Overflow;

    /// A client that takes nothing until it is told to.
    #[derive(Debug, Default)]
    struct Kept(Mutex<Vec<u8>>, InFlight);

    impl Kept {
        fn waiting(&self) -> usize {
            self.0.lock().expect("whole").len()
        }

        fn takes_all(&self) {
            self.0.lock().expect("whole").clear();
        }
    }

    impl Outbox for Kept {
        fn send(&self, parts: &[IoSlice<'_>], waiting_bytes_max: usize) -> Result<usize, Overflow> {
            let mut kept = self.0.lock().expect("whole");
            parts.iter().for_each(|part| kept.extend_from_slice(part));
            if kept.len() > waiting_bytes_max { Err(Overflow) } else { Ok(kept.len()) }
        }
        fn is_drained(&self, waiting_bytes_max: usize) -> bool {
            self.waiting() <= waiting_bytes_max
        }
        fn is_empty(&self) -> bool {
            self.waiting() == 0
        }
        fn close(&self) {}
        fn give_up(&self, _last_words: &[u8]) {}
        fn in_flight(&self) -> &InFlight {
            &self.1
        }
        fn wake(&self) {}
    }

    fn connections() -> (Connections<Kept>, SessionId, Arc<Kept>) {
        let mut connections = Connections::new();
        let (id, outbox) = (SessionId::new(0, 0), Arc::new(Kept::default()));
        connections.insert(id, outbox.clone(), None, Session::new(chat_wire::Face::Irc, false));
        (connections, id, outbox)
    }

    /// What others do: an event that goes to this session.
    fn others(connections: &mut Connections<Kept>, id: SessionId, bytes: usize) {
        let connection = connections.slots[id.slot()].as_mut().expect("it is there");
        let buffer = &mut connections.buffers[1];
        let start = buffer.len() as u32;
        buffer.resize(buffer.len() + bytes, b'x');
        connection.append(Part { buffer: 1, start, end: start + bytes as u32 }, &mut connections.noted);
    }

    #[test]
    fn only_what_others_do_makes_a_reader_too_slow() {
        let (mut connections, id, _) = connections();
        connections.say(id, &[b'x'; 1000]);
        assert_eq!(connections.flush(100), Flushed::default(), "it asked for that");
        others(&mut connections, id, 60);
        assert_eq!(connections.flush(100), Flushed::default());
        others(&mut connections, id, 60);
        assert_eq!(connections.flush(100).slow, [id]);
    }

    #[test]
    fn what_is_kept_back_counts_like_what_waits() {
        let (mut connections, id, _) = connections();
        connections.hold(id);
        connections.say(id, &[b'x'; 60]);
        assert_eq!(connections.flush(100), Flushed::default());
        connections.say(id, &[b'y'; 60]);
        assert_eq!(connections.flush(100).slow, [id]);
    }

    #[test]
    fn who_is_behind_goes_on_when_it_has_taken_what_waited() {
        let (mut connections, id, outbox) = connections();
        connections.say(id, &[b'x'; OUTBOX_BYTES_LOW + 1]);
        assert!(connections.wait_for(id, Ticket(7)));
        assert_eq!(connections.flush(100), Flushed::default());
        assert!(connections.get(id).expect("it is there").is_full());
        outbox.takes_all();
        assert!(connections.drained(id));
        let connection = connections.get(id).expect("it is there");
        assert!(!connection.is_full() && connection.take_question() == Some(Ticket(7)));
    }

    #[test]
    fn many_answers_in_one_batch_put_the_next_call_aside() {
        let (mut connections, id, _) = connections();
        connections.asked(id, ANSWERS_BYTES_MAX + 1);
        assert!(connections.get(id).expect("it is there").is_full());
        connections.flush(100);
        assert!(!connections.get(id).expect("it is there").is_full());
    }

    #[test]
    fn there_are_no_more_kinds_than_connections() {
        let (mut connections, id, _) = connections();
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
    fn the_next_owner_of_a_slot_hears_nothing_of_the_last() {
        let (mut connections, old, _) = connections();
        connections.remove(old);
        let (new, outbox) = (SessionId::new(0, 1), Arc::new(Kept::default()));
        connections.insert(new, outbox.clone(), None, Session::new(chat_wire::Face::Irc, false));
        connections.say(old, b"for somebody else");
        connections.flush(100);
        assert_eq!(outbox.waiting(), 0);
    }
}
