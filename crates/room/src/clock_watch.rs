//! Whether the wall clock can be believed. Somebody may set it wrong for two seconds, and what is deleted by it then does
//! not come back when it is right again.

use chat_model::id::Time;

/// Against the clock that nobody can set, the wall clock may go wrong by so much from one look to the next.
const STEP_MS: i64 = 60_000;
/// A clock that was set is believed again when it has agreed with itself for so long.
const AGREEMENT_MS: i64 = 60 * 60 * 1000;
/// At the start what was stored last is the only witness. A clock that shows a time from before it, or longer after it than
/// a server is likely to have been off, has to show for itself first.
const SILENCE_MS_MAX: i64 = 30 * 24 * 60 * 60 * 1000;

/// What a look at the clock has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// It was set forwards or back, by so many milliseconds.
    Step(i64),
    /// It has agreed with itself for long enough.
    Agreement,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct ClockWatch {
    wall: Time,
    monotonic_ms: i64,
    /// Since when the clock is not believed, by the one that nobody can set.
    doubted_since_ms: Option<i64>,
}

impl ClockWatch {
    /// Begins to look, at the start of a server that stored something last at this time, if ever.
    pub(crate) fn new(last: Option<Time>, wall: Time, monotonic_ms: i64) -> Self {
        let since_last = |last: Time| wall.0.saturating_sub(last.0);
        let doubted = last.is_some_and(|last| !(-STEP_MS..=SILENCE_MS_MAX).contains(&since_last(last)));
        Self { wall, monotonic_ms, doubted_since_ms: doubted.then_some(monotonic_ms) }
    }

    pub(crate) fn is_believed(&self) -> bool {
        self.doubted_since_ms.is_none()
    }

    /// Looks at both clocks.
    pub(crate) fn look(&mut self, wall: Time, monotonic_ms: i64) -> Option<Found> {
        let step = (wall.0 - self.wall.0) - (monotonic_ms - self.monotonic_ms);
        (self.wall, self.monotonic_ms) = (wall, monotonic_ms);
        if step.abs() > STEP_MS {
            self.doubted_since_ms = Some(monotonic_ms);
            return Some(Found::Step(step));
        }
        let since = self.doubted_since_ms?;
        if monotonic_ms - since < AGREEMENT_MS {
            return None;
        }
        self.doubted_since_ms = None;
        Some(Found::Agreement)
    }

    /// Somebody who can see another clock says that this one is right.
    pub(crate) fn believe(&mut self) {
        self.doubted_since_ms = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_800_000_000_000);
    const DAY_MS: i64 = 86_400_000;

    fn watch() -> ClockWatch {
        ClockWatch::new(Some(NOW), NOW, 0)
    }

    #[test]
    fn a_step_is_doubted_until_the_clock_has_agreed_with_itself() {
        let mut watch = watch();
        assert_eq!(watch.look(NOW.plus(1000), 1000), None);
        assert_eq!(watch.look(NOW.plus(100 * DAY_MS), 2000), Some(Found::Step(100 * DAY_MS - 2000)));
        assert!(!watch.is_believed());
        assert_eq!(watch.look(NOW.plus(4000), 4000), Some(Found::Step(2000 - 100 * DAY_MS)));
        assert_eq!(watch.look(NOW.plus(AGREEMENT_MS), AGREEMENT_MS), None);
        let later = AGREEMENT_MS + 4000;
        assert_eq!(watch.look(NOW.plus(later), later), Some(Found::Agreement));
        assert!(watch.is_believed());
        assert_eq!(watch.look(NOW.plus(later), later), None);
    }

    #[test]
    fn what_runs_a_little_fast_or_was_looked_at_late_is_no_step() {
        let mut watch = watch();
        assert_eq!(watch.look(NOW.plus(STEP_MS), 0), None);
        assert_eq!(watch.look(NOW.plus(STEP_MS + DAY_MS), DAY_MS), None);
        assert!(watch.is_believed());
    }

    #[test]
    fn whoever_says_that_the_clock_is_right_is_believed() {
        let mut watch = watch();
        watch.look(NOW.plus(DAY_MS), 0);
        watch.believe();
        assert!(watch.is_believed());
    }

    #[test]
    fn at_the_start_what_was_stored_last_is_the_witness() {
        let cases = [
            (0, true),
            (-STEP_MS, true),
            (-STEP_MS - 1, false),
            (SILENCE_MS_MAX, true),
            (SILENCE_MS_MAX + 1, false),
            (-20 * 365 * DAY_MS, false),
        ];
        for (after, believed) in cases {
            let watch = ClockWatch::new(Some(NOW), NOW.plus(after), 0);
            assert_eq!(watch.is_believed(), believed, "{after}");
        }
        assert!(ClockWatch::new(None, NOW, 0).is_believed(), "nothing was ever stored");
    }
}
