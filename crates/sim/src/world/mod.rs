//! The world itself: an engine, its clients, a disk, and the order of doing things that the real engine loop has —
//! take, accept, apply, commit, release.

mod release;
mod turn;

use std::net::{IpAddr, Ipv4Addr};

use chat_engine::Engine;
use chat_engine::effect::Effect;
use chat_engine::input::{Answer, Input, Peer, Question};
use chat_model::Text;
use chat_model::change::Change;
use chat_model::id::{SessionId, Ticket, Time};
use chat_model::reply::Farewell;
use chat_wire::{Context, Face, Frame};

use crate::client::{Client, Line};
use crate::judge::Judge;
use crate::record::Recording;
use crate::setting::{START, Setting};
use crate::vault::{Vault, hash};

/// Milliseconds of silence after which a plain text client's piece of a line counts as one.
const SILENCE_MS: i64 = 50;

/// How long it takes to start a server again.
const RESTART_MS: i64 = 1000;

/// What state the disk is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disk {
    /// It takes what it is given.
    Works,
    /// It has nearly no room, which the next tick of the clock finds.
    Full,
    /// The next commit fails, and all others until it works again.
    Fails,
}

/// How somebody connects.
#[derive(Clone, Debug)]
pub struct Joining {
    /// What they speak.
    pub face: Face,
    /// Whether the listener is one for guests.
    pub guest: bool,
    /// From where; else an address of its own.
    pub address: Option<IpAddr>,
}

/// A thing that the loop has to deal with.
#[derive(Debug)]
pub(crate) enum Item {
    Connected(SessionId),
    Frames(SessionId, Vec<Frame>),
    Gone(SessionId, Farewell),
    Ended(SessionId),
    Answered(Ticket, Answer),
    Ping(SessionId),
    Tick,
    Stop,
}

/// A question that waits for its answer.
#[derive(Debug)]
struct Asked {
    ticket: Ticket,
    question: Question,
    /// Not before, when a login is slowed down.
    due: Time,
}

/// See the module.
pub struct World {
    /// What time it is.
    pub now: Time,
    /// The latest that the clock ever showed.
    latest: Time,
    /// When the server was started.
    begun: Time,
    /// What state the disk is in.
    pub disk: Disk,
    /// Whether answers stay where they are until [`World::answer_one`].
    pub holds_answers: bool,
    /// Whether every batch is applied, taken back and applied again, which nobody may notice.
    pub doubles: bool,
    pub(crate) clients: Vec<Client>,
    pub(crate) vault: Vault,
    pub(crate) judge: Judge,
    /// What was done to the engine since it was started.
    pub recording: Recording,
    setting: Setting,
    context: Context,
    engine: Engine,
    inbox: Vec<Item>,
    asked: Vec<Asked>,
    /// What this batch has applied.
    inputs: Vec<Input>,
    effects: Vec<Effect>,
    /// What could not be stored yet and need not be before anybody is told.
    deferred: Vec<Change>,
    /// Sessions that the engine is asked to part with; they are told when it has.
    leaving: Vec<(SessionId, Farewell)>,
    closing: Vec<(SessionId, Farewell)>,
    /// Whether what must be stored is.
    stored: bool,
    /// A second went by: the disk is to be looked at when the batch is out.
    ticked: bool,
}

impl World {
    /// A server that has just started, with nobody on.
    pub fn new(setting: Setting) -> Self {
        let mut vault = Vault::default();
        let created = START.plus(-86_400_000);
        for (account, password) in &setting.accounts {
            let (account, hash) = (account.clone(), hash(password));
            vault.save(&[Change::Account { account, hash, created }]);
        }
        let mut world = Self {
            now: START,
            latest: START,
            begun: START,
            disk: Disk::Works,
            holds_answers: false,
            doubles: false,
            clients: Vec::new(),
            vault,
            judge: Judge::default(),
            recording: Recording::default(),
            context: setting.context(),
            setting,
            engine: Engine::new(),
            inbox: Vec::new(),
            asked: Vec::new(),
            inputs: Vec::new(),
            effects: Vec::new(),
            deferred: Vec::new(),
            leaving: Vec::new(),
            closing: Vec::new(),
            stored: true,
            ticked: false,
        };
        world.start();
        world
    }

