//! The client without its terminal and its network: keys and events in, screen and calls out.
//!
//! Nothing here opens a socket, reads a clock or writes to a terminal, so every behaviour is tested by what goes
//! in and what comes out. Incoming lines are handled by the table in [`incoming`], typed ones by that in [`commands`].

mod channel;
pub(crate) mod commands;
mod complete;
mod incoming;
mod io;
mod leaving;
pub(crate) mod line;
mod outbox;
mod past;
mod registration;
mod split;
mod support;
mod talk;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chat_model::id::Time;
use chat_model::secret::Secret;

use channel::Channel;
pub(crate) use io::{Effect, Input};
use leaving::Leaving;
use line::{Line, What};
use outbox::Outbox;
use past::Past;
use registration::Registration;
use support::Support;

/// Lines that are kept while there is no connection.
const KEPT_LINES_MAX: usize = 10_000;

/// Lines of a script that may wait to be sent or confirmed.
const SCRIPT_LINES_MAX: usize = 100;

/// What the session is to be, as the command line and the configuration say.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// The server as people call it, for sentences.
    pub(crate) server: String,
    /// The nickname to have.
    pub(crate) nick: String,
    /// The account to log in to, where it is not called like the nickname.
    pub(crate) account: Option<String>,
    /// The account's password.
    pub(crate) password: Option<Secret>,
    /// Channels to be on, with their keys.
    pub(crate) channels: Vec<(String, Option<String>)>,
    /// Whether a person is there to read and to be asked.
    pub(crate) interactive: bool,
    /// Whether passwords may go over a connection that others can read.
    pub(crate) insecure_password: bool,
    /// Lines of a channel's history to show on joining it.
    pub(crate) history_lines: u32,
}

/// How far the connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    /// There is none.
    Offline,
    /// The server does not know us yet.
    Registering,
    /// It does, and the channels are being joined.
    Joining,
    /// What was missed is being fetched.
    Fetching,
    /// Everything is there, and what is typed goes out at once.
    Online,
}

/// How the room is muted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mute {
    /// Not at all.
    Off,
    /// The server was asked to (user mode `+d`).
    Asked,
    /// The server does it.
    Server,
    /// The server cannot, so room messages are left out here.
    Client,
}

/// A line that was typed before it could be acted on.
#[derive(Debug)]
struct Kept {
    line: String,
    /// Where it was meant to go.
    active: Option<String>,
}

/// What the user is being asked.
#[derive(Debug)]
enum Question {
    /// The password of this account, to log in.
    Login,
    /// The password for a new account.
    Register,
    /// The same once more.
    RegisterAgain(Secret),
}

/// One client on one server, through all its connections.
#[derive(Debug)]
pub(crate) struct Session {
    options: Options,
    now: Time,
    out: Vec<Effect>,
    phase: Phase,
    /// Whether the connection is encrypted or does not leave the machine.
    private: bool,
    registration: Registration,
    nick: String,
    /// `nick!user@host` as others see it, once known.
    source: Option<String>,
    capabilities: BTreeSet<String>,
    support: Support,
    channels: BTreeMap<String, Channel>,
    /// The channel or nickname that lines without a command go to.
    active: Option<String>,
    /// The channel of the last `/join`, which becomes the active one.
    joining: Option<String>,
    past: Past,
    batches: incoming::Batches,
    outbox: Outbox,
    kept: VecDeque<Kept>,
    mute: Mute,
    /// Room messages left out by [`Mute::Client`].
    left_out: u32,
    question: Option<Question>,
    leaving: Leaving,
    /// Whether anything was refused, for the exit status of a script.
    refused: bool,
    /// Connections that failed in a row.
    failures: u32,
    /// Whether the server ever took us.
    welcomed: bool,
    /// The last thing the server said in an ERROR.
    last_error: Option<String>,
    heard: Time,
    pinged: bool,
}

impl Session {
    /// A session that is not connected yet.
    pub(crate) fn new(options: Options) -> Self {
        Self {
            nick: options.nick.clone(),
            active: None,
            options,
            now: Time::default(),
            out: Vec::new(),
            phase: Phase::Offline,
            private: false,
            registration: Registration::default(),
            source: None,
            capabilities: BTreeSet::new(),
            support: Support::default(),
            channels: BTreeMap::new(),
            joining: None,
            past: Past::default(),
            batches: incoming::Batches::default(),
            outbox: Outbox::default(),
            kept: VecDeque::new(),
            mute: Mute::Off,
            left_out: 0,
            question: None,
            leaving: Leaving::No,
            refused: false,
            failures: 0,
            welcomed: false,
            last_error: None,
            heard: Time::default(),
            pinged: false,
        }
    }

