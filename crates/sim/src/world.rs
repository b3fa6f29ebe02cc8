//! The world itself: the loop as it ships, over clients, a disk and a clock that are simulated.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicU64, Ordering};

use chat_engine::input::Peer;
use chat_model::Text;
use chat_model::change::{AuditRow, Change};
use chat_model::close_reason::CloseReason;
use chat_model::id::{MsgId, SessionId, Stamp, Time};
use chat_room::{Config, Found, Room};
use chat_store::{Reader, Store};
use chat_wire::{Contexts, Face};

use crate::client::{Client, Line, Link, Network};
use crate::hasher::{Backwards, hash};
use crate::judge::Judge;
use crate::outside::{Disk, Outside};
use crate::record::{self, Recording};
use crate::setting::{START, Setting};

/// How long a system sends into a dead link before it says so; see TCP_USER_TIMEOUT in the server.
const DEAD_LINK_MS: i64 = 115_000;
/// How long it takes to start a server again.
const RESTART_MS: i64 = 1000;

/// How somebody connects.
#[derive(Clone, Debug)]
pub struct Joining {
    /// What they speak.
    pub face: Face,
    /// Whether the listener is one for guests.
    pub guest: bool,
    /// Where they are from; `None` is an address of their own.
    pub address: Option<IpAddr>,
    /// The fingerprint of their TLS certificate.
    pub certfp: Option<Text>,
}

type Item = chat_room::Item<Network>;

/// See the module.
pub struct World {
    /// What time it is.
    pub now: Time,
    /// When the server was started, by a clock that is right.
    begun: Time,
    /// Milliseconds that the clock is ahead of what it should show.
    ahead_ms: i64,
    /// What the clock shows that nobody can set.
    monotonic_ms: i64,
    /// Whether answers stay where they are until [`World::answer_one`].
    pub holds_answers: bool,
    /// Whether clients that speak IRC answer when they are asked whether they are there.
    pub answers_pings: bool,
    /// Whether every batch is applied, taken back and applied again, which nobody may notice.
    pub doubles: bool,
    setting: Setting,
    /// The database, by the name that it has in memory; this connection keeps it there when the server dies.
    database: String,
    reader: Reader,
    /// `None` only while the server is being started again.
    room: Option<Room<Outside>>,
    inbox: Vec<Item>,
}

