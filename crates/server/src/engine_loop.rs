//! The one thread that owns the engine and the database's writer.
//!
//! It takes all that waits, applies it, commits once, and only then tells anybody. Under load the batch grows by itself.
//! When a commit fails, the batch is taken back and applied again with everything refused that would have to be stored.

use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use chat_engine::Engine;
use chat_engine::effect::{Effect, Log};
use chat_engine::input::Input;
use chat_model::change::Change;
use chat_model::id::{MsgId, SessionId, Time};
use chat_model::reply::{Farewell, Reply};
use chat_store::Store;
use chat_wire::{Context, Face, Frame, Session, Step};
use tokio::sync::mpsc::Receiver;
use tracing::{debug, error, info, warn};

use crate::asks::Asks;
use crate::config::Config;
use crate::disk;
use crate::follow;
use crate::inbox::Item;
use crate::logs::Ring;
use crate::metrics::Metrics;
use crate::reload;
use crate::seats::Seats;
use crate::slots::Slots;

/// Items in one batch. More would only make the first of them wait longer for the last.
const BATCH_ITEMS_MAX: usize = 1024;
/// Milliseconds between two searches for old messages, when none was left.
const EXPIRY_PAUSE_MS: i64 = 60 * 60 * 1000;

/// A thing that was applied, or said, in this batch; kept in case that it must be applied again.
enum Work {
    Input(Input),
    Say { session: SessionId, bytes: Vec<u8> },
}

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
    works: Vec<Work>,
    effects: Vec<Effect>,
    /// Bytes that were said between effects: after how many of them.
    said: Vec<(usize, SessionId, Vec<u8>)>,
    /// What could not be stored yet and need not be before anybody is told.
    deferred: Vec<Change>,
    /// Items that the loop has for itself.
    own: Vec<Item>,
    steps: Vec<Step>,
    /// Sessions that end with this batch, and what they are told.
    closing: Vec<(SessionId, Farewell)>,
    /// When old messages are looked for next.
    expiry_due: Time,
    stored: bool,
    stopping: bool,
    now: Time,
}

