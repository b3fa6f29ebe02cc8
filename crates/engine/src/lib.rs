//! The deterministic server: inputs in, effects out.
//!
//! The engine owns all live state. It has no clock, no I/O, no randomness, no threads and no log: time comes in
//! with each input, and what should be done outside goes out as an [`effect::Effect`].

mod arrival;
mod attempts;
mod away;
mod bans;
mod budgets;
mod commands;
mod cx;
mod delivered;
mod departure;
pub mod effect;
mod idle;
pub mod input;
mod listing;
mod load;
mod login;
mod membership;
mod nicknames;
mod pending;
mod policy;
mod replay;
mod snapshot;
mod state;
mod storm;
#[cfg(test)]
mod tests;
mod upkeep;
pub mod view;

pub use commands::nickserv::verbs as nickserv_verbs;
pub use commands::{Concealed, Typed, conceal, is_private, verbs};

use chat_model::close_reason::CloseReason;
use chat_model::id::{MsgId, NodeId, SessionId, Ticket, Time};
use chat_model::refusal::Refusal;
use chat_model::reply::Counts;
use chat_model::sent::Sent;

use crate::cx::Cx;
use crate::effect::Effect;
use crate::input::{Answer, Envelope, Input, Misplaced, Peer};
use crate::pending::Pending;
use crate::state::State;
use crate::state::session::Session;