    fn start(&mut self) {
        self.recording = Recording::default();
        self.apply(Input::Loaded(Box::new(self.vault.load())));
        self.apply(Input::Configured(Box::new(self.setting.settings.clone())));
        self.inputs.clear();
        let effects = std::mem::take(&mut self.effects);
        self.vault.save(effects.iter().filter_map(turn::change_in));
    }

    /// The server dies without a word, and another one starts from what was stored. Until then time goes by, and the
    /// clock is right again: ids that nobody stored could otherwise be given to something else.
    pub fn crash(&mut self) {
        self.now = self.latest.plus(RESTART_MS);
        (self.latest, self.begun) = (self.now, self.now);
        for client in &mut self.clients {
            client.line = Line::Closed;
        }
        self.engine = Engine::new();
        self.inbox.clear();
        self.asked.clear();
        self.deferred.clear();
        self.disk = Disk::Works;
        (self.stored, self.ticked) = (true, false);
        self.start();
    }

    // What happens outside

    /// Somebody connects. Returns which client that is.
    pub fn connect(&mut self, name: &str, how: &Joining) -> usize {
        let index = self.clients.len();
        let id = SessionId::new(index as u32, 1);
        let own = IpAddr::V4(Ipv4Addr::new(192, 0, 2, (index % 250) as u8 + 1));
        let is_admin = how.face == Face::Admin;
        let client: Text = match how.face {
            Face::Irc => "irc",
            Face::Plain => "plain",
            Face::Json => "json",
            Face::Admin => "admin",
        }
        .into();
        let peer = Peer {
            client,
            address: (!is_admin).then(|| how.address.unwrap_or(own)),
            secure: false,
            administrator: is_admin.then(|| format!("admin {name}").into()),
        };
        let bytes_max = self.setting.settings.limits.line_bytes_max;
        self.clients.push(Client::new(name, id, how.face, how.guest, peer, bytes_max));
        self.inbox.push(Item::Connected(id));
        index
    }

    /// A client sends something.
    pub fn send(&mut self, client: usize, bytes: &[u8]) {
        if self.clients[client].line == Line::Open {
            self.clients[client].push(bytes);
            self.forward(client);
        }
    }

    /// A client closes its end.
    pub fn hang_up(&mut self, client: usize) {
        let client = &mut self.clients[client];
        if client.line == Line::Open {
            self.inbox.push(Item::Gone(client.id, Farewell::Closed));
        }
    }

    /// The server asks a client whether it is still there.
    pub fn ping(&mut self, client: usize) {
        self.inbox.push(Item::Ping(self.clients[client].id));
    }

    /// Time goes by; backwards, where somebody sets the clock, but not to before the server was started.
    pub fn wait(&mut self, milliseconds: i64) {
        self.now = self.now.plus(milliseconds).max(self.begun);
        self.latest = self.latest.max(self.now);
        if milliseconds >= SILENCE_MS {
            for index in 0..self.clients.len() {
                self.clients[index].silence();
                self.forward(index);
            }
        }
        if milliseconds >= 1000 {
            self.inbox.push(Item::Tick);
        }
    }

    /// The operator stops the server.
    pub fn stop(&mut self) {
        self.inbox.push(Item::Stop);
    }

    /// Whether there is anything that [`World::turn`] could do.
    pub fn is_idle(&self) -> bool {
        self.inbox.is_empty()
    }

    /// How many questions wait for their answers.
    pub fn questions(&self) -> usize {
        self.asked.len()
    }

    /// The answer to one question comes, out of turn if need be.
    pub fn answer_one(&mut self, which: usize) {
        if which < self.asked.len() {
            let asked = self.asked.remove(which);
            let answer = self.vault.answer(&asked.question);
            self.inbox.push(Item::Answered(asked.ticket, answer));
        }
    }

    /// One question cannot be answered.
    pub fn fail_one(&mut self, which: usize) {
        if which < self.asked.len() {
            let ticket = self.asked.remove(which).ticket;
            self.inbox.push(Item::Answered(ticket, Answer::Failed));
        }
    }

    /// Goes on until nothing more happens by itself.
    pub fn settle(&mut self) {
        loop {
            if !self.holds_answers {
                while let Some(which) = self.asked.iter().position(|asked| asked.due <= self.now) {
                    self.answer_one(which);
                }
            }
            if self.inbox.is_empty() {
                break;
            }
            self.turn(usize::MAX);
        }
    }
}
