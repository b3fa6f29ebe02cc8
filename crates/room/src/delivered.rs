//! Up to where a client has shown to have got what it was sent. What went into a connection is not delivered by that: the
//! other end may have been gone for minutes.
//!
//! A client shows it by the PONG to a PING that was sent behind it, or by anything that it sends well after. What a PING was
//! sent behind is its token, which the PONG brings back: any other PONG is a line like any other. Of faces that cannot be
//! asked, the system is believed: it ends a connection whose bytes nobody acknowledges.

use std::mem;

use chat_model::call::Call;
use chat_model::id::{MsgId, SessionId};
use chat_wire::Frame;

use crate::connections::Connection;
use crate::room::Room;
use crate::shell::{Outbox, Shell};

/// Seconds after which bytes that a system has not been able to deliver end their connection: keepalive of 60 s and four
/// probes of 15 s, and the same as TCP_USER_TIMEOUT. Whoever is still there has got what was sent before. Seconds are
/// ticks here: the wall clock may say anything.
const ACKNOWLEDGED_TICKS: u32 = 120;
/// Seconds for which something may be sent to a client without a sign of having arrived, before it is asked.
const RECEIPT_TICKS: u32 = 30;

/// What is known of one connection.
#[derive(Debug, Default)]
pub(crate) struct Delivered {
    /// Up to here everything had been handed to the system at the last look.
    sent: MsgId,
    /// The same at the look before: older than any way there and back.
    settled: MsgId,
    /// Since when that is so, by the monotonic clock.
    settled_ms: i64,
    /// This has been with the system for so many ticks.
    handed_on: (u32, MsgId),
    /// What the first and the last PING that are not answered yet were sent behind.
    asked: Option<(MsgId, MsgId)>,
    /// Ticks without a sign of what was sent.
    silent_ticks: u32,
    mark: MsgId,
    /// The engine does not know the mark yet.
    is_news: bool,
}

impl Delivered {
    fn reaches(&mut self, mark: MsgId) {
        self.silent_ticks = 0;
        if mark > self.mark {
            (self.mark, self.is_news) = (mark, true);
        }
    }

    /// The client has sent these. What came before the last look and has waited since, for its pace or for the loop, says
    /// nothing of what has settled by now.
    pub(crate) fn heard(&mut self, arrived_ms: i64, frames: &[Frame]) {
        if arrived_ms >= self.settled_ms {
            self.reaches(self.settled);
        }
        for frame in frames {
            if let Frame::Call(call) = frame
                && call.is("PONG")
            {
                self.answered(call);
            }
        }
    }

    fn answered(&mut self, pong: &Call) {
        if let Some((first, last)) = self.asked
            && let Some(answered) = tokens(pong).find(|token| (first..=last).contains(token))
        {
            self.asked = (answered < last).then_some((answered.next(), last));
            self.reaches(answered);
        }
    }

    /// A PING is being sent, behind everything up to here.
    fn asks(&mut self, sent: MsgId) {
        let first = self.asked.map_or(sent, |(first, _)| first);
        self.asked = Some((first, sent));
    }

    /// The mark, where the engine does not know it.
    fn take_news(&mut self) -> Option<MsgId> {
        mem::take(&mut self.is_news).then_some(self.mark)
    }

    /// A second went by in which everything up to `sent` had left, if `has_left`. Whether the client is to be asked.
    fn look(&mut self, now_ms: i64, has_left: bool, sent: MsgId, can_be_asked: bool) -> bool {
        if has_left {
            if self.settled != self.sent {
                (self.settled, self.settled_ms) = (self.sent, now_ms);
            }
            self.sent = sent;
        }
        self.silent_ticks = if self.settled <= self.mark { 0 } else { self.silent_ticks + 1 };
        if can_be_asked {
            // Once: whoever does not bring the token back shows by its answer what it had when it was asked.
            return self.silent_ticks == RECEIPT_TICKS;
        }
        self.handed_on.0 += 1;
        if self.handed_on.0 >= ACKNOWLEDGED_TICKS {
            self.reaches(self.handed_on.1);
            self.handed_on = (0, self.settled);
        }
        false
    }
}

/// What a PONG may bring back: some clients put a name before it.
fn tokens(pong: &Call) -> impl Iterator<Item = MsgId> {
    let mut words = pong.words();
    std::iter::from_fn(move || words.next_word()).filter_map(|word| word.parse().ok().map(MsgId))
}

impl<O: Outbox> Connection<O> {
    /// Whether everything that it was told is with the system.
    fn has_left(&self) -> bool {
        !self.is_holding() && self.outbox.is_empty()
    }
}

impl<S: Shell> Room<S> {
    /// Once a second: who has shown to have got what. Comes back with the marks that have moved.
    pub(crate) fn look_for_receipts(&mut self) -> Vec<(SessionId, MsgId)> {
        let (now_ms, sent) = (self.shell.monotonic_ms(), self.flushed);
        let (mut marks, mut asked) = (Vec::new(), Vec::new());
        for connection in self.connections.all() {
            let can_be_asked = connection.face.face().can_be_asked();
            let has_left = connection.has_left();
            if connection.delivered.look(now_ms, has_left, sent, can_be_asked)
                && connection.outbox.in_flight().is_registered()
            {
                asked.push(connection.id());
            }
            marks.extend(connection.delivered.take_news().map(|mark| (connection.id(), mark)));
        }
        for session in asked {
            self.ping(session);
        }
        marks
    }