/// The server without its sockets, its disk and its clock.
#[derive(Debug)]
pub struct Engine {
    state: State,
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine {
    /// An engine that knows nothing yet: its first inputs are [`Input::Loaded`] and [`Input::Configured`].
    pub fn new() -> Self {
        Self { state: State::new() }
    }

    /// Makes everything up to now final. To be called before each batch that may have to be taken back.
    pub fn checkpoint(&mut self) {
        self.state.checkpoint();
    }

    /// Takes back everything since the last checkpoint: the batch could not be stored.
    pub fn rollback(&mut self) {
        self.state.rollback();
    }

    /// How many there are of what.
    pub fn counts(&self) -> Counts {
        self.state.counts()
    }

    /// The highest id that was given.
    pub fn last_id(&self) -> MsgId {
        self.state.counters.last_id
    }

    /// Whether a session is still there: one that waits for an answer outlives its connection.
    pub fn knows(&self, session: SessionId) -> bool {
        self.state.sessions.contains(&session)
    }

    /// The envelope that comes next, where there is one machine that orders what it takes in by itself.
    pub fn envelope(&self, time: Time, input: Input) -> Envelope {
        Envelope { sequence: self.state.counters.sequence + 1, node: NodeId::default(), time, input }
    }

    /// Applies one input and appends what is to be done about it.
    ///
    /// # Errors
    /// [`Misplaced`]: nothing has changed then.
    pub fn apply(&mut self, envelope: &Envelope, effects: &mut Vec<Effect>) -> Result<(), Misplaced> {
        let expected = self.state.counters.sequence + 1;
        if envelope.sequence != expected {
            return Err(Misplaced::Sequence { expected });
        }
        if let Some(session) = envelope.stranger() {
            return Err(Misplaced::Session(session));
        }
        self.state.counters.sequence = expected;
        self.apply_input(envelope.time, &envelope.input, effects);
        Ok(())
    }

    fn apply_input(&mut self, now: Time, input: &Input, effects: &mut Vec<Effect>) {
        match input {
            Input::Loaded(loaded) => load::load(&mut self.state, now, loaded),
            Input::Configured(settings) => upkeep::configure(&mut self.state, now, settings, effects),
            Input::Connected { session, peer } => self.connected(now, *session, peer, effects),
            Input::Sent { session, sent } => self.sent(now, *session, sent, effects),
            Input::Answered { ticket, answer } => {
                if let Some(pending) = self.state.pending.remove(ticket) {
                    // Also when nobody waits for it any more.
                    attempts::end(&mut self.state, now, &pending.what, answer);
                    self.answered(now, *ticket, pending, answer, effects);
                }
            }
            Input::Delivered { marks } => delivered::moved(&mut self.state, now, marks, effects),
            Input::Tick => upkeep::tick(&mut self.state, now, effects),
            Input::Clock { believed } => self.state.clock_doubted = !*believed,
            Input::Expired { messages } => upkeep::expired(&mut self.state, now, *messages, effects),
            Input::Storage(storage) => self.state.storage = *storage,
            Input::Stop => departure::stop(&mut self.state, now, effects),
        }
    }

    fn connected(&mut self, now: Time, session: SessionId, peer: &Peer, effects: &mut Vec<Effect>) {
        let banned = peer.address.and_then(|address| bans::address_ban(&self.state, address, now));
        self.state.insert_session(session, Session::new(peer.clone()));
        if let Some(reason) = banned {
            let mut cx = Cx::new(&mut self.state, effects, now, session, "CONNECT");
            cx.log_refused(&Refusal::Banned { reason: reason.clone() });
            departure::close(&mut cx, session, CloseReason::Banned { reason });
        }
    }

    /// Deals with one thing that a session sent. While an earlier one waits for an answer, so does this.
    fn sent(&mut self, now: Time, session: SessionId, sent: &Sent, effects: &mut Vec<Effect>) {
        let Some(row) = self.state.sessions.get(&session) else { return };
        if row.busy.is_some() {
            if let Some(row) = self.state.sessions.get_mut(&session) {
                row.backlog.push_back(sent.clone());
            }
            return;
        }
        match sent {
            Sent::Call(call) => {
                let is_answered =
                    self.unit(now, session, call.label.clone(), "", effects, |cx| commands::run(cx, call));
                if is_answered {
                    effects.push(Effect::Handled { session });
                }
            }
            Sent::Answered(bytes) => {
                effects.push(Effect::Say { session, bytes: bytes.clone() });
                effects.push(Effect::Handled { session });
            }
            Sent::View { capabilities, knows_history } => {
                if let Some(row) = self.state.sessions.get_mut(&session) {
                    row.knows_history = *knows_history;
                }
                effects.push(Effect::View { session, capabilities: *capabilities });
            }
            Sent::End(reason) => {
                let mut cx = Cx::new(&mut self.state, effects, now, session, "QUIT");
                departure::depart(&mut cx, session, reason.clone());
            }
        }
    }

    /// An answer came: finishes the call that asked, then goes on with what the session sent meanwhile.
    fn answered(
        &mut self,
        now: Time,
        ticket: Ticket,
        pending: Pending,
        answer: &Answer,
        effects: &mut Vec<Effect>,
    ) {
        let session = pending.session;
        let Some(row) = self.state.sessions.get_mut(&session) else { return };
        row.busy = None;
        let Pending { verb, label, what, deferred, begins_with, .. } = pending;
        let resolve = |cx: &mut Cx<'_>| {
            begins_with.into_iter().for_each(|reply| cx.reply(reply));
            pending::resolve(cx, ticket, what, answer.clone());
        };
        let is_answered = self.unit(now, session, label, verb.0, effects, resolve);
        // A call that was answered at once gave its place back then; this was only what came after it.
        if deferred && is_answered {
            effects.push(Effect::Handled { session });
        }
        while let Some(row) = self.state.sessions.get_mut(&session) {
            if row.busy.is_some() {
                break;
            }
            let Some(next) = row.backlog.pop_front() else { break };
            self.sent(now, session, &next, effects);
        }
    }

    /// Does one thing for one session, and marks its answer with the label. Whether the call is answered by it, or will
    /// be later.
    fn unit(
        &mut self,
        now: Time,
        session: SessionId,
        label: Option<chat_model::Text>,
        verb: &'static str,
        effects: &mut Vec<Effect>,
        run: impl FnOnce(&mut Cx<'_>),
    ) -> bool {
        let start = effects.len();
        let mut cx = Cx::new(&mut self.state, effects, now, session, verb);
        cx.label = label.clone();
        run(&mut cx);
        if !cx.names_due.is_empty() {
            replay::ask(&mut cx, Vec::new(), None);
        }
        let (deferred, goes_on) = (cx.deferred, cx.goes_on);
        // An answer that comes later takes the label with it.
        if let Some(label) = label.filter(|_| !deferred || goes_on) {
            effects.insert(start, Effect::Begin { session, label });
            effects.push(if goes_on { Effect::GoesOn { session } } else { Effect::End { session } });
        }
        !deferred
    }
}
