//! The one thread that owns the engine and the database's writer.
//!
//! It takes all that waits, applies it, commits once, and only then tells anybody. Under load the batch grows by itself.
//! When a commit fails, the batch is taken back and applied again with everything refused that would have to be stored.

mod commit;
mod journal;
mod parting;
mod release;
mod upkeep;

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use chat_engine::Engine;
use chat_engine::effect::Effect;
use chat_engine::input::{Input, Sent};
use chat_model::change::Change;
use chat_model::id::{SessionId, Time};
use chat_model::reply::Farewell;
use chat_store::Store;
use chat_wire::{Context, Face, Frame, Session, Step, View};
use tokio::sync::mpsc::Receiver;
use tracing::info;

use crate::asks::Asks;
use crate::config::Config;
use crate::follow;
use crate::inbox::Item;
use crate::logs::Ring;
use crate::metrics::Metrics;
use crate::seats::Seats;
use crate::slots::Slots;

use parting::Parting;

/// Items in one batch. More would only make the first of them wait longer for the last.
const BATCH_ITEMS_MAX: usize = 1024;
/// Rows of answers in one batch, about: when a crowd comes into one channel, each is told of all the others, and all of
/// that is in memory until the batch is on the disk.
const BATCH_ROWS_MAX: usize = 100_000;

/// What the loop is given to work with.
pub(crate) struct Parts {
    pub(crate) store: Store,
    pub(crate) asks: Asks,
    pub(crate) slots: Arc<Slots>,
    pub(crate) ring: Arc<Ring>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) config: Config,
    pub(crate) context: Context,
}

pub(crate) struct EngineLoop {
    engine: Engine,
    parts: Parts,
    seats: Seats,
    /// What this batch has applied, in case that it must be applied again.
    inputs: Vec<Input>,
    effects: Vec<Effect>,
    /// Rows of answers among the effects.
    rows: usize,
    /// What could not be stored yet and need not be before anybody is told.
    deferred: Vec<Change>,
    /// Items that the loop has for itself.
    own: Vec<Item>,
    steps: Vec<Step>,
    parting: Parting,
    /// When old messages are looked for next.
    expiry_due: Time,
    stored: bool,
    /// A second went by: the disk is to be looked at when the batch is out.
    ticked: bool,
    stopping: bool,
    now: Time,
}

/// What time it is.
pub(crate) fn clock() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

