//! The client without its terminal and its network: keys and events in, screen and calls out.
//!
//! Nothing here opens a socket, reads a clock or writes to a terminal, so every behaviour is tested by what goes
//! in and what comes out. Incoming lines are handled by the table in [`incoming`], typed ones by that in [`commands`].

mod catch_up;
mod channel;
pub(crate) mod commands;
mod complete;
mod incoming;
mod io;
mod leaving;
pub(crate) mod line;
mod login;
mod logins;
mod outbox;
mod past;
mod registration;
mod services;
mod split;
mod state;
mod support;
mod talk;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chat_model::id::Time;
use chat_model::language::Language;
use chat_model::sentence;

use channel::Channel;
pub(crate) use io::{Effect, Input};
use leaving::Leaving;
use line::{Line, What};
use logins::{Login, Logins};
use outbox::{Outbox, Outgoing};
use past::Past;
use registration::Registration;
pub(crate) use state::Options;
use state::{Joining, Kept, Mute, Phase, Question};
use support::Support;

/// Lines that are kept while there is no connection.
const KEPT_LINES_MAX: usize = 10_000;

/// Lines of a script that may wait to be sent or confirmed.
const SCRIPT_LINES_MAX: usize = 100;

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
    /// The nickname that the user asked for and has not got yet.
    wanted_nick: Option<String>,
    logins: Logins,
    /// `nick!user@host` as others see it, once known.
    source: Option<String>,
    capabilities: BTreeSet<String>,
    support: Support,
    channels: BTreeMap<String, Channel>,
    /// The channel or nickname that lines without a command go to.
    active: Option<String>,
    /// The channel of the last `/join`, which becomes the active one.
    joining: Option<Joining>,
    past: Past,
    batches: incoming::Batches,
    outbox: Outbox,
    kept: VecDeque<Kept>,
    /// Whether a command is not answered yet that the next line must wait for: any of a script, and `/join`.
    stepping: bool,
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
    /// Why we close the connection ourselves.
    own_reason: Option<String>,
    heard: Time,
    pinged: bool,
}

impl Session {
    /// A session that is not connected yet.
    pub(crate) fn new(mut options: Options) -> Self {
        let mut logins = Logins::default();
        if let Some(password) = options.password.take() {
            let account = options.account.as_ref().unwrap_or(&options.nick).clone();
            logins.propose(Login { account, password });
        }
        Self {
            wanted_nick: None,
            logins,
            nick: options.nick.clone(),
            active: None,
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
            past: Past::since(options.seen),
            batches: incoming::Batches::default(),
            outbox: Outbox::default(),
            kept: VecDeque::new(),
            stepping: false,
            mute: Mute::Off,
            left_out: 0,
            question: None,
            leaving: Leaving::No,
            refused: false,
            failures: 0,
            welcomed: false,
            last_error: None,
            own_reason: None,
            options,
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
            Input::Terminated => self.exit_now(),
            Input::Tick => self.tick(),
        }
        self.act_on_kept();
        self.leave_when_done();
        std::mem::take(&mut self.out)
    }

    /// What lines without a command go to.
    pub(crate) fn active(&self) -> Option<&str> {
        self.active.as_deref()
    }

    /// Whether the next thing typed is the answer to a question.
    pub(crate) fn is_asking(&self) -> bool {
        self.question.is_some()
    }

    /// Whether everything that a connection begins with is over.
    pub(crate) fn is_online(&self) -> bool {
        self.phase == Phase::Online
    }

    /// Up to when everything was seen, by the server's clock.
    pub(crate) fn seen(&self) -> Option<Time> {
        self.past.seen_until()
    }

    /// Whether another typed line can be taken in. A script may have more of them than memory; a person
    /// who types is never kept waiting.
    pub(crate) fn has_room(&self) -> bool {
        self.options.interactive || self.outbox.len() + self.kept.len() < SCRIPT_LINES_MAX
    }

