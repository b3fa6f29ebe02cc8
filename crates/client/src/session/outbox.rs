//! What the user said and the server has not confirmed yet, in the order it was typed.

use std::collections::VecDeque;

use super::line::Kind;

/// Messages that may be on their way at once. More would only pile up in the server's queue for us, and
/// servers close connections whose queue overflows.
pub(crate) const IN_FLIGHT_MAX: usize = 8;

/// One message on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outgoing {
    /// Its number, which is its label and the token of its PING.
    pub(crate) serial: u64,
    /// To a channel or a nickname.
    pub(crate) target: String,
    /// In which manner.
    pub(crate) kind: Kind,
    /// What.
    pub(crate) text: String,
    /// How far it is.
    pub(crate) state: State,
}

/// How far a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Not sent yet.
    Waiting,
    /// Sent and not confirmed.
    Sent,
    /// Sent before the connection was lost: it arrived or it did not.
    Uncertain,
}

/// The messages, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    messages: VecDeque<Outgoing>,
    serial: u64,
}

impl Outbox {
    /// Takes a message in.
    pub(crate) fn push(&mut self, target: &str, kind: Kind, text: &str) {
        self.serial += 1;
        let (target, text) = (target.to_owned(), text.to_owned());
        self.messages.push_back(Outgoing { serial: self.serial, target, kind, text, state: State::Waiting });
    }

    /// The next message that may be sent now, which counts as sent from here.
    pub(crate) fn next(&mut self) -> Option<Outgoing> {
        let sent = self.messages.iter().filter(|m| m.state == State::Sent).count();
        if sent >= IN_FLIGHT_MAX {
            return None;
        }
        let message = self.messages.iter_mut().find(|m| m.state == State::Waiting)?;
        message.state = State::Sent;
        Some(message.clone())
    }

    /// The message of a label or PING token is dealt with.
    pub(crate) fn take(&mut self, token: &str) -> Option<Outgoing> {
        let serial: u64 = token.strip_prefix('m')?.parse().ok()?;
        self.take_where(|message| message.serial == serial && message.state == State::Sent)
    }

    /// The oldest message like this is dealt with.
    pub(crate) fn take_where(&mut self, like: impl Fn(&Outgoing) -> bool) -> Option<Outgoing> {
        let index = self.messages.iter().position(like)?;
        self.messages.remove(index)
    }

    /// The connection is lost: what was sent may or may not have arrived.
    pub(crate) fn doubt(&mut self) {
        for message in self.messages.iter_mut().filter(|m| m.state == State::Sent) {
            message.state = State::Uncertain;
        }
    }

    /// What was in doubt did not arrive where the history shows it: it goes out again. How many there are.
    pub(crate) fn retry(&mut self, is_missing: impl Fn(&Outgoing) -> bool) -> usize {
        let mut again = 0;
        let doubtful = |m: &&mut Outgoing| m.state == State::Uncertain && is_missing(m);
        for message in self.messages.iter_mut().filter(doubtful) {
            message.state = State::Waiting;
            again += 1;
        }
        again
    }

    /// Gives up what is in doubt, where no history can tell.
    pub(crate) fn give_up(&mut self) -> Vec<Outgoing> {
        let (lost, kept) = self.messages.drain(..).partition(|m| m.state == State::Uncertain);
        self.messages = kept;
        Vec::from_iter::<VecDeque<Outgoing>>(lost)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.messages.len()
    }

    /// Whether nothing is left to send or to wait for.
    pub(crate) fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }
}

impl Outgoing {
    /// The label that the answers carry, and the token of the PING behind it.
    pub(crate) fn token(&self) -> String {
        format!("m{}", self.serial)
    }
}
