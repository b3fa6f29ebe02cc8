//! What one client sends: cut into frames, and let through at the pace it may have.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use chat_model::limits::Limits;
use chat_wire::{Frame, Framer};

use crate::bucket::{Bucket, Pace, Rate};
use crate::slots::pace_rate;

/// Frames of one connection on their way to the engine.
#[derive(Debug)]
pub(crate) struct Intake {
    framer: Framer,
    waiting: VecDeque<Frame>,
    /// When something began to wait, by the clock that the loop goes by: nothing that waits now came before.
    arrived_ms: i64,
    waiting_bytes: usize,
    waiting_bytes_max: usize,
    /// `None` where the flood limit is off.
    flood: Option<FloodLimit>,
}

/// What one connection may send, and all of its address together.
#[derive(Debug)]
struct FloodLimit {
    lines: Bucket,
    line_rate: Rate,
    pace: Option<Arc<Pace>>,
    pace_rate: Rate,
    /// When the address may send again, if it has sent too much.
    pause: Option<Instant>,
}

impl FloodLimit {
    fn new(limits: &Limits, pace: Option<Arc<Pace>>, now: Instant) -> Self {
        let line_rate =
            Rate { burst: f64::from(limits.flood_burst), per_second: f64::from(limits.flood_per_second) };
        let lines = Bucket::full(line_rate, now);
        Self { lines, line_rate, pace, pace_rate: pace_rate(limits), pause: None }
    }

    /// How many of these frames may pass now. They are counted as sent.
    fn let_through<'f>(&mut self, frames: impl Iterator<Item = &'f Frame>, now: Instant) -> usize {
        self.lines.fill(self.line_rate, now);
        let frames = frames.take(self.lines.count());
        let count = match &self.pace {
            None => frames.count(),
            Some(pace) => {
                let mut bucket = pace.bucket(self.pace_rate, now);
                self.pause = None;
                let paid = frames.take_while(|frame| {
                    if bucket.count() == 0 {
                        self.pause = Some(bucket.next(self.pace_rate));
                        return false;
                    }
                    bucket.spend(cost_of(frame));
                    true
                });
                let count = paid.count();
                if self.pause.is_some() {
                    pace.hold();
                }
                count
            }
        };
        self.lines.spend(count);
        count
    }

    /// When another frame may pass; `None` when one may now.
    fn next(&self) -> Option<Instant> {
        let lines = (self.lines.count() == 0).then(|| self.lines.next(self.line_rate));
        lines.max(self.pause)
    }
}

/// Far more waits than the client may have waiting.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Flood;

/// What a frame takes besides its bytes.
const FRAME_BYTES: usize = 64;
/// What others are shown besides the words of a line: names, tags, the fields of an object. `storms` holds this and the
/// limits of an address against what they are really shown.
const SHOWN_BYTES: usize = 768;

/// What a frame costs its address: about as much as any other member is shown because of it, or it takes to read it.
fn cost_of(frame: &Frame) -> usize {
    match frame {
        Frame::Call(call) if !is_private(call.verb()) => {
            // Texts are cut into lines with names before each; JSON writes six bytes for such a character.
            let shown = SHOWN_BYTES + 2 * call.bytes() + 4 * call.control_characters();
            shown * call.targets()
        }
        private => bytes_of(private),
    }
}

/// Whether nobody else is shown anything of it. How many may come in is limited by the slots.
fn is_private(verb: &str) -> bool {
    chat_engine::is_private(verb) || chat_wire::irc::is_negotiation(verb)
}

fn bytes_of(frame: &Frame) -> usize {
    match frame {
        Frame::Call(call) => FRAME_BYTES + call.bytes(),
        Frame::Bad(_) | Frame::BadCall { .. } | Frame::Broken(_) => FRAME_BYTES,
    }
}

impl Intake {
    pub(crate) fn new(framer: Framer, limits: &Limits, pace: Option<Arc<Pace>>, now: Instant) -> Self {
        let flood = limits.flood.then(|| FloodLimit::new(limits, pace, now));
        let waiting_bytes_max = limits.receive_queue_bytes_max;
        Self { framer, waiting: VecDeque::new(), arrived_ms: 0, waiting_bytes: 0, waiting_bytes_max, flood }
    }

    /// Takes bytes in. With the flood limit on, too much of it is an end; without it, reading pauses, see
    /// [`Intake::is_full`]. `now_ms` is by the clock that the loop goes by.
    pub(crate) fn push(&mut self, bytes: &[u8], now_ms: i64) -> Result<(), Flood> {
        let mut frames = Vec::new();
        self.framer.push(bytes, &mut frames);
        self.keep(frames, now_ms)
    }

    /// Nothing came for a while, or will any more.
    pub(crate) fn silence(&mut self, now_ms: i64) -> Result<(), Flood> {
        let mut frames = Vec::new();
        self.framer.silence(&mut frames);
        self.keep(frames, now_ms)
    }

    fn keep(&mut self, frames: Vec<Frame>, now_ms: i64) -> Result<(), Flood> {
        if self.waiting.is_empty() {
            self.arrived_ms = now_ms;
        }
        self.waiting_bytes += frames.iter().map(bytes_of).sum::<usize>();
        self.waiting.extend(frames);
        if self.flood.is_some() && self.waiting_bytes > self.waiting_bytes_max {
            return Err(Flood);
        }
        Ok(())
    }

    pub(crate) fn silence_ms(&self) -> Option<u64> {
        self.framer.silence_ms()
    }

