//! Fetching what was said while we were not there, after every connection, exactly once (IRCv3 chathistory).
//!
//! For each channel and each conversation the position of the last message shown is known. After a new connection
//! the messages behind it are fetched page by page; what is said meanwhile is held back until they are shown.

use chat_model::id::Time;
use chat_model::phrase;
use chat_model::sentence;

use super::commands::is_service;
use super::line::{Said, timestamp};
use super::past::{Catchup, Position};
use super::{Phase, Session};

/// Messages of one page.
const PAGE_MESSAGES: u32 = 100;
/// Conversations that are looked for after a new connection.
const CONVERSATIONS_MAX: u32 = 100;
/// Milliseconds in a day: how far the server's clock may be ahead of ours.
const DAY_MS: i64 = 86_400_000;
/// Milliseconds without a word of the history after which it is given up.
const ANSWER_MS_MAX: i64 = 30_000;

impl Session {
    /// Whether the server keeps a history that can be asked for.
    pub(super) fn can_fetch_history(&self) -> bool {
        let can_refer = self.support.refers_by_id || self.has("server-time");
        self.has("draft/chathistory") && self.has("batch") && can_refer
    }

    /// Whether a message that is not in the history did not arrive.
    pub(super) fn history_tells_of(&self, target: &str) -> bool {
        let key = self.support.fold(target);
        // What services are told is in no history.
        let kept = !is_service(target)
            && (self.support.is_channel(target) == self.support.channel_of(target).is_some());
        let stirred = self.past.stirred.as_ref().filter(|_| !self.support.is_channel(target));
        kept && (self.past.known.contains(&key) || stirred.is_some_and(|stirred| !stirred.contains(&key)))
    }

    /// A message came in, as it was said or from the history.
    pub(super) fn receive(&mut self, said: Said) {
        let joining = self.phase == Phase::Joining && self.can_fetch_history();
        if said.channel.is_none() && !said.past && (joining || self.past.asking_targets) {
            self.past.early.push(said);
            return;
        }
        let key = self.support.fold(conversation(&said));
        match self.past.catchups.get_mut(&key) {
            Some(catchup) if !said.past => catchup.held.push(said),
            _ => self.deliver(said, &key),
        }
    }

    /// Shows a message, unless it was shown before.
    fn deliver(&mut self, said: Said, key: &str) {
        if said.past {
            self.note_moment(said.time);
        }
        if let Some(id) = &said.id {
            if !self.past.is_new(id) {
                return;
            }
            self.past.positions.insert(key.to_owned(), Position { id: Some(id.clone()), time: said.time });
        }
        if said.past && said.own {
            // What was sent before the connection was lost did arrive.
            let arrived = |m: &super::outbox::Outgoing| {
                m.state == super::outbox::State::Uncertain && m.text == said.text && m.kind == said.kind
            };
            let target = conversation(&said).to_owned();
            let support = self.support.clone();
            self.outbox.take_where(|m| arrived(m) && support.same(&m.target, &target));
        }
        self.present(said);
    }

    /// Notes the moment of something that the server told, and where there is no message yet to go on from.
    pub(super) fn note_moment(&mut self, time: Time) {
        self.past.latest = self.past.latest.max(time);
    }

    /// We are on a channel from `time` on: what was missed there is fetched, or else the latest few lines.
    pub(super) fn catch_up_channel(&mut self, channel: &str, time: Time) {
        let key = self.support.fold(channel);
        if !self.can_fetch_history() {
            return;
        }
        match self.past.positions.get(&key).cloned() {
            Some(position) => self.fetch_after(channel, &position),
            None => {
                self.past.positions.insert(key.clone(), Position { id: None, time });
                if self.options.history_lines > 0 {
                    let count = self.page_messages(self.options.history_lines).to_string();
                    self.begin_catchup(channel, true);
                    self.ask_past(&["LATEST", channel, "*", &count]);
                }
            }
        }
    }

    /// Asks who whispered while we were away.
    pub(super) fn catch_up_whispers(&mut self) {
        let from = self.past.from.filter(|_| self.can_fetch_history());
        let Some(from) = from else {
            self.targets_known();
            return;
        };
        self.past.asking_targets = true;
        let from = format!("timestamp={}", timestamp(from.plus(-1)));
        let to = format!("timestamp={}", timestamp(self.past.latest.max(self.now).plus(DAY_MS)));
        self.ask_past(&["TARGETS", &from, &to, &CONVERSATIONS_MAX.to_string()]);
    }

    fn ask_past(&mut self, words: &[&str]) {
        self.past.heard = self.now;
        self.call("CHATHISTORY", words);
    }

    /// Time went by. A server may forget to answer, and lines that are kept until it does must not be kept for ever.
    pub(super) fn history_late(&mut self) {
        let past = &self.past;
        let waits = past.asking_targets || !past.catchups.is_empty() || !past.wanted.is_empty();
        if waits && self.now.since(past.heard) >= ANSWER_MS_MAX {
            let why = phrase!(self.language(), en = "the server does not answer", zh = "服务器没有回应");
            self.history_refused(&[], why);
        }
    }

    fn begin_catchup(&mut self, target: &str, single: bool) {
        self.past
            .catchups
            .insert(self.support.fold(target), Catchup { single, announced: false, held: Vec::new() });
    }

