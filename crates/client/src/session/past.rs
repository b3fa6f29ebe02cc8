//! What was said while we were not there: fetched after every connection, exactly once (IRCv3 chathistory).
//!
//! For each channel and each conversation the place of the last message shown is known. After a new connection
//! the messages behind it are fetched page by page; what is said meanwhile is held back until they are shown.

use std::collections::{BTreeMap, HashSet, VecDeque};

use chat_model::id::Time;

use super::line::{Said, timestamp};
use super::{Phase, Session};

/// Messages of one page.
const PAGE_MESSAGES: u32 = 100;
/// Conversations that are looked for after a new connection.
const CONVERSATIONS_MAX: u32 = 100;
/// Message ids that are remembered, so that nothing is shown twice.
const SEEN_MAX: usize = 20_000;
/// Milliseconds in a day: how far the server's clock may be ahead of ours.
const DAY_MS: i64 = 86_400_000;

/// A place in the history of a channel or a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// Behind the message of this id.
    Id(String),
    /// After this moment, where nothing was said yet.
    Time(Time),
}

/// Fetching what was missed in one channel or conversation.
#[derive(Debug)]
struct Catchup {
    /// Whether one page is all that is wanted.
    single: bool,
    /// What is said meanwhile.
    held: Vec<Said>,
}

/// What is known of the past.
#[derive(Debug, Default)]
pub(super) struct Past {
    /// By folded name of the channel or of the other person.
    places: BTreeMap<String, Place>,
    catchups: BTreeMap<String, Catchup>,
    /// Whether the conversations with something new are being asked for.
    asking_targets: bool,
    /// Answers to `/history` that are still to come, and for what.
    wanted: Vec<String>,
    seen: HashSet<String>,
    seen_order: VecDeque<String>,
    /// The latest moment that the server told of.
    latest: Time,
}

impl Past {
    /// The connection is lost; answers that were still to come never will.
    pub(super) fn interrupted(&mut self) {
        self.catchups.clear();
        self.wanted.clear();
        self.asking_targets = false;
    }

    /// Whether a message is new, which it is only once.
    fn is_new(&mut self, id: &str) -> bool {
        if !self.seen.insert(id.to_owned()) {
            return false;
        }
        self.seen_order.push_back(id.to_owned());
        if self.seen_order.len() > SEEN_MAX
            && let Some(oldest) = self.seen_order.pop_front()
        {
            self.seen.remove(&oldest);
        }
        true
    }
}

impl Session {
    /// Whether the server keeps a history that can be asked for.
    pub(super) fn can_fetch_history(&self) -> bool {
        self.has("draft/chathistory") && self.has("batch")
    }

    /// A message came in, as it was said or from the history.
    pub(super) fn receive(&mut self, said: Said) {
        let key = self.support.fold(conversation(&said));
        match self.past.catchups.get_mut(&key) {
            Some(catchup) if !said.past => catchup.held.push(said),
            _ => self.deliver(said, &key),
        }
    }

    /// Shows a message, unless it was shown before.
    fn deliver(&mut self, said: Said, key: &str) {
        if let Some(id) = &said.id {
            if !self.past.is_new(id) {
                return;
            }
            self.past.places.insert(key.to_owned(), Place::Id(id.clone()));
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
        match self.past.places.get(&key).cloned() {
            Some(place) => self.fetch_after(channel, &place),
            None => {
                self.past.places.insert(key.clone(), Place::Time(time));
                if self.options.history_lines > 0 {
                    let count = self.page_messages(self.options.history_lines).to_string();
                    self.begin_catchup(channel, true);
                    self.call("CHATHISTORY", &["LATEST", channel, "*", &count]);
                }
            }
        }
    }

    /// Asks who whispered while we were away.
    pub(super) fn catch_up_whispers(&mut self) {
        if self.past.latest == Time::default() || !self.can_fetch_history() {
            return;
        }
        self.past.asking_targets = true;
        let from = format!("timestamp={}", timestamp(self.past.latest.plus(-1)));
        let to = format!("timestamp={}", timestamp(self.past.latest.max(self.now).plus(DAY_MS)));
        self.call("CHATHISTORY", &["TARGETS", &from, &to, &CONVERSATIONS_MAX.to_string()]);
    }

    fn begin_catchup(&mut self, target: &str, single: bool) {
        self.past.catchups.insert(self.support.fold(target), Catchup { single, held: Vec::new() });
    }

    fn fetch_after(&mut self, target: &str, place: &Place) {
        if !self.past.catchups.contains_key(&self.support.fold(target)) {
            self.begin_catchup(target, false);
        }
        let after = match place {
            Place::Id(id) => format!("msgid={id}"),
            Place::Time(time) => format!("timestamp={}", timestamp(*time)),
        };
        let count = self.page_messages(PAGE_MESSAGES).to_string();
        self.call("CHATHISTORY", &["AFTER", target, &after, &count]);
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
        self.past.asking_targets = false;
        for target in targets {
            if self.support.is_channel(target) {
                continue;
            }
            let key = self.support.fold(target);
            let place = self.past.places.get(&key).cloned().unwrap_or(Place::Time(self.past.latest));
            self.fetch_after(target, &place);
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
        let Some(catchup) = self.past.catchups.get(&key) else { return };
        let single = catchup.single;
        let before = self.past.places.get(&key).cloned();
        for said in messages {
            self.deliver(said, &key);
        }
        let after = self.past.places.get(&key).cloned();
        match after {
            // A page that brought something new may not be the last.
            Some(place) if !single && before.as_ref() != Some(&place) => self.fetch_after(target, &place),
            _ => self.caught_up(&key),
        }
    }

    /// The server refuses to tell the past of something: on without it.
    pub(super) fn history_refused(&mut self, context: &[&str], why: &str) {
        let keys: Vec<String> = context.iter().map(|word| self.support.fold(word)).collect();
        self.error(format!("no history: {why}"));
        if let Some(index) = self.past.wanted.iter().position(|wanted| keys.contains(wanted)) {
            self.past.wanted.remove(index);
        } else if let Some(key) = keys.iter().find(|key| self.past.catchups.contains_key(*key)) {
            self.caught_up(&key.clone());
        } else {
            // It is not said what for, so nothing may wait for it any more.
            self.past.asking_targets = false;
            self.past.wanted.clear();
            for key in self.past.catchups.keys().cloned().collect::<Vec<_>>() {
                self.caught_up(&key);
            }
            self.online_when_caught_up();
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
        self.call("CHATHISTORY", &["LATEST", target, "*", &count]);
    }

    fn show_history(&mut self, target: &str, messages: Vec<Said>) {
        if messages.is_empty() {
            self.info(format!("nothing was said in {target} so far"));
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