    fn connected(&mut self, private: bool) {
        self.past.begin();
        self.phase = Phase::Registering;
        self.private = private;
        self.heard = self.now;
        self.pinged = false;
        self.stepping = false;
        self.capabilities.clear();
        self.support = Support::default();
        self.batches = incoming::Batches::default();
        self.options.nick.clone_into(&mut self.nick);
        self.last_error = None;
        self.own_reason = None;
        if self.mute != Mute::Off {
            // The user wants it still; whether the server knows is seen when it tells our modes.
            self.mute = Mute::Asked;
        }
        let refusal = self.logins.current().and_then(|_| self.password_refusal());
        match refusal {
            // A script must not speak under another name than it was told to.
            Some(refusal) if !self.options.interactive => self.give_up_usage(refusal),
            _ => self.register(),
        }
    }

    /// The server took everything that a connection begins with.
    fn online(&mut self) {
        self.phase = Phase::Online;
        self.failures = 0;
        self.past.complete();
        self.clear_doubts();
        self.pump();
    }

    /// What was sent and not confirmed before the connection was lost goes out again where the history shows that
    /// it did not arrive. Elsewhere the user is told: better to be asked again than to have said something twice.
    fn clear_doubts(&mut self) {
        let mut outbox = std::mem::take(&mut self.outbox);
        let again = outbox.retry(|message| self.history_tells_of(&message.target));
        let lost = outbox.give_up();
        self.outbox = outbox;
        for Outgoing { target, text, .. } in lost {
            // There may be a password in what services are told.
            let l = self.language();
            let what = match commands::is_service(&target) {
                true => sentence!(l, en = "what you told {target}", zh = "你对 {target} 说的"),
                false => text,
            };
            self.error(sentence!(
                l,
                en = "the connection was lost before this was confirmed, so it may not have arrived: {what}",
                zh = "还没确认连接就断了，可能没有送到：{what}",
            ));
        }
        if again > 0 {
            let text = sentence!(
                self.language(),
                en = "sending again what did not arrive ({again})",
                zh = "重新发送没送到的 {again} 条",
            );
            self.info(text);
        }
    }

    /// Keeps a line until it can be acted on.
    fn keep(&mut self, line: &str, active: Option<String>) {
        if self.kept.len() >= KEPT_LINES_MAX {
            self.error(sentence!(
                self.language(),
                en = "not connected, and {KEPT_LINES_MAX} lines are waiting already; this one is dropped",
                zh = "没有连上，已有 {KEPT_LINES_MAX} 行在等，这一行没有留下",
            ));
            return;
        }
        if self.options.interactive && self.phase != Phase::Online {
            let secret =
                line.strip_prefix('/').and_then(|line| line.split(' ').next()).and_then(commands::find);
            let shown = secret.filter(|command| command.secret).map(|command| format!("/{} …", command.name));
            let text = sentence!(
                self.language(),
                en = "not connected yet; kept and sent later: {line}",
                zh = "还没连上，先留着，稍后发送：{line}",
                line = shown.as_deref().unwrap_or(line),
            );
            self.info(text);
        }
        self.kept.push_back(Kept { line: line.to_owned(), active });
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

    /// The language that is spoken here now.
    pub(crate) fn language(&self) -> Language {
        self.options.language.unwrap_or_default()
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

    /// The user cannot be where lines go to. They must not go elsewhere, for others would read them there.
    fn nowhere(&mut self, channel: &str) {
        if self.options.interactive {
            self.active = None;
            let text = sentence!(
                self.language(),
                en = "lines go nowhere now: /join {channel} to go there, or /to another channel",
                zh = "当前聊天没有了：/join {channel} 回去，或用 /to 换一个",
            );
            self.info(text);
        } else {
            // Each line of a script is refused, by this name.
            self.active = Some(channel.to_owned());
        }
    }

    /// The channel of the last `/join` has answered, or else does not want us.
    fn joining_ended(&mut self) {
        let Some(Joining { name, .. }) = self.joining.take() else { return };
        self.refused = true;
        match &self.active {
            Some(active) if self.options.interactive => {
                let text = sentence!(
                    self.language(),
                    en = "you are not in {name}; still talking to {active}",
                    zh = "你不在 {name}，当前聊天仍是 {active}",
                );
                self.info(text);
            }
            _ => self.nowhere(&name),
        }
    }

    /// Makes a channel or a nickname the one that lines go to, and says so.
    fn activate(&mut self, target: &str) {
        if !self.is_active(target) {
            self.active = Some(target.to_owned());
            if self.options.interactive {
                let text =
                    sentence!(self.language(), en = "now talking to {target}", zh = "当前聊天：{target}");
                self.info(text);
            }
        }
    }
}