    fn fetch_after(&mut self, target: &str, position: &Position) {
        if !self.past.catchups.contains_key(&self.support.fold(target)) {
            self.begin_catchup(target, false);
        }
        let after = match &position.id {
            Some(id) if self.support.refers_by_id => format!("msgid={id}"),
            // More may have been said in that very moment; what was shown is known by its id.
            Some(_) => format!("timestamp={}", timestamp(position.time.plus(-1))),
            None => format!("timestamp={}", timestamp(position.time)),
        };
        let count = self.page_messages(PAGE_MESSAGES).to_string();
        self.ask_past(&["AFTER", target, &after, &count]);
    }

    fn page_messages(&self, wanted: u32) -> u32 {
        match self.support.history_max {
            Some(max) if max > 0 => wanted.min(max),
            _ => wanted,
        }
    }

    /// The conversations that something was said in since the connection was lost. Channels are dealt with
    /// when they are joined.
    pub(super) fn history_targets(&mut self, targets: &[String]) {
        if !self.past.asking_targets {
            return;
        }
        let from = self.past.from.unwrap_or_default();
        let conversations = targets.iter().map(|target| self.support.fold(target)).collect();
        let all = targets.len() < self.page_messages(CONVERSATIONS_MAX) as usize;
        self.past.stirred = all.then_some(conversations);
        for target in targets {
            if self.support.is_channel(target) {
                continue;
            }
            let key = self.support.fold(target);
            let position =
                self.past.positions.get(&key).cloned().unwrap_or(Position { id: None, time: from });
            self.fetch_after(target, &position);
        }
        self.targets_known();
    }

    /// It is known where whispers were missed, so those that came meanwhile can take their place behind them.
    fn targets_known(&mut self) {
        self.past.asking_targets = false;
        for said in std::mem::take(&mut self.past.early) {
            self.receive(said);
        }
        self.online_when_caught_up();
    }

    /// One page of history is complete.
    pub(super) fn history_page(&mut self, target: &str, messages: Vec<Said>) {
        let key = self.support.fold(target);
        if let Some(index) = self.past.wanted.iter().position(|wanted| *wanted == key) {
            self.past.wanted.remove(index);
            self.show_history(target, messages);
            return;
        }
        let news = messages.iter().any(|said| !self.past.was_shown(said.id.as_ref()));
        let Some(catchup) = self.past.catchups.get_mut(&key) else { return };
        let single = catchup.single;
        let tell = !single && news && !std::mem::replace(&mut catchup.announced, true);
        if tell && self.options.interactive {
            self.info(sentence!(self.language(), en = "missed in {target}:", zh = "{target} 里你错过的："));
        }
        let before = self.past.positions.get(&key).cloned();
        for said in messages {
            self.deliver(said, &key);
        }
        let after = self.past.positions.get(&key).cloned();
        match after {
            // A page that brought something new may not be the last.
            Some(position) if !single && before.as_ref() != Some(&position) => {
                self.fetch_after(target, &position)
            }
            _ => {
                if !single {
                    self.past.known.insert(key.clone());
                }
                self.caught_up(&key);
            }
        }
    }

    /// The server refuses to tell the past of something: on without it.
    pub(super) fn history_refused(&mut self, context: &[&str], why: &str) {
        let keys: Vec<String> = context.iter().map(|word| self.support.fold(word)).collect();
        self.error(sentence!(self.language(), en = "no history: {why}", zh = "没有历史消息：{why}"));
        if let Some(index) = self.past.wanted.iter().position(|wanted| keys.contains(wanted)) {
            self.past.wanted.remove(index);
        } else if let Some(key) = keys.iter().find(|key| self.past.catchups.contains_key(*key)) {
            self.caught_up(&key.clone());
        } else {
            // It is not said what for, so nothing may wait for it any more.
            self.past.wanted.clear();
            for key in self.past.catchups.keys().cloned().collect::<Vec<_>>() {
                self.caught_up(&key);
            }
            self.targets_known();
        }
    }

    fn caught_up(&mut self, key: &str) {
        let Some(catchup) = self.past.catchups.remove(key) else { return };
        for said in catchup.held {
            self.deliver(said, key);
        }
        self.online_when_caught_up();
    }

    /// What is typed goes out as soon as nothing is missing any more.
    pub(super) fn online_when_caught_up(&mut self) {
        if self.phase == Phase::Fetching && self.past.catchups.is_empty() && !self.past.asking_targets {
            self.online();
        }
    }

    /// `/history`
    pub(super) fn ask_history(&mut self, target: &str, count: u32) {
        self.past.wanted.push(self.support.fold(target));
        let count = self.page_messages(count).to_string();
        self.ask_past(&["LATEST", target, "*", &count]);
    }

    fn show_history(&mut self, target: &str, messages: Vec<Said>) {
        if messages.is_empty() {
            let text = sentence!(
                self.language(),
                en = "nothing was said in {target} so far",
                zh = "{target} 还没有人说过话"
            );
            self.info(text);
        }
        for said in messages {
            self.show_said(said);
        }
    }
}

/// The channel that something was said in, or the other person.
fn conversation(said: &Said) -> &str {
    match (&said.channel, &said.to) {
        (Some(channel), _) => channel,
        (None, Some(to)) if said.own => to,
        _ => &said.nick,
    }
}