impl EngineLoop {
    /// Loads what was stored.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn start(mut parts: Parts) -> Result<Self, chat_store::StoreError> {
        let loaded = parts.store.load()?;
        let now = clock();
        let mut engine = Engine::new();
        let mut effects = Vec::new();
        engine.apply(now, &Input::Loaded(Box::new(loaded)), &mut effects);
        let settings = parts.config.settings.clone();
        let waiting_bytes_max = settings.limits.send_queue_bytes_max;
        engine.apply(now, &Input::Configured(Box::new(settings)), &mut effects);
        let mut this = Self {
            engine,
            parts,
            seats: Seats::new(waiting_bytes_max),
            inputs: Vec::new(),
            effects,
            rows: 0,
            deferred: Vec::new(),
            own: Vec::new(),
            steps: Vec::new(),
            parting: Parting::default(),
            expiry_due: now,
            stored: true,
            ticked: false,
            stopping: false,
            now,
        };
        let changes: Vec<&Change> = this.effects.iter().filter_map(commit::change_in).collect();
        this.parts.store.save(changes)?;
        this.effects.clear();
        Ok(this)
    }

    /// Runs until the server has stopped and everybody is gone.
    pub(crate) fn run(mut self, mut inbox: Receiver<Item>) -> Store {
        let mut items = Vec::new();
        loop {
            if self.own.is_empty() && inbox.blocking_recv_many(&mut items, BATCH_ITEMS_MAX) == 0 {
                break;
            }
            items.append(&mut self.own);
            let exit = items.iter().any(|item| matches!(item, Item::Exit));
            let mut waiting = items.drain(..).peekable();
            while waiting.peek().is_some() {
                self.batch(&mut waiting);
            }
            drop(waiting);
            if exit || (self.stopping && self.seats.is_empty()) {
                break;
            }
        }
        self.parts.store
    }

    /// The order of these is the first promise: nothing leaves before what it rests on is on the disk.
    fn batch(&mut self, items: &mut impl Iterator<Item = Item>) {
        self.now = clock();
        self.engine.checkpoint();
        self.rows = 0;
        while self.rows < BATCH_ROWS_MAX
            && let Some(item) = items.next()
        {
            self.take(item);
        }
        self.commit();
        self.release();
        self.inputs.clear();
        let closing = self.say_farewell();
        self.flush();
        // Only now is everything on its way that they are told.
        for session in closing {
            if let Some(seat) = self.seats.get(session) {
                seat.link.close();
            }
        }
        self.give_back_places();
        if std::mem::take(&mut self.ticked) {
            self.look_after();
        }
    }

    /// Sends what the batch has said. Who reads too slowly for that is closed without a word, and leaves with the next
    /// batch.
    fn flush(&mut self) {
        for session in self.seats.flush(self.parts.config.settings.limits.send_queue_bytes_max) {
            self.parts.metrics.slow.inc();
            if let Some(seat) = self.seats.get(session) {
                seat.link.abort();
            }
            self.own.push(Item::Gone { session, farewell: Farewell::SendQueueFull });
        }
    }

    fn take(&mut self, item: Item) {
        match item {
            Item::Connected { session, face, guest, peer, link } => {
                let address = peer.address;
                self.apply(Input::Connected { session, peer });
                let mut seat = Session::new(face, guest);
                let mut greeting = Vec::new();
                let entering = seat.greet(&self.parts.context, &mut greeting);
                // A guest is let in by a call that no frame has taken a place for.
                link.begin_calls(u32::from(entering.is_some()));
                self.seats.insert(session, link, address, seat);
                self.parts.metrics.connections.inc();
                self.seats.say(session, &greeting);
                if let Some(call) = entering {
                    self.sent(session, Sent::Call(call));
                }
            }
            Item::Frames { session, frames } => {
                for frame in frames {
                    self.take_frame(session, frame);
                }
            }
            Item::Gone { session, farewell } => self.leave(session, farewell),
            Item::Ended { session, address } => self.forget(session, address),
            Item::Ping { session } => {
                let context = &self.parts.context;
                self.seats.tell(session, |seat, out| {
                    seat.ping(context, out);
                });
            }
            Item::Answered { ticket, answer } => self.apply(Input::Answered { ticket, answer }),
            Item::Tick => {
                self.apply(Input::Tick);
                self.ticked = true;
            }
            Item::Reloaded(config) => self.reload(*config),
            Item::Logged(line) => follow::tell(&mut self.seats, &line),
            Item::Stop => {
                self.stopping = true;
                self.apply(Input::Stop);
            }
            Item::Exit => {}
        }
    }

    fn apply(&mut self, input: Input) {
        let start = self.effects.len();
        self.engine.apply(self.now, &input, &mut self.effects);
        self.rows += self.effects[start..].iter().map(rows_in).sum::<usize>();
        self.inputs.push(input);
    }

    fn take_frame(&mut self, session: SessionId, frame: Frame) {
        let Some(seat) = self.seats.get(session) else { return };
        if let (Face::Admin, Frame::Call(call)) = (seat.session.face(), &frame)
            && call.is("LOG")
        {
            let bytes = follow::answer(seat, &self.parts.ring, call);
            self.sent(session, Sent::Answered(bytes.into()));
            return;
        }
        let mut steps = std::mem::take(&mut self.steps);
        seat.session.accept(frame, &self.parts.context, &mut steps);
        // A frame has one place under way; the engine gives back one for each answer.
        match answers_due(&steps) {
            0 => self.seats.handled(session),
            more => {
                if let Some(seat) = self.seats.get(session) {
                    seat.link.begin_calls(more - 1);
                }
            }
        }
        self.follow_steps(session, &mut steps);
        self.steps = steps;
    }

    fn follow_steps(&mut self, session: SessionId, steps: &mut Vec<Step>) {
        for step in steps.drain(..) {
            match step {
                Step::Call(call) => self.sent(session, Sent::Call(call)),
                Step::Say(bytes) => self.sent(session, Sent::Answered(bytes.into())),
                Step::Refused(code) => {
                    let address = self.seats.get(session).and_then(|seat| seat.address);
                    info!(address = journal::shown(address), code, "refused");
                    self.parts.metrics.refusals.inc();
                }
                Step::View(View { capabilities: view, knows_history }) => {
                    self.sent(session, Sent::View { view, knows_history });
                }
                Step::Close(farewell) => self.leave(session, farewell),
            }
        }
    }

    fn sent(&mut self, session: SessionId, sent: Sent) {
        self.apply(Input::Sent { session, sent });
    }
}

fn rows_in(effect: &Effect) -> usize {
    match effect {
        Effect::Reply { reply, .. } => reply.rows(),
        _ => 0,
    }
}

/// How many of these the engine answers, each by an [`Effect::Handled`].
fn answers_due(steps: &[Step]) -> u32 {
    // A frame makes a handful of steps at the most.
    steps.iter().filter(|step| matches!(step, Step::Call(_) | Step::Say(_))).count() as u32
}
