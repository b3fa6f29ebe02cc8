//! What one client sends: cut into frames, and let through at the pace it may have.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use chat_model::limits::Limits;
use chat_wire::{Frame, Framer};

/// A bucket of lines: so many at once, then so many a second.
#[derive(Debug)]
struct Bucket {
    tokens: f64,
    burst: f64,
    per_second: f64,
    filled: Instant,
}

impl Bucket {
    fn fill(&mut self, now: Instant) {
        let gained = now.duration_since(self.filled).as_secs_f64() * self.per_second;
        self.tokens = (self.tokens + gained).min(self.burst);
        self.filled = now;
    }

    /// When there is a whole token again.
    fn next(&self) -> Instant {
        let missing = (1.0 - self.tokens).max(0.0) / self.per_second;
        self.filled + Duration::from_secs_f64(missing)
    }
}

/// Frames of one connection on their way to the engine.
#[derive(Debug)]
pub(crate) struct Intake {
    framer: Framer,
    waiting: VecDeque<Frame>,
    waiting_bytes: usize,
    waiting_bytes_max: usize,
    /// `None` where the flood limit is off.
    bucket: Option<Bucket>,
}

/// Far more waits than the client may have waiting.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Flood;

/// What a frame that is no call counts as.
const FRAME_BYTES: usize = 64;

fn bytes_of(frame: &Frame) -> usize {
    match frame {
        Frame::Call(call) => FRAME_BYTES + call.bytes(),
        Frame::Bad(_) | Frame::BadCall { .. } | Frame::Broken(_) => FRAME_BYTES,
    }
}

impl Intake {
    pub(crate) fn new(framer: Framer, limits: &Limits, now: Instant) -> Self {
        let (burst, per_second) = (f64::from(limits.flood_burst), f64::from(limits.flood_per_second));
        let bucket = limits.flood.then_some(Bucket { tokens: burst, burst, per_second, filled: now });
        let waiting_bytes_max = limits.receive_queue_bytes_max;
        Self { framer, waiting: VecDeque::new(), waiting_bytes: 0, waiting_bytes_max, bucket }
    }

    /// Takes bytes in. With the flood limit on, too much of it is an end; without it, reading pauses, see
    /// [`Intake::is_full`].
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<(), Flood> {
        let mut frames = Vec::new();
        self.framer.push(bytes, &mut frames);
        self.keep(frames)
    }

    /// Nothing came for a while, or will any more.
    pub(crate) fn silence(&mut self) -> Result<(), Flood> {
        let mut frames = Vec::new();
        self.framer.silence(&mut frames);
        self.keep(frames)
    }

    fn keep(&mut self, frames: Vec<Frame>) -> Result<(), Flood> {
        self.waiting_bytes += frames.iter().map(bytes_of).sum::<usize>();
        self.waiting.extend(frames);
        if self.bucket.is_some() && self.waiting_bytes > self.waiting_bytes_max {
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
        if let Some(bucket) = &mut self.bucket {
            bucket.fill(now);
            count = count.min(bucket.tokens as usize);
            bucket.tokens -= count as f64;
        }
        let frames: Vec<_> = self.waiting.drain(..count).collect();
        self.waiting_bytes -= frames.iter().map(bytes_of).sum::<usize>();
        if self.waiting.is_empty() {
            self.waiting = VecDeque::new();
        }
        frames
    }

    /// When the bucket lets another frame through, if one waits for it.
    pub(crate) fn next(&self) -> Option<Instant> {
        let bucket = self.bucket.as_ref()?;
        (!self.waiting.is_empty() && bucket.tokens < 1.0).then(|| bucket.next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chat_wire::Face;

    fn intake(limits: &Limits, now: Instant) -> Intake {
        Intake::new(Framer::new(Face::Irc, 1024), limits, now)
    }

    #[test]
    fn after_a_burst_lines_pass_at_a_steady_rate_and_none_is_lost() {
        let start = Instant::now();
        let limits = Limits { flood_burst: 3, flood_per_second: 2, ..Limits::default() };
        let mut intake = intake(&limits, start);
        intake.push(&b"PING a\r\n".repeat(10)).expect("within the limit");
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
    fn far_over_the_limit_is_an_end_unless_the_limit_is_off() {
        let start = Instant::now();
        let mut limits = Limits { receive_queue_bytes_max: 1000, ..Limits::default() };
        let lines = b"PRIVMSG #room :what a flood this is going to be\r\n".repeat(20);
        assert_eq!(intake(&limits, start).push(&lines), Err(Flood));
        limits.flood = false;
        let mut intake = intake(&limits, start);
        assert_eq!(intake.push(&lines), Ok(()));
        assert!(intake.is_full());
        assert_eq!(intake.take(start, 100).len(), 20);
    }
}