    /// Enough waits; more is read when some of it was let through.
    pub(crate) fn is_full(&self) -> bool {
        self.waiting_bytes > self.waiting_bytes_max
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Lets through what may pass now, at most `room` frames.
    pub(crate) fn take(&mut self, now: Instant, room: usize) -> Vec<Frame> {
        let mut count = self.waiting.len().min(room);
        if let Some(flood) = &mut self.flood {
            count = flood.let_through(self.waiting.iter().take(count), now);
        }
        let frames: Vec<_> = self.waiting.drain(..count).collect();
        self.waiting_bytes -= frames.iter().map(bytes_of).sum::<usize>();
        if self.waiting.is_empty() {
            self.waiting = VecDeque::new();
        }
        frames
    }

    /// When what was let through came, or earlier: what passes without a pause between is as old as the first of it.
    pub(crate) fn arrived_ms(&self) -> i64 {
        self.arrived_ms
    }

    /// When another frame may pass, if one waits for that.
    pub(crate) fn next(&self) -> Option<Instant> {
        let flood = self.flood.as_ref()?;
        if self.waiting.is_empty() { None } else { flood.next() }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chat_model::call::Call;
    use chat_wire::Face;
    use prometheus_client::metrics::counter::Counter;

    use super::*;

    fn intake(limits: &Limits, now: Instant) -> Intake {
        Intake::new(Framer::new(Face::Irc, 1024), limits, None, now)
    }

    #[test]
    fn after_a_burst_lines_pass_at_a_steady_rate_and_none_is_lost() {
        let start = Instant::now();
        let limits = Limits { flood_burst: 3, flood_per_second: 2, ..Limits::default() };
        let mut intake = intake(&limits, start);
        intake.push(&b"PING a\r\n".repeat(10), 0).expect("within the limit");
        assert_eq!(intake.take(start, 100).len(), 3);
        assert_eq!(intake.take(start, 100).len(), 0);
        assert_eq!(intake.next(), Some(start + Duration::from_millis(500)));
        assert_eq!(intake.take(start + Duration::from_secs(1), 100).len(), 2);
        assert_eq!(intake.take(start + Duration::from_secs(60), 100).len(), 3);
        assert_eq!(intake.take(start + Duration::from_secs(120), 1).len(), 1);
        assert_eq!(intake.take(start + Duration::from_secs(120), 100).len(), 1);
        assert!(intake.is_empty());
    }

    #[test]
    fn what_waited_for_its_pace_is_as_old_as_when_it_came() {
        let start = Instant::now();
        let limits = Limits { flood_burst: 1, flood_per_second: 1, ..Limits::default() };
        let mut intake = intake(&limits, start);
        intake.push(b"PING a\r\nPING b\r\n", 1000).expect("within the limit");
        assert_eq!((intake.take(start, 100).len(), intake.arrived_ms()), (1, 1000));
        intake.push(b"PING c\r\n", 2000).expect("within the limit");
        for second in 1..=2 {
            let now = start + Duration::from_secs(second);
            assert_eq!((intake.take(now, 100).len(), intake.arrived_ms()), (1, 1000));
        }
        intake.push(b"PING d\r\n", 9000).expect("within the limit");
        assert_eq!(intake.arrived_ms(), 9000);
    }

    #[test]
    fn what_only_its_sender_sees_is_cheap() {
        let cost = |verb, words: &[&str]| cost_of(&Frame::Call(Call::new(verb, words)));
        assert_eq!(cost("ping", &["a"]), FRAME_BYTES + "ping a".len());
        assert_eq!(cost("cap", &["END"]), FRAME_BYTES + "cap END".len());
        assert_eq!(cost("JOIN", &["#a,#b"]), 2 * (SHOWN_BYTES + 2 * "JOIN #a,#b".len()));
    }

    #[test]
    fn far_over_the_limit_is_an_end_unless_the_limit_is_off() {
        let start = Instant::now();
        let mut limits = Limits { receive_queue_bytes_max: 1000, ..Limits::default() };
        let lines = b"PRIVMSG #room :what a flood this is going to be\r\n".repeat(20);
        assert_eq!(intake(&limits, start).push(&lines, 0), Err(Flood));
        limits.flood = false;
        let mut intake = intake(&limits, start);
        assert_eq!(intake.push(&lines, 0), Ok(()));
        assert!(intake.is_full());
        assert_eq!(intake.take(start, 100).len(), 20);
    }

    #[test]
    fn all_connections_of_an_address_share_its_pace() {
        let start = Instant::now();
        let limits = Limits {
            flood_burst: 100,
            flood_per_second: 100,
            address_burst_bytes: 1000,
            address_bytes_per_second: 100,
            ..Limits::default()
        };
        let held = Counter::default();
        let pace = Arc::new(Pace::new(pace_rate(&limits), start, held.clone()));
        let open = || Intake::new(Framer::new(Face::Irc, 1024), &limits, Some(pace.clone()), start);
        let (mut one, mut other) = (open(), open());
        for intake in [&mut one, &mut other] {
            intake.push(&b"PING a\r\n".repeat(20), 0).expect("within the limit");
        }
        let bytes = FRAME_BYTES + Call::new("PING", &["a"]).bytes();
        let at_once = 1000_usize.div_ceil(bytes);
        assert_eq!(one.take(start, 100).len(), at_once);
        assert_eq!(held.get(), 1);
        assert_eq!(other.take(start, 100).len(), 0);
        let again = other.next().expect("it waits");
        assert!(again > start);
        assert_eq!(other.take(again, 100).len(), 1);
        assert_eq!(one.take(again, 100).len(), 0);
        // What was sent beyond the limit is owed; a minute pays for a burst.
        assert_eq!(other.take(start + Duration::from_secs(60), 100).len(), at_once);
    }
}