    /// Takes in what happened at `now` and says what is to be done about it.
    pub(crate) fn apply(&mut self, now: Time, input: Input<'_>) -> Vec<Effect> {
        self.now = now;
        match input {
            Input::Connected { secure, local } => self.connected(secure || local),
            Input::Lost(why) => self.lost(why),
            Input::Line(line) => self.heard_line(line),
            Input::Typed(line) => self.typed(line),
            Input::Answer(answer) => self.answered(answer),
            Input::Interrupt => self.interrupted(),
            Input::End => self.leave(None),
            Input::Tick => self.tick(),
        }
        self.leave_when_done();
        std::mem::take(&mut self.out)
    }

    /// What lines without a command go to.
    pub(crate) fn active(&self) -> Option<&str> {
        self.active.as_deref()
    }

    /// Whether everything that a connection begins with is over.
    pub(crate) fn is_online(&self) -> bool {
        self.phase == Phase::Online
    }

    /// Whether another typed line can be taken in. A script may have more of them than memory; a person
    /// who types is never kept waiting.
    pub(crate) fn has_room(&self) -> bool {
        self.options.interactive || self.outbox.len() + self.kept.len() < SCRIPT_LINES_MAX
    }

    fn connected(&mut self, private: bool) {
        self.phase = Phase::Registering;
        self.private = private;
        self.heard = self.now;
        self.pinged = false;
        self.capabilities.clear();
        self.support = Support::default();
        self.batches = incoming::Batches::default();
        self.options.nick.clone_into(&mut self.nick);
        self.last_error = None;
        self.register();
    }

    /// The server took everything that a connection begins with.
    fn online(&mut self) {
        self.phase = Phase::Online;
        self.failures = 0;
        if self.can_fetch_history() {
            let again = self.outbox.retry();
            if again > 0 {
                self.info(format!("sending again what did not arrive ({again})"));
            }
        } else {
            for lost in self.outbox.give_up() {
                let text = format!(
                    "the connection was lost before this was confirmed, so it may not have arrived: {}",
                    lost.text
                );
                self.error(text);
            }
        }
        self.pump();
        for kept in std::mem::take(&mut self.kept) {
            self.act_on(&kept.line, kept.active);
        }
    }

    /// Keeps a line until there is a connection for it.
    fn keep(&mut self, line: &str) {
        if self.kept.len() >= KEPT_LINES_MAX {
            self.error(format!(
                "not connected, and {KEPT_LINES_MAX} lines are waiting already; this one is dropped"
            ));
            return;
        }
        if self.options.interactive {
            self.info(format!("not connected yet; kept and sent later: {line}"));
        }
        self.kept.push_back(Kept { line: line.to_owned(), active: self.active.clone() });
    }

    fn send(&mut self, line: String) {
        self.out.push(Effect::Send(line));
    }

    /// Sends a command and its words; the last one may have spaces.
    fn call(&mut self, command: &str, words: &[&str]) {
        self.send(chat_wire::irc::message::format(command, words));
    }

    fn show_at(&mut self, time: Time, what: What) {
        self.out.push(Effect::Show(Line { time, what }));
    }

    fn show(&mut self, what: What) {
        self.show_at(self.now, what);
    }

    fn info(&mut self, text: impl Into<String>) {
        self.show(What::Info { text: text.into() });
    }

    fn error(&mut self, text: impl Into<String>) {
        self.error_code(None, text);
    }

    fn error_code(&mut self, code: Option<&str>, text: impl Into<String>) {
        self.refused = true;
        self.show(What::Error { code: code.map(str::to_owned), text: text.into() });
    }

    fn ask(&mut self, question: Question, text: impl Into<String>) {
        self.question = Some(question);
        self.out.push(Effect::Ask(text.into()));
    }

    fn has(&self, capability: &str) -> bool {
        self.capabilities.contains(capability)
    }

    fn is_me(&self, nick: &str) -> bool {
        self.support.same(nick, &self.nick)
    }

    fn channel_mut(&mut self, name: &str) -> Option<&mut Channel> {
        self.channels.get_mut(&self.support.fold(name))
    }

    fn is_joined(&self, name: &str) -> bool {
        self.channels.get(&self.support.fold(name)).is_some_and(|channel| channel.joined)
    }

    fn is_active(&self, name: &str) -> bool {
        self.active.as_deref().is_some_and(|active| self.support.same(active, name))
    }

    /// Makes a channel or a nickname the one that lines go to, and says so.
    fn activate(&mut self, target: &str) {
        if !self.is_active(target) {
            self.active = Some(target.to_owned());
            if self.options.interactive {
                self.info(format!("now talking to {target}"));
            }
        }
    }
}
