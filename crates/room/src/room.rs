//! The loop itself: its state, and the order in which a batch is dealt with.

use std::collections::VecDeque;
use std::mem;

use chat_engine::Engine;
use chat_engine::effect::Effect;
use chat_engine::input::{Answer, Input, Settings, Storage};
use chat_model::change::Change;
use chat_model::close_reason::CloseReason;
use chat_model::id::{MsgId, SessionId, Time};
use chat_model::reply::Reply;
use chat_model::secret::Secret;
use chat_model::sent::Sent;
use chat_store::{Store, StoreError};
use chat_wire::{Accepted, Contexts, Frame, Session};

use crate::clock_watch::ClockWatch;
use crate::commit;
use crate::connections::{Connections, PutAside};
use crate::found::FoundInBatch;
use crate::item::Item;
use crate::leaving::Leaving;
use crate::log;
use crate::retention::Retention;
use crate::secrets::Secrets;
use crate::shell::{Observation, Outbox, Shell};

/// Bytes of answers in one batch, about: all of that is in memory until the batch is on the disk.
const BATCH_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Sessions that go on in one batch with a long answer, or with what they sent meanwhile: a piece of each is all that
/// anybody else waits for, however many there are.
const GOING_ON_MAX: usize = 8;

/// What of the configuration the loop goes by.
#[derive(Clone, Debug)]
pub struct Config {
    /// What the engine goes by.
    pub settings: Settings,
    /// The password of the server.
    pub password: Option<Secret>,
    /// What faces say about the server.
    pub context: Contexts,
    /// Milliseconds that messages are kept; `None` is for ever.
    pub retention_ms: Option<i64>,
    /// With less room than this the disk counts as full.
    pub disk_free_bytes_min: u64,
}

/// The loop: it owns the engine, the database's writer and its side of every connection.
///
/// A batch is [`Room::begin`], any number of [`Room::take`] while [`Room::has_room`], and [`Room::finish`].
pub struct Room<S: Shell> {
    /// What it runs in.
    pub shell: S,
    pub(crate) engine: Engine,
    pub(crate) store: Store,
    pub(crate) config: Config,
    pub(crate) connections: Connections<S::Outbox>,
    /// What this batch has applied, in case that it must be applied again.
    pub(crate) inputs: Vec<Input>,
    pub(crate) effects: Vec<Effect>,
    /// About as many bytes as the answers among the effects come to.
    answer_bytes: usize,
    /// What could not be stored yet and need not be before anybody is told.
    pub(crate) deferred: Vec<Change>,
    /// Items that the loop has for itself.
    pub(crate) own: Vec<Item<S::Outbox>>,
    /// Sessions that go on, now that they have taken what they were told. They take turns.
    going_on: VecDeque<SessionId>,
    /// What the last frame came to: empty, kept for its memory.
    accepted: Accepted,
    pub(crate) secrets: Secrets,
    /// What was read for sessions that are told of it by this batch.
    pub(crate) found: FoundInBatch,
    pub(crate) leaving: Leaving,
    pub(crate) retention: Retention,
    pub(crate) clock: ClockWatch,
    pub(crate) storage: Storage,
    /// A second went by: the disk is to be looked at when the batch is out.
    ticked: bool,
    /// The highest id of what was sent with the last batch.
    pub(crate) flushed: MsgId,
    stopping: bool,
    exiting: bool,
    pub(crate) now: Time,
}

impl<S: Shell> Room<S> {
    /// Loads what was stored.
    ///
    /// # Errors
    /// What the database says.
    pub fn start(mut store: Store, config: Config, shell: S, now: Time) -> Result<Self, StoreError> {
        let loaded = store.load()?;
        let settings = config.settings.clone();
        let retention = Retention::new(config.retention_ms);
        let clock = ClockWatch::new(loaded.last_time, now, shell.monotonic_ms());
        let mut this = Self {
            shell,
            engine: Engine::new(),
            store,
            config,
            connections: Connections::new(),
            inputs: Vec::new(),
            effects: Vec::new(),
            answer_bytes: 0,
            deferred: Vec::new(),
            own: Vec::new(),
            going_on: VecDeque::new(),
            accepted: Accepted::default(),
            secrets: Secrets::default(),
            found: FoundInBatch::default(),
            leaving: Leaving::default(),
            retention,
            clock,
            storage: Storage::Works,
            ticked: false,
            flushed: MsgId::MIN,
            stopping: false,
            exiting: false,
            now,
        };
        this.apply(Input::Loaded(Box::new(loaded)));
        this.apply(Input::Configured(Box::new(settings)));
        if !this.clock.is_believed() {
            this.shell.observe(Observation::ClockDoubted);
            this.apply(Input::Clock { believed: false });
        }
        this.inputs.clear();
        let effects = mem::take(&mut this.effects);
        let changes: Vec<&Change> = effects.iter().filter_map(commit::change_in).collect();
        this.shell.save(&mut this.store, &changes)?;
        Ok(this)
    }

