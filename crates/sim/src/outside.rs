//! What the loop runs in here: a disk that can fail, questions that wait until they are answered, and a judge and a
//! recording in the place of a log.

use std::net::IpAddr;
use std::sync::Arc;

use chat_engine::effect::Effect;
use chat_model::change::{AuditRow, Change};
use chat_model::id::{SessionId, Stamp, Ticket, Time};
use chat_model::reply::{CommandReply, IrcReply, Reply};
use chat_room::{Observation, Shell, Work};
use chat_store::{Store, StoreError};

use crate::client::{Client, Network};
use crate::judge::Judge;
use crate::record::{Entry, Recording};

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

/// A question that waits for its answer.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) ticket: Ticket,
    pub(crate) work: Work,
    /// Not before, by the clock that nobody can set, when a login is slowed down.
    pub(crate) due_ms: i64,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Outside {
    pub(crate) now: Time,
    /// What the clock shows that nobody can set.
    pub(crate) monotonic_ms: i64,
    pub(crate) disk: Disk,
    pub(crate) clients: Vec<Client>,
    pub(crate) asked: Vec<Asked>,
    pub(crate) judge: Judge,
    pub(crate) recording: Recording,
}

/// Two lines of the audit log cannot have one id, so a transaction with these fails at its very end.
fn impossible() -> [Change; 2] {
    let row = || AuditRow {
        at: Stamp::default(),
        actor: "nobody".into(),
        action: "fail".into(),
        target: "".into(),
        detail: "".into(),
    };
    [Change::Audit(row()), Change::Audit(row())]
}

impl Shell for Outside {
    type Outbox = Network;

    fn save(&mut self, store: &mut Store, changes: &[&Change]) -> Result<(), StoreError> {
        let fault = impossible();
        let fault = fault.iter().filter(|_| self.disk == Disk::Fails);
        store.save(changes.iter().copied().chain(fault))
    }

    fn probe(&mut self, store: &mut Store) -> bool {
        self.disk != Disk::Fails && store.probe().is_ok()
    }

    fn ask(&mut self, ticket: Ticket, work: Work) {
        let delay_ms = match &work {
            Work::Verify { delay_ms, .. } => *delay_ms as i64,
            _ => 0,
        };
        self.asked.push(Asked { ticket, work, due_ms: self.monotonic_ms + delay_ms });
    }

    fn give_back(&mut self, _session: SessionId, _address: Option<IpAddr>) {}

    fn free_bytes(&self) -> Option<u64> {
        (self.disk == Disk::Full).then_some(0)
    }

    fn monotonic_ms(&self) -> i64 {
        self.monotonic_ms
    }

    fn last_log_lines(&self, _count: usize) -> Vec<Arc<str>> {
        Vec::new()
    }

    fn observe(&mut self, observation: Observation<'_>) {
        match observation {
            Observation::BatchBegins => self.recording.note(&Entry::Checkpoint, &[]),
            Observation::Applied { envelope, effects, engine } => {
                self.recording.note(&Entry::Input(Box::new(envelope.clone())), effects);
                self.judge.after_input(envelope.time, &envelope.input, effects, &engine.view());
            }
            Observation::RolledBack => {
                self.recording.note(&Entry::Rollback, &[]);
                self.judge.rollback();
            }
            Observation::Committed { changes } => self.judge.committed(changes, self.now),
            Observation::CarriesOut(effect) => {
                self.judge.shown(effect);
                self.follow(effect);
            }
            Observation::Expired { messages } => self.judge.expired(messages),
            _ => {}
        }
    }
}

impl Outside {
    /// Notes what a client learns about itself.
    fn follow(&mut self, effect: &Effect) {
        if let Effect::Reply { session, reply } | Effect::Past { session, reply } = effect {
            self.learn(*session, reply);
        }
    }

    fn learn(&mut self, session: SessionId, reply: &Reply) {
        let client = &mut self.clients[session.slot()];
        match reply {
            Reply::Welcome { who, .. } => {
                client.names.insert(who.nick.folded().to_owned());
                client.accounts.extend(who.account.as_ref().map(|account| account.folded().to_owned()));
            }
            Reply::Irc(IrcReply::YouAre { who }) => drop(client.names.insert(who.nick.folded().to_owned())),
            Reply::LoggedIn { account, .. } => {
                client.accounts.insert(account.folded().to_owned());
                client.sees_twice |= client.network.in_flight.is_registered();
            }
            Reply::Command(CommandReply::History { .. }) => client.sees_twice = true,
            _ => {}
        }
    }
}
