//! What a member does with the messages that reach it: count them all, and look closer only where the load
//! needs it.

use crate::line::{self, MESSAGE_MARK, Stamp};
use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// How close a member looks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Watch {
    /// Counts.
    Count,
    /// Is the first receiver of its channel: tells each sender what has arrived, and checks the order.
    First,
    /// Measures how long each message took.
    Latency,
}

/// What all members of a load share.
pub(crate) struct Progress {
    started: Instant,
    expected: usize,
    deliveries: Cell<usize>,
    finished: Cell<Option<Duration>>,
    failure: RefCell<Option<anyhow::Error>>,
    latencies: RefCell<Vec<Duration>>,
    senders: Vec<Sender>,
    /// Wakes the one who waits for the end.
    pub(crate) over: Notify,
}

/// How far one sender's messages have come.
#[derive(Default)]
pub(crate) struct Sender {
    /// Messages that the first receiver of the channel has seen.
    pub(crate) seen: Cell<usize>,
    pub(crate) window_moved: Notify,
}

impl Progress {
    pub(crate) fn new(expected: usize, senders: usize) -> Self {
        Self {
            started: Instant::now(),
            expected,
            deliveries: Cell::default(),
            finished: Cell::default(),
            failure: RefCell::default(),
            latencies: RefCell::default(),
            senders: std::iter::repeat_with(Sender::default).take(senders).collect(),
            over: Notify::new(),
        }
    }

    /// Time since the load began.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    pub(crate) fn sender(&self, index: usize) -> &Sender {
        &self.senders[index]
    }

    pub(crate) fn deliveries(&self) -> usize {
        self.deliveries.get()
    }

    /// How long it took until the last delivery, once that has come.
    pub(crate) fn finished(&self) -> Option<Duration> {
        self.finished.get()
    }

    pub(crate) fn latencies(&self) -> Vec<Duration> {
        self.latencies.take()
    }

    /// Ends the load in failure; the first reason counts.
    pub(crate) fn fail(&self, error: anyhow::Error) {
        self.failure.borrow_mut().get_or_insert(error);
        self.over.notify_one();
    }

    pub(crate) fn failure(&self) -> Option<anyhow::Error> {
        self.failure.take()
    }

    /// Takes whole lines that reached a member; returns how many of them were messages.
    pub(crate) fn take(&self, watch: Watch, lines: &[u8]) -> usize {
        let messages = match watch {
            Watch::Count => memchr::memmem::find_iter(lines, MESSAGE_MARK).count(),
            Watch::First | Watch::Latency => self.look_closer(watch, lines),
        };
        self.deliveries.set(self.deliveries.get() + messages);
        if self.deliveries.get() >= self.expected && self.finished.get().is_none() {
            self.finished.set(Some(self.elapsed()));
            self.over.notify_one();
        }
        messages
    }

    fn look_closer(&self, watch: Watch, lines: &[u8]) -> usize {
        let arrived = self.elapsed();
        let mut messages = 0;
        for line in lines.split_inclusive(|byte| *byte == b'\n') {
            if memchr::memmem::find(line, MESSAGE_MARK).is_none() {
                continue;
            }
            messages += 1;
            match line::read(line) {
                Some(stamp) if watch == Watch::First => self.move_window(stamp),
                Some(stamp) => self.latencies.borrow_mut().push(arrived.saturating_sub(stamp.sent)),
                None => self.fail(anyhow::anyhow!(
                    "a message was changed on its way: {}",
                    String::from_utf8_lossy(line).trim()
                )),
            }
        }
        messages
    }

    fn move_window(&self, stamp: Stamp) {
        let Some(sender) = self.senders.get(stamp.sender) else {
            return self.fail(anyhow::anyhow!("someone else is talking in the channels of this load"));
        };
        if stamp.sequence != sender.seen.get() {
            self.fail(anyhow::anyhow!(
                "message {} of sender {} arrived where message {} was due",
                stamp.sequence,
                stamp.sender,
                sender.seen.get()
            ));
        }
        sender.seen.set(stamp.sequence + 1);
        sender.window_moved.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivered(sender: usize, sequence: usize) -> Vec<u8> {
        let mut line = b":nick!user@host ".to_vec();
        line::write(&mut line, "#bench", Stamp { sender, sequence, sent: Duration::ZERO });
        line
    }

    #[test]
    fn every_way_of_watching_counts_messages_and_nothing_else() {
        let lines =
            [delivered(0, 0), b"PING :x\r\n".to_vec(), delivered(1, 0), b":s 404 n #c :no\r\n".to_vec()]
                .concat();
        for watch in [Watch::Count, Watch::First, Watch::Latency] {
            let progress = Progress::new(2, 2);
            assert_eq!(progress.take(watch, &lines), 2);
            assert!(progress.finished().is_some() && progress.failure().is_none());
        }
    }

    #[test]
    fn the_first_receiver_moves_the_window_and_notices_a_lost_message() {
        let progress = Progress::new(9, 1);
        progress.take(Watch::First, &[delivered(0, 0), delivered(0, 1)].concat());
        assert_eq!(progress.sender(0).seen.get(), 2);
        progress.take(Watch::First, &delivered(0, 3));
        let failure = progress.failure().expect("message 2 is missing");
        assert_eq!(failure.to_string(), "message 3 of sender 0 arrived where message 2 was due");
    }
}
