//! Buckets of tokens: so many at once, then so many a second.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use prometheus_client::metrics::counter::Counter;

/// How many tokens there are at the most, and how fast they come back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rate {
    pub(crate) burst: f64,
    pub(crate) per_second: f64,
}

/// What is left of them. A bucket is full at first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucket {
    tokens: f64,
    filled: Instant,
}

impl Bucket {
    pub(crate) fn full(rate: Rate, now: Instant) -> Self {
        Self { tokens: rate.burst, filled: now }
    }

    pub(crate) fn fill(&mut self, rate: Rate, now: Instant) {
        let gained = now.duration_since(self.filled).as_secs_f64() * rate.per_second;
        self.tokens = (self.tokens + gained).min(rate.burst);
        self.filled = now;
    }

    /// Whole tokens.
    pub(crate) fn count(&self) -> usize {
        self.tokens.max(0.0) as usize
    }

    /// Takes tokens out, also more than there are: what cannot be cut is owed.
    pub(crate) fn spend(&mut self, tokens: usize) {
        self.tokens -= tokens as f64;
    }

    /// When there is a whole token again.
    pub(crate) fn next(&self, rate: Rate) -> Instant {
        let missing = (1.0 - self.tokens).max(0.0) / rate.per_second;
        self.filled + Duration::from_secs_f64(missing)
    }

    pub(crate) fn is_full(&self, rate: Rate) -> bool {
        self.tokens >= rate.burst
    }
}

/// What others are shown of all that the connections of an address send, whatever their number: it goes down everybody's
/// line.
#[derive(Debug)]
pub(crate) struct Pace {
    bucket: Mutex<Bucket>,
    /// How often something had to wait for them.
    held: Counter,
}

impl Pace {
    pub(crate) fn new(rate: Rate, now: Instant, held: Counter) -> Self {
        Self { bucket: Mutex::new(Bucket::full(rate, now)), held }
    }

    /// The bucket, filled up to now.
    pub(crate) fn bucket(&self, rate: Rate, now: Instant) -> MutexGuard<'_, Bucket> {
        // A number is whole whatever happened to whoever changed it last.
        let mut bucket = self.bucket.lock().unwrap_or_else(PoisonError::into_inner);
        bucket.fill(rate, now);
        bucket
    }

    pub(crate) fn hold(&self) {
        self.held.inc();
    }
}