fn clock() -> Time {
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
        engine.apply(now, &Input::Configured(Box::new(settings)), &mut effects);
        let mut this = Self {
            engine,
            parts,
            seats: Seats::new(),
            works: Vec::new(),
            effects,
            said: Vec::new(),
            deferred: Vec::new(),
            own: Vec::new(),
            steps: Vec::new(),
            closing: Vec::new(),
            expiry_due: now,
            stored: true,
            stopping: false,
            now,
        };
        let changes: Vec<&Change> = this.effects.iter().filter_map(change_in).collect();
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
            self.batch(items.drain(..));
            if exit || (self.stopping && self.seats.is_empty()) {
                break;
            }
        }
        self.parts.store
    }

    fn batch(&mut self, items: impl Iterator<Item = Item>) {
        self.now = clock();
        self.engine.checkpoint();
        for item in items {
            self.take(item);
        }
        self.commit();
        self.release();
        self.works.clear();
        let closing = std::mem::take(&mut self.closing);
        for (session, farewell) in &closing {
            let reply = Reply::Farewell(farewell.clone());
            self.seats.reply(*session, &reply, self.now, &self.parts.context);
        }
        let slow = self.seats.flush(self.parts.config.settings.limits.send_queue_bytes_max);
        for session in slow {
            self.parts.metrics.slow.inc();
            if let Some(seat) = self.seats.get(session) {
                seat.link.abort();
            }
            self.own.push(Item::Gone { session, farewell: Farewell::SendQueueFull });
        }
        for (session, _) in closing {
            if let Some(seat) = self.seats.get(session) {
                seat.link.close();
            }
        }
    }

    fn take(&mut self, item: Item) {
        match item {
            Item::Connected { session, face, guest, peer, link } => {
                self.apply(Input::Connected { session, peer });
                let mut steps = std::mem::take(&mut self.steps);
                let seat = Session::new(face, guest, &self.parts.context, &mut steps);
                // A guest is let in by a call that no frame has taken a place for.
                link.begin_calls(calls_in(&steps));
                self.seats.insert(session, link, seat);
                self.parts.metrics.connections.inc();
                self.follow_steps(session, &mut steps);
                self.steps = steps;
            }
            Item::Frames { session, frames } => {
                for frame in frames {
                    self.take_frame(session, frame);
                }
            }
            Item::Gone { session, farewell } => {
                self.apply(Input::Disconnected { session, farewell: farewell.clone() });
                self.closing.push((session, farewell));
            }
            Item::Ended { session, address } => {
                self.apply(Input::Disconnected { session, farewell: Farewell::Closed });
                if self.seats.remove(session).is_some() {
                    self.parts.metrics.connections.dec();
                }
                self.parts.slots.give_back(session, address);
            }
            Item::Ping { session } => {
                let context = &self.parts.context;
                self.seats.tell(session, |seat, out| {
                    seat.ping(context, out);
                });
            }
            Item::Answered { ticket, answer } => self.apply(Input::Answered { ticket, answer }),
            Item::Tick => self.tick(),
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
        self.engine.apply(self.now, &input, &mut self.effects);
        self.works.push(Work::Input(input));
    }

    fn take_frame(&mut self, session: SessionId, frame: Frame) {
        let Some(seat) = self.seats.get(session) else { return };
        if let (Face::Admin, Frame::Call(call)) = (seat.session.face(), &frame)
            && call.is("LOG")
        {
            let bytes = follow::answer(seat, &self.parts.ring, call);
            self.say(session, bytes);
            self.seats.handled(session);
            return;
        }
        let mut steps = std::mem::take(&mut self.steps);
        seat.session.accept(frame, &self.parts.context, &mut steps);
        let calls = calls_in(&steps);
        // A frame has one place under way; the engine gives back one for each call.
        match calls {
            0 => self.seats.handled(session),
            more => {
                if let Some(seat) = self.seats.get(session) {
                    seat.link.begin_calls(more - 1);
                }
            }
        }
        self.follow_steps(session, &mut steps);
        self.steps = steps;
        self.seats.look_again(session);
    }

    fn follow_steps(&mut self, session: SessionId, steps: &mut Vec<Step>) {
        for step in steps.drain(..) {
            match step {
                Step::Call(call) => self.apply(Input::Call { session, call }),
                Step::Say(bytes) => self.say(session, bytes),
                Step::KnowsHistory(yes) => self.apply(Input::KnowsHistory { session, yes }),
                Step::Close(farewell) => {
                    self.apply(Input::Disconnected { session, farewell: farewell.clone() });
                    self.closing.push((session, farewell));
                }
            }
        }
    }

    fn say(&mut self, session: SessionId, bytes: Vec<u8>) {
        self.said.push((self.effects.len(), session, bytes.clone()));
        self.works.push(Work::Say { session, bytes });
    }

    /// Makes the batch durable, or makes it as if nothing in it that must be durable had been asked for.
    fn commit(&mut self) {
        let all: Vec<&Change> =
            self.deferred.iter().chain(self.effects.iter().filter_map(change_in)).collect();
        if all.is_empty() {
            return;
        }
        if self.stored {
            let begun = Instant::now();
            match self.parts.store.save(all) {
                Ok(()) => {
                    self.parts.metrics.commits.observe(begun.elapsed().as_secs_f64());
                    return self.deferred.clear();
                }
                Err(error) => self.storage_failed(&error.to_string()),
            }
        }
        self.deferred.extend(self.effects.iter().filter_map(deferrable_in).cloned());
    }

    fn storage_failed(&mut self, reason: &str) {
        error!(reason, "nothing can be stored; what would have to be is refused until it can");
        self.stored = false;
        self.engine.rollback();
        self.effects.clear();
        self.said.clear();
        self.engine.apply(self.now, &Input::Storage { available: false }, &mut self.effects);
        for work in &self.works {
            match work {
                Work::Input(input) => self.engine.apply(self.now, input, &mut self.effects),
                Work::Say { session, bytes } => self.said.push((self.effects.len(), *session, bytes.clone())),
            }
        }
    }

    fn tick(&mut self) {
        self.apply(Input::Tick);
        let free = disk::free_bytes(&self.parts.config.data_dir);
        let low = free.is_some_and(|free| free < self.parts.config.disk_free_bytes_min);
        if self.stored && low {
            let free_bytes = free.unwrap_or_default();
            warn!(
                free_bytes,
                "the disk is nearly full; what would have to be stored is refused until there is room"
            );
            self.stored = false;
            self.apply(Input::Storage { available: false });
        } else if !self.stored && !low && self.parts.store.probe().is_ok() {
            info!("the disk takes writes again");
            self.stored = true;
            self.apply(Input::Storage { available: true });
        }
        self.expire();
        let metrics = &self.parts.metrics;
        metrics.users.set(self.engine.counts().users() as i64);
        metrics.channels.set(self.engine.counts().channels as i64);
        metrics.storage.set(i64::from(self.stored));
    }

    /// Deletes what is older than it may be, a little at each tick.
    fn expire(&mut self) {
        let Some(retention_ms) = self.parts.config.retention_ms else { return };
        if !self.stored || self.now < self.expiry_due {
            return;
        }
        let before = MsgId::first_at(self.now.plus(-retention_ms));
        match self.parts.store.expire(before) {
            Ok(0) => self.expiry_due = self.now.plus(EXPIRY_PAUSE_MS),
            Ok(deleted) => debug!(deleted, "old messages were deleted"),
            Err(error) => {
                warn!(%error, "old messages could not be deleted");
                self.expiry_due = self.now.plus(EXPIRY_PAUSE_MS);
            }
        }
    }

    fn reload(&mut self, config: Config) {
        let context = reload::context(&config, &self.parts.context);
        let old = std::mem::replace(&mut self.parts.context, context);
        self.apply(Input::Configured(Box::new(config.settings.clone())));
        self.parts.config = config;
        let context = &self.parts.context;
        let mut told = Vec::new();
        for seat in self.seats.all() {
            let mut bytes = Vec::new();
            seat.session.context_changed(&old, context, &mut bytes);
            if !bytes.is_empty() {
                told.push((seat.id(), bytes));
            }
        }
        for (session, bytes) in told {
            self.say(session, bytes);
        }
    }

    fn release(&mut self) {
        let mut said = std::mem::take(&mut self.said).into_iter().peekable();
        let effects = std::mem::take(&mut self.effects);
        for (index, effect) in effects.iter().enumerate() {
            while let Some((_, session, bytes)) = said.next_if(|(before, ..)| *before <= index) {
                self.seats.say(session, &bytes);
            }
            self.carry_out(effect);
        }
        for (_, session, bytes) in said {
            self.seats.say(session, &bytes);
        }
        self.effects = effects;
        self.effects.clear();
    }

    fn carry_out(&mut self, effect: &Effect) {
        let context = &self.parts.context;
        match effect {
            Effect::Save(Change::Message(_)) => drop(self.parts.metrics.messages.inc()),
            Effect::Save(_) | Effect::SaveWhenPossible(_) => {}
            Effect::Publish { to, except, event } => self.seats.publish(to, *except, event, context),
            Effect::Own { session, event } => {
                self.seats.tell(*session, |seat, out| seat.own(event, context, out));
            }
            Effect::Reply { session, reply } => self.seats.reply(*session, reply, self.now, context),
            Effect::Begin { session, label } => self.seats.begin(*session, label),
            Effect::End { session } => self.seats.tell(*session, |seat, out| seat.end(context, out)),
            Effect::Hold { session } => self.seats.hold(*session),
            Effect::Release { session } => self.seats.release(*session),
            Effect::Handled { session } => self.seats.handled(*session),
            Effect::Registered { session } => {
                if let Some(seat) = self.seats.get(*session) {
                    seat.link.register();
                }
            }
            Effect::Close { session, farewell } => self.closing.push((*session, farewell.clone())),
            Effect::Ask { ticket, question } => self.parts.asks.ask(*ticket, question.clone()),
            Effect::Log(entry) => {
                if matches!(entry, Log::Refused { .. }) {
                    self.parts.metrics.refusals.inc();
                }
                log(entry);
            }
        }
    }
}