    /// Asks a client whether it is there, and has got everything up to now.
    pub(crate) fn ping(&mut self, session: SessionId) {
        let (context, sent) = (&self.config.context, self.flushed);
        if let Some(connection) = self.connections.get(session) {
            connection.delivered.asks(sent);
        }
        let token = sent.to_string();
        self.connections.tell(session, |face, out| face.ping(&token, context, out));
    }

    /// The last mark of a session that ends. A face that cannot be asked closes its end when it has got everything.
    pub(crate) fn last_mark(&mut self, session: SessionId, has_closed: bool) -> Option<(SessionId, MsgId)> {
        let connection = self.connections.get(session)?;
        if has_closed && !connection.face.face().can_be_asked() {
            connection.delivered.reaches(connection.delivered.settled);
        }
        connection.delivered.take_news().map(|mark| (session, mark))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENT: MsgId = MsgId(7);

    fn line(verb: &str) -> Frame {
        Frame::Call(Call::new(verb, &[]))
    }

    fn pong(words: &[&str]) -> Frame {
        Frame::Call(Call::new("PONG", words))
    }

    #[test]
    fn a_line_shows_only_what_was_sent_well_before_it() {
        let mut delivered = Delivered::default();
        delivered.look(0, true, SENT, true);
        delivered.heard(0, &[line("PRIVMSG")]);
        assert_eq!(delivered.mark, MsgId::MIN, "it may have been on its way already");
        delivered.look(0, true, MsgId(9), true);
        delivered.heard(0, &[line("PRIVMSG")]);
        assert_eq!(delivered.mark, SENT);
    }

    #[test]
    fn a_line_that_has_waited_shows_only_what_had_settled_when_it_came() {
        let mut delivered = Delivered::default();
        delivered.look(1000, true, SENT, true);
        let came_ms = 1500;
        delivered.look(2000, true, MsgId(9), true);
        delivered.heard(came_ms, &[line("PRIVMSG")]);
        assert_eq!(delivered.mark, MsgId::MIN, "it was typed before the second look");
        delivered.heard(2000, &[line("PRIVMSG")]);
        assert_eq!(delivered.mark, SENT);
        delivered.look(3000, true, MsgId(9), true);
        delivered.look(4000, true, MsgId(9), true);
        delivered.heard(3000, &[line("PRIVMSG")]);
        assert_eq!(delivered.mark, MsgId(9), "nothing was sent since");
    }

    #[test]
    fn who_is_silent_is_asked_and_the_answer_shows_what_was_sent_before_the_question() {
        let mut delivered = Delivered::default();
        assert!((0..RECEIPT_TICKS).all(|_| !delivered.look(0, true, SENT, true)));
        assert!(delivered.look(0, true, SENT, true));
        delivered.asks(SENT);
        assert!(!delivered.look(0, true, MsgId(9), true), "once");
        delivered.heard(0, &[pong(&["7"])]);
        assert_eq!(delivered.mark, SENT);
    }

    #[test]
    fn a_pong_shows_what_its_own_ping_was_sent_behind_and_no_more() {
        let cases: &[(&[&str], MsgId)] = &[
            (&[], MsgId::MIN),
            (&["irc.test"], MsgId::MIN),
            (&["1795266125"], MsgId::MIN),
            (&["7"], SENT),
            (&["irc.test", "9"], MsgId(9)),
        ];
        for (words, shown) in cases {
            let mut delivered = Delivered::default();
            delivered.asks(SENT);
            delivered.asks(MsgId(9));
            delivered.heard(0, &[pong(words)]);
            assert_eq!(delivered.mark, *shown, "{words:?}");
            delivered.heard(0, &[pong(&["9"])]);
            assert_eq!(delivered.mark, MsgId(9), "the later one is still to be answered after {words:?}");
        }
    }

    #[test]
    fn what_waits_here_is_not_delivered_whatever_the_client_says() {
        let mut delivered = Delivered::default();
        for _ in 0..9 {
            delivered.look(0, false, SENT, true);
            delivered.heard(0, &[line("PRIVMSG")]);
        }
        assert_eq!(delivered.mark, MsgId::MIN);
    }

    #[test]
    fn a_face_that_cannot_be_asked_has_got_what_the_system_would_have_given_up_by_now() {
        let mut delivered = Delivered::default();
        let mut mark_after = |ticks: u32| {
            assert!((0..ticks).all(|_| !delivered.look(0, true, SENT, false)));
            delivered.mark
        };
        assert_eq!(mark_after(ACKNOWLEDGED_TICKS), MsgId::MIN);
        assert_eq!(mark_after(ACKNOWLEDGED_TICKS), SENT);
    }
}