    /// Whether the loop has something to do before anything else comes in.
    pub fn is_busy(&self) -> bool {
        !self.own.is_empty() || !self.going_on.is_empty()
    }

    /// Whether the server has stopped and everybody is gone, or need not be waited for.
    pub fn is_finished(&self) -> bool {
        self.exiting || (self.stopping && self.connections.is_empty())
    }

    /// Whether what a session is told waits until it has been told of the past.
    pub fn holds(&self, session: SessionId) -> bool {
        self.connections.holds(session)
    }

    /// What the engine has come to.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The database, to be closed, and what the loop ran in.
    pub fn into_parts(self) -> (Store, S) {
        (self.store, self.shell)
    }

    /// Begins a batch with what the loop has for itself. Everything up to now is final.
    pub fn begin(&mut self, now: Time) {
        self.now = now;
        self.answer_bytes = 0;
        self.engine.checkpoint();
        self.shell.observe(Observation::BatchBegins);
        self.look_at_clock();
        for item in mem::take(&mut self.own) {
            self.take(item);
        }
        for _ in 0..self.going_on.len().min(GOING_ON_MAX) {
            let next = self.going_on.pop_front();
            // More may wait for it by now.
            if let Some(session) = next.filter(|session| self.connections.drained(*session)) {
                self.go_on(session);
            }
        }
    }

    /// Whether this batch should take more, or be finished first.
    pub fn has_room(&self) -> bool {
        self.answer_bytes < BATCH_BYTES_MAX
    }

    /// Ends a batch. The order of these is the first promise: nothing leaves before what it rests on is on the disk.
    pub fn finish(&mut self) {
        self.commit();
        self.release();
        self.inputs.clear();
        self.found.clear();
        let closing = self.say_farewell();
        self.flush();
        // Only now is everything on its way that they are told.
        for session in closing {
            if let Some(connection) = self.connections.get(session) {
                connection.outbox.close();
            }
        }
        self.forget_secrets();
        self.give_back();
        self.flushed = self.engine.last_id();
        if mem::take(&mut self.ticked) {
            self.look_after();
        }
    }

    /// Sends what the batch has said. Who reads too slowly for what others do is told so and closed, and leaves with the
    /// next batch.
    fn flush(&mut self) {
        let flushed = self.connections.flush(self.config.settings.limits.send_queue_bytes_max);
        self.going_on.extend(flushed.drained);
        for session in flushed.slow {
            self.give_up(session, CloseReason::SendQueueFull);
        }
    }

    /// When nothing of somebody who is in is under way, nobody will ask about its passwords any more.
    fn forget_secrets(&mut self) {
        let connections = &mut self.connections;
        self.secrets.retain(|session| {
            connections.get(session).is_none_or(|connection| !connection.outbox.in_flight().is_at_rest())
        });
    }

    fn give_up(&mut self, session: SessionId, farewell: CloseReason) {
        let (now, context) = (self.now, &self.config.context);
        if let Some(connection) = self.connections.get(session) {
            let mut last_words = Vec::new();
            connection.face.reply(&Reply::Closing(farewell.clone()), now, context, &mut last_words);
            connection.outbox.give_up(&last_words);
        }
        self.own.push(Item::Gone { session, farewell });
    }

    /// Deals with one thing, up to where it would be seen.
    pub fn take(&mut self, item: Item<S::Outbox>) {
        match item {
            Item::Connected { session, face, guest, peer, outbox } => {
                let address = peer.address;
                self.apply(Input::Connected { session, peer });
                let mut face = Session::new(face, guest);
                let mut greeting = Vec::new();
                let entering = face.greet(&self.config.context, &mut greeting);
                // A guest is let in by a call that no frame has taken a place for.
                outbox.in_flight().begin(u32::from(entering.is_some()));
                self.connections.insert(session, outbox, address, face);
                self.shell.observe(Observation::Opened);
                self.connections.say(session, &greeting);
                if let Some(call) = entering {
                    self.sent(session, Sent::Call(call));
                }
            }
            Item::Frames { session, arrived_ms, frames } => {
                if let Some(connection) = self.connections.get(session) {
                    connection.delivered.heard(arrived_ms, &frames);
                }
                for frame in frames {
                    self.take_or_put_aside(session, PutAside::Frame(frame));
                }
            }
            Item::Gone { session, farewell } => {
                self.take_or_put_aside(session, PutAside::Gone(farewell));
            }
            Item::Ended { session, address } => {
                self.hurry(session);
                self.forget(session, address);
            }
            Item::Drained { session } => self.going_on.push_back(session),
            Item::Ping { session } => self.ping(session),
            Item::Answered { ticket, found } => {
                let answer = self.found.keep(ticket, found);
                self.apply(Input::Answered { ticket, answer });
            }
            Item::Tick => {
                let marks = self.look_for_receipts();
                self.deliver(marks);
                self.apply(Input::Tick);
                self.ticked = true;
            }
            Item::ClockBelieved => self.apply(Input::Clock { believed: true }),
            Item::Expired { messages } => self.apply(Input::Expired { messages }),
            Item::Reloaded(config) => self.reload(*config),
            Item::Logged(line) => log::show(&mut self.connections, &line),
            Item::Stop => {
                self.stopping = true;
                let marks = self.look_for_receipts();
                self.deliver(marks);
                self.apply(Input::Stop);
            }
            Item::Exit => self.exiting = true,
        }
    }