fn calls_in(steps: &[Step]) -> u32 {
    // A frame makes a handful of steps at the most.
    steps.iter().filter(|step| matches!(step, Step::Call(_))).count() as u32
}

fn change_in(effect: &Effect) -> Option<&Change> {
    match effect {
        Effect::Save(change) | Effect::SaveWhenPossible(change) => Some(change),
        _ => None,
    }
}

fn deferrable_in(effect: &Effect) -> Option<&Change> {
    match effect {
        Effect::SaveWhenPossible(change) => Some(change),
        _ => None,
    }
}

/// What others wrote goes in as strings, which both formats quote and escape: nobody can write a line of the log or
/// steer the terminal that shows it.
fn log(entry: &Log) {
    let shown =
        |address: &Option<std::net::IpAddr>| address.map_or_else(|| "local".to_owned(), |a| a.to_string());
    match entry {
        Log::Came { nick, account, address, client, online } => {
            let account = account.as_ref().map_or("-", |account| account.as_str());
            info!(
                nick = nick.as_str(),
                account,
                address = shown(address),
                client = &**client,
                online,
                "came"
            );
        }
        Log::Left { nick, reason, online } => {
            info!(nick = nick.as_str(), reason = &**reason, online, "left");
        }
        Log::Refused { nick, address, verb, code } => {
            let (verb, code) = (&**verb, &**code);
            info!(nick = &**nick, address = shown(address), verb, code, "refused");
        }
        Log::Administered { actor, action, target } => {
            info!(actor = &**actor, action = &**action, target = &**target, "administered");
        }
    }
}