/// A name that no other world of this process has.
fn new_database() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("world-{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

impl World {
    /// A server that has just started, with nobody on.
    pub fn new(setting: Setting) -> Self {
        let database = new_database();
        let mut store = Store::in_memory(&database).expect("a database in memory can be made");
        let created = START.plus(-86_400_000);
        let account = |(account, password): &(_, _)| Change::Account {
            account: Clone::clone(account),
            hash: hash(password),
            created: Stamp { id: MsgId::MIN, time: created },
        };
        let accounts: Vec<_> = setting.accounts.iter().map(account).collect();
        store.save(&accounts).expect("memory does not fail");
        let mut judge = Judge::default();
        judge.committed(&accounts.iter().collect::<Vec<_>>(), START);
        let outside = Outside {
            now: START,
            monotonic_ms: 0,
            disk: Disk::Works,
            clients: Vec::new(),
            asked: Vec::new(),
            judge,
            recording: Recording::default(),
        };
        let reader = Reader::in_memory(&database).expect("it was made just now");
        let mut world = Self {
            now: START,
            begun: START,
            ahead_ms: 0,
            monotonic_ms: 0,
            holds_answers: false,
            answers_pings: false,
            doubles: false,
            setting,
            database,
            reader,
            room: None,
            inbox: Vec::new(),
        };
        world.start(store, outside);
        world
    }

    fn start(&mut self, store: Store, mut outside: Outside) {
        outside.recording = Recording::default();
        outside.now = self.now;
        outside.monotonic_ms = self.monotonic_ms;
        let config = Config {
            settings: self.setting.settings.clone(),
            password: self.setting.password.clone(),
            context: Contexts::new(&self.setting.context()),
            retention_ms: self.setting.retention_ms,
            disk_free_bytes_min: 1,
        };
        let room = Room::start(store, config, outside, self.now);
        self.room = Some(room.expect("what was stored can be loaded"));
    }

    fn room(&mut self) -> &mut Room<Outside> {
        self.room.as_mut().expect("the server runs")
    }

    pub(crate) fn outside(&self) -> &Outside {
        &self.room.as_ref().expect("the server runs").shell
    }

    pub(crate) fn outside_mut(&mut self) -> &mut Outside {
        &mut self.room().shell
    }

    pub(crate) fn clients(&self) -> &[Client] {
        &self.outside().clients
    }

    pub(crate) fn judge(&mut self) -> &mut Judge {
        &mut self.outside_mut().judge
    }

    /// The audit log, as it is stored.
    pub(crate) fn audit(&self) -> Vec<AuditRow> {
        self.reader.audit(None, u32::MAX).expect("it can be read")
    }

    /// Changes the state of the disk.
    pub fn set_disk(&mut self, disk: Disk) {
        self.outside_mut().disk = disk;
    }

    /// Whether what a client is told waits until it has been told of the past.
    pub(crate) fn holds(&self, client: &Client) -> bool {
        self.room.as_ref().is_some_and(|room| room.holds(client.id))
    }

    /// Whether the server's inputs, applied again, come to the same.
    pub(crate) fn check_recording(&self) -> Result<(), String> {
        let room = self.room.as_ref().expect("the server runs");
        record::check(&room.shell.recording, room.engine())
    }

    /// Holds what everybody has seen against what is stored.
    pub(crate) fn judge_at_the_end(&mut self) {
        let Some(room) = &mut self.room else { return };
        let Outside { judge, clients, .. } = &mut room.shell;
        judge.at_the_end(clients, &self.reader);
    }

    /// One batch of at most so many items.
    pub fn turn(&mut self, items_max: usize) {
        let (now, doubles) = (self.now, self.doubles);
        let count = self.inbox.len().min(items_max);
        let mut items = self.inbox.drain(..count).collect::<Vec<_>>().into_iter();
        let monotonic_ms = self.monotonic_ms;
        let room = self.room();
        (room.shell.now, room.shell.monotonic_ms) = (now, monotonic_ms);
        room.begin(now);
        while room.has_room()
            && let Some(item) = items.next()
        {
            if let Item::Ended { session, .. } = &item {
                room.shell.clients[session.slot()].line = Line::Closed;
            }
            if let Item::Frames { session, arrived_ms, .. } = &item {
                room.shell.judge.lines_came(*session, *arrived_ms);
            }
            room.take(item);
        }
        if doubles {
            room.apply_again(None);
        }
        room.finish();
        self.inbox.splice(0..0, items);
        for index in 0..self.clients().len() {
            self.look_after(index);
        }
        let Some(room) = &mut self.room else { return };
        let holding: BTreeSet<SessionId> =
            room.shell.clients.iter().map(|client| client.id).filter(|id| room.holds(*id)).collect();
        let Outside { judge, clients, .. } = &mut room.shell;
        judge.end_batch(monotonic_ms, clients, &holding);
    }

    /// Does for a client what the task of its connection would, and what every client does by itself.
    fn look_after(&mut self, index: usize) {
        let (answers_pings, monotonic_ms) = (self.answers_pings, self.monotonic_ms);
        let client = &mut self.outside_mut().clients[index];
        if answers_pings && client.face == Face::Irc && client.is_alive() {
            for token in client.pings() {
                client.push(format!("PONG :{token}\r\n").as_bytes(), monotonic_ms);
            }
        }
        if client.line == Line::Open && client.is_closing() {
            client.line = Line::Closing;
            let ended = Item::Ended { session: client.id, address: client.peer.address };
            self.inbox.push(ended);
        }
        self.forward(index);
    }

    fn forward(&mut self, index: usize) {
        let client = &mut self.outside_mut().clients[index];
        if client.line != Line::Open {
            return;
        }
        let (session, arrived_ms, frames) = (client.id, client.arrived_ms, client.take_frames());
        if !frames.is_empty() {
            self.inbox.push(Item::Frames { session, arrived_ms, frames });
        }
    }

    /// The server dies without a word, and another one starts from what was stored, whatever the clock shows then.
    pub fn crash(&mut self) {
        self.now = self.now.plus(RESTART_MS);
        self.monotonic_ms += RESTART_MS;
        self.begun = self.now.plus(-self.ahead_ms);
        let Some(room) = self.room.take() else { return };
        let (_, mut outside) = room.into_parts();
        for client in &mut outside.clients {
            client.line = Line::Closed;
        }
        outside.asked.clear();
        outside.disk = Disk::Works;
        self.inbox.clear();
        let store = Store::in_memory(&self.database).expect("the database is still there");
        self.start(store, outside);
    }

    // What happens outside

    /// Somebody connects. Returns which client that is.
    pub fn connect(&mut self, name: &str, how: &Joining) -> usize {
        let index = self.clients().len();
        let id = SessionId::new(index as u32, 1);
        let own = IpAddr::V4(Ipv4Addr::new(192, 0, 2, (index % 250) as u8 + 1));
        let is_admin = how.face == Face::Admin;
        let peer = Peer {
            client: how.face.name().into(),
            hears_itself: how.face.hears_itself(),
            address: (!is_admin).then(|| how.address.unwrap_or(own)),
            secure: how.certfp.is_some(),
            certfp: how.certfp.clone(),
            administrator: is_admin.then(|| format!("admin {name}").into()),
        };
        let bytes_max = self.setting.settings.limits.line_bytes_max;
        let client = Client::new(name, id, how.face, peer.clone(), bytes_max);
        let outbox = client.network.clone();
        self.outside_mut().clients.push(client);
        self.inbox.push(Item::Connected { session: id, face: how.face, guest: how.guest, peer, outbox });
        index
    }

    /// A client sends something.
    pub fn send(&mut self, client: usize, bytes: &[u8]) {
        let (index, monotonic_ms) = (client, self.monotonic_ms);
        let client = &mut self.outside_mut().clients[index];
        if client.is_alive() {
            client.push(bytes, monotonic_ms);
            self.forward(index);
        }
    }

    /// A client closes its end.
    pub fn hang_up(&mut self, client: usize) {
        let client = &self.clients()[client];
        if client.is_alive() {
            self.inbox.push(Item::Gone { session: client.id, farewell: CloseReason::Closed });
        }
    }

    /// A client's link is dead from now on, which the server does not know.
    pub fn dies(&mut self, client: usize) {
        let monotonic_ms = self.monotonic_ms;
        self.outside_mut().clients[client].dies(monotonic_ms);
    }

    /// What comes of dead links after some time.
    fn end_dead_links(&mut self) {
        let monotonic_ms = self.monotonic_ms;
        let Some(room) = &mut self.room else { return };
        for client in &mut room.shell.clients {
            let Link::Dead { since_ms } = client.link else { continue };
            if client.line == Line::Open && monotonic_ms - since_ms >= DEAD_LINK_MS {
                client.link = Link::GivenUp;
                let farewell = match client.face {
                    Face::Irc => CloseReason::PingTimeout { seconds: DEAD_LINK_MS / 1000 },
                    _ => CloseReason::Failed("timed out".into()),
                };
                self.inbox.push(Item::Gone { session: client.id, farewell });
            }
        }
    }

    /// The server asks a client whether it is still there.
    pub fn ping(&mut self, client: usize) {
        let session = self.clients()[client].id;
        self.inbox.push(Item::Ping { session });
    }

    /// A client's network takes so many bytes more and then none; `None` is everything at once.
    pub fn takes(&mut self, client: usize, bytes: Option<usize>) {
        let client = &self.clients()[client];
        let session = client.id;
        client.takes(bytes);
        if client.is_drained() {
            self.inbox.push(Item::Drained { session });
        }
    }

    /// Time goes by; backwards, where somebody sets the clock, but not to before the server was started.
    pub fn wait(&mut self, milliseconds: i64) {
        self.now = self.now.plus(milliseconds).max(self.begun.plus(self.ahead_ms));
        self.monotonic_ms += milliseconds.max(0);
        for index in 0..self.clients().len() {
            let now_ms = self.monotonic_ms;
            self.outside_mut().clients[index].silence(milliseconds.max(0).unsigned_abs(), now_ms);
            self.forward(index);
        }
        self.end_dead_links();
        if milliseconds >= 1000 {
            self.inbox.push(Item::Tick);
        }
    }

    /// Somebody sets the clock, so far ahead of what it should show.
    pub fn set_clock_ahead(&mut self, milliseconds: i64) {
        self.now = self.now.plus(milliseconds - self.ahead_ms);
        self.ahead_ms = milliseconds;
        self.outside_mut().judge.clock_is_right(milliseconds == 0);
    }

    /// The operator stops the server.
    pub fn stop(&mut self) {
        self.inbox.push(Item::Stop);
    }

    /// Whether there is anything that [`World::turn`] could do.
    pub fn is_idle(&self) -> bool {
        self.inbox.is_empty() && !self.room.as_ref().is_some_and(Room::is_busy)
    }

    /// How many questions wait for their answers.
    pub fn questions(&self) -> usize {
        self.outside().asked.len()
    }

    /// The answer to one question comes, out of turn if need be.
    pub fn answer_one(&mut self, which: usize) {
        if which < self.questions() {
            let asked = self.outside_mut().asked.remove(which);
            let found = chat_room::answer(&self.reader, &Backwards, asked.work);
            let found = found.expect("memory can be read");
            self.inbox.push(Item::Answered { ticket: asked.ticket, found });
        }
    }

    /// One question cannot be answered.
    pub fn fail_one(&mut self, which: usize) {
        if which < self.questions() {
            let ticket = self.outside_mut().asked.remove(which).ticket;
            self.inbox.push(Item::Answered { ticket, found: Found::Failed });
        }
    }

    /// Goes on until nothing more happens by itself.
    pub fn settle(&mut self) {
        loop {
            if !self.holds_answers {
                let monotonic_ms = self.monotonic_ms;
                while let Some(which) =
                    self.outside().asked.iter().position(|asked| asked.due_ms <= monotonic_ms)
                {
                    self.answer_one(which);
                }
            }
            if self.is_idle() {
                break;
            }
            self.turn(usize::MAX);
        }
    }
}
