//! What is known of the past: what was shown, and what is still being fetched.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use chat_model::id::Time;

use super::line::Said;

/// Message ids that are remembered, so that nothing is shown twice.
const SEEN_MAX: usize = 20_000;
/// A position in the history of a channel or a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Position {
    /// The message that it is behind, where something was said.
    pub(super) id: Option<String>,
    /// The moment of that, or another one that nothing was said since.
    pub(super) time: Time,
}

/// Fetching what was missed in one channel or conversation.
#[derive(Debug)]
pub(super) struct Catchup {
    /// Whether one page is all that is wanted.
    pub(super) single: bool,
    /// Whether it was told that something was missed.
    pub(super) announced: bool,
    /// What is said meanwhile.
    pub(super) held: Vec<Said>,
}

/// What is known of the past.
#[derive(Debug, Default)]
pub(super) struct Past {
    /// By folded name of the channel or of the other person.
    pub(super) positions: BTreeMap<String, Position>,
    /// What is being fetched, by the same.
    pub(super) catchups: BTreeMap<String, Catchup>,
    /// Whether the conversations with something new are being asked for.
    pub(super) asking_targets: bool,
    /// Answers to `/history` that are still to come, and for what.
    pub(super) wanted: Vec<String>,
    /// When the server was last asked for something, or answered.
    pub(super) heard: Time,
    /// Whispers that came before it is known what came before them.
    pub(super) early: Vec<Said>,
    /// Channels and conversations of which everything since the last connection is known.
    pub(super) known: BTreeSet<String>,
    /// Conversations in which something was said since then, where all of them are known.
    pub(super) stirred: Option<BTreeSet<String>>,
    seen: HashSet<String>,
    seen_order: VecDeque<String>,
    /// The latest moment that the server told of.
    pub(super) latest: Time,
    /// The same when this connection began, or none if there was nothing before it: what came since was missed.
    pub(super) from: Option<Time>,
    /// Whether everything up to `latest` was shown.
    complete: bool,
}

impl Past {
    /// A past of which everything up to `seen` was shown in an earlier run.
    pub(super) fn since(seen: Option<Time>) -> Self {
        Self { latest: seen.unwrap_or_default(), ..Self::default() }
    }

    /// A connection begins.
    pub(super) fn begin(&mut self) {
        self.from = (self.latest != Time::default()).then_some(self.latest);
        self.complete = false;
        self.known.clear();
        self.stirred = None;
    }

    /// What was missed before this connection is shown.
    pub(super) fn complete(&mut self) {
        self.complete = true;
    }

    /// The connection is lost; answers that were still to come never will.
    pub(super) fn interrupted(&mut self) {
        self.catchups.clear();
        self.wanted.clear();
        self.early.clear();
        self.asking_targets = false;
        if !self.complete {
            // What was missed before this connection still is, and so is what was held back during it.
            self.latest = self.from.unwrap_or_default();
        }
    }

    /// Up to when everything was shown.
    pub(super) fn seen_until(&self) -> Option<Time> {
        let until = if self.complete { Some(self.latest) } else { self.from };
        until.filter(|time| *time != Time::default())
    }

    /// Whether a message was shown.
    pub(super) fn was_shown(&self, id: Option<&String>) -> bool {
        id.is_some_and(|id| self.seen.contains(id))
    }

    /// Whether a message is new, which it is only once.
    pub(super) fn is_new(&mut self, id: &str) -> bool {
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