    pub(crate) fn deliver(&mut self, marks: Vec<(SessionId, MsgId)>) {
        if !marks.is_empty() {
            self.apply(Input::Delivered { marks });
        }
    }

    pub(crate) fn apply(&mut self, input: Input) {
        let start = self.effects.len();
        let input = self.apply_to_engine(input);
        for effect in &self.effects[start..] {
            let answers = match effect {
                Effect::Show { session, ticket, shown } => {
                    self.found.bytes(*ticket, shown).map(|bytes| (*session, bytes))
                }
                effect => effect.answer_bytes(),
            };
            if let Some((session, bytes)) = answers {
                self.answer_bytes += bytes;
                self.connections.asked(session, bytes);
            }
        }
        self.inputs.push(input);
    }

    /// What a client sends waits until it has taken the answers to what it sent before.
    fn take_or_put_aside(&mut self, session: SessionId, what: PutAside) {
        match self.connections.get(session) {
            Some(connection) if connection.is_full() => connection.put_aside(what),
            _ => self.take_up(session, what),
        }
    }

    fn take_up(&mut self, session: SessionId, what: PutAside) {
        match what {
            PutAside::Frame(frame) => self.take_frame(session, frame),
            PutAside::Gone(farewell) => self.leave(session, farewell),
        }
    }

    /// A session has taken what it was told: the engine's question is answered, and what was put aside is taken up.
    fn go_on(&mut self, session: SessionId) {
        let Some(connection) = self.connections.get(session) else { return };
        if let Some(ticket) = connection.take_question() {
            self.apply(Input::Answered { ticket, answer: Answer::Drained });
        }
        while let Some(what) = self.connections.get(session).and_then(|connection| connection.take_up(false))
        {
            self.take_up(session, what);
        }
    }

    /// Nothing can be told to a client any more: what it sent is dealt with all the same, its long answers are not.
    fn hurry(&mut self, session: SessionId) {
        while let Some(connection) = self.connections.get(session) {
            if let Some(ticket) = connection.take_question() {
                self.apply(Input::Answered { ticket, answer: Answer::Failed });
            } else if let Some(what) = connection.take_up(true) {
                self.take_up(session, what);
            } else {
                break;
            }
        }
    }

    /// Lets the engine deal with an input that need not be repeated, or is being repeated.
    pub(crate) fn apply_to_engine(&mut self, input: Input) -> Input {
        let start = self.effects.len();
        let envelope = self.engine.envelope(self.now, input);
        let applied = self.engine.apply(&envelope, &mut self.effects);
        applied.expect("it is the one that comes next, and of this machine");
        let effects = &self.effects[start..];
        self.shell.observe(Observation::Applied { envelope: &envelope, effects, engine: &self.engine });
        envelope.input
    }

    fn take_frame(&mut self, session: SessionId, frame: Frame) {
        let Some(connection) = self.connections.get(session) else { return };
        if let Frame::Call(call) = &frame
            && connection.face.face().reads_log()
            && call.is("LOG")
        {
            let bytes = log::answer(connection, &self.shell, call, self.now, &self.config.context);
            self.sent(session, Sent::Answered(bytes.into()));
            return;
        }
        let address = connection.address;
        let mut accepted = mem::take(&mut self.accepted);
        connection.face.accept(frame, &self.config.context, &mut accepted);
        // A frame has one place in flight; the engine gives back one for each answer.
        match answers_due(&accepted.sent) {
            0 => self.connections.handled(session),
            more => connection.outbox.in_flight().begin(more - 1),
        }
        for code in accepted.refused.drain(..) {
            self.shell.observe(Observation::FaceRefused { address, code });
        }
        for sent in accepted.sent.drain(..) {
            match sent {
                Sent::End(farewell) => self.leave(session, farewell),
                sent => self.sent(session, sent),
            }
        }
        self.accepted = accepted;
    }

    pub(crate) fn sent(&mut self, session: SessionId, sent: Sent) {
        let servers = self.config.password.as_ref();
        let sent = match sent {
            Sent::Call(call) => Sent::Call(self.secrets.take_from(session, call, servers)),
            other => other,
        };
        self.apply(Input::Sent { session, sent });
    }

    pub(crate) fn configure(&mut self, settings: Settings) {
        self.apply(Input::Configured(Box::new(settings)));
    }
}

/// How many of these the engine answers, each by an [`Effect::Handled`].
fn answers_due(sent: &[Sent]) -> u32 {
    // A frame comes to a handful at the most.
    sent.iter().filter(|sent| matches!(sent, Sent::Call(_) | Sent::Answered(_))).count() as u32
}
