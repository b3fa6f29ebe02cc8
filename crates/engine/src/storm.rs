//! A storm of guests who come and go costs the others nothing that they notice. So many arrivals on a channel are shown one
//! by one. Those beyond are delayed, as with channel mode `+D`: nobody is told that somebody came before it does
//! something, nor that it went if it did nothing. People are told how many it were.

use std::sync::Arc;

use chat_model::event::Event;
use chat_model::id::{ChannelId, SessionId, Time, UserId};
use chat_model::mode::ChannelFlag;
use serde::{Deserialize, Serialize};

use crate::cx::Cx;
use crate::effect::Effect;
use crate::state::State;

/// Arrivals of guests on one channel that are shown at once.
const ARRIVALS_BURST: i64 = 40;
/// Milliseconds after which one more is shown.
const ARRIVAL_MS: i64 = 2000;
/// Milliseconds between two sums of those that were not shown.
const SUM_MS: i64 = 10_000;
/// Milliseconds for which a guest is a stranger, who has no last words in a storm.
const STRANGER_MS: i64 = 5 * 60 * 1000;

/// What came over one channel.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Storm {
    /// When all that was shown would have come at a steady rate.
    shown_until: Time,
    /// Since when these are not told.
    since: Time,
    came: u32,
    went: u32,
}

impl Storm {
    fn new(now: Time) -> Self {
        Self { shown_until: now, since: now, came: 0, went: 0 }
    }

    /// Whether one more arrival is shown.
    fn shows(&mut self, now: Time) -> bool {
        let latest = now.plus(ARRIVALS_BURST * ARRIVAL_MS);
        // However the clock was set, no storm lasts longer than its burst.
        self.shown_until = self.shown_until.min(latest);
        let until = self.shown_until.max(now).plus(ARRIVAL_MS);
        if until > latest {
            return false;
        }
        self.shown_until = until;
        true
    }

    /// Whether it is at its height.
    fn rages(&self, now: Time) -> bool {
        self.shown_until.since(now) > (ARRIVALS_BURST - 1) * ARRIVAL_MS
    }

    fn has_news(&self) -> bool {
        self.came > 0 || self.went > 0
    }
}

/// Whether others are shown at once that a user comes into a channel.
pub(crate) fn shows_arrival(cx: &mut Cx<'_>, channel_id: ChannelId, id: UserId) -> bool {
    let is_guest = cx.user(id).who.account.is_none();
    if cx.channel(channel_id).modes.has(ChannelFlag::DelayedJoin) {
        return false;
    }
    if !is_guest {
        return true;
    }
    let now = cx.now;
    let storm = of(cx.state, channel_id, now);
    let shows = storm.shows(now);
    storm.came += u32::from(!shows);
    shows
}

fn of(state: &mut State, channel_id: ChannelId, now: Time) -> &mut Storm {
    if !state.storms.contains(&channel_id) {
        state.storms.insert(channel_id, Storm::new(now));
    }
    state.storms.get_mut(&channel_id).expect("it was put in just now")
}

/// Somebody goes of whom nobody was told that it had come.
pub(crate) fn went_unseen(cx: &mut Cx<'_>, channel_id: ChannelId) {
    let now = cx.now;
    if !cx.channel(channel_id).modes.has(ChannelFlag::DelayedJoin) {
        of(cx.state, channel_id, now).went += 1;
    }
}

/// Shows a user to the others on a channel, before it does something there.
pub(crate) fn reveal(cx: &mut Cx<'_>, channel_id: ChannelId, id: UserId) {
    if !cx.state.is_delayed(channel_id, id) {
        return;
    }
    cx.state.show_on(channel_id, id, true);
    let (at, channel) = (cx.stamp(), cx.channel(channel_id).name.clone());
    let (user, ranks) = (cx.user(id), cx.state.ranks(channel_id, id).unwrap_or_default());
    let (who, own) = (user.who.clone(), user.sessions.clone());
    let all = cx.state.audience(channel_id);
    let others: Vec<SessionId> = all.iter().copied().filter(|session| !own.contains(session)).collect();
    let event = Event::Joined { at, who, channel, ranks, arrived: false };
    if !others.is_empty() {
        cx.effects.push(Effect::Publish { to: Arc::new(others), except: None, event });
    }
}

/// Whether somebody is a stranger on a channel over which a storm rages: whoever made it would speak by its last words.
pub(crate) fn silences(cx: &Cx<'_>, channel_id: ChannelId, id: UserId) -> bool {
    let user = cx.user(id);
    let is_stranger = user.who.account.is_none() && cx.now.since(user.since) < STRANGER_MS;
    is_stranger && cx.state.storms.get(&channel_id).is_some_and(|storm| storm.rages(cx.now))
}

/// Tells people how many came and went unseen, and forgets storms that are over.
pub(crate) fn tick(state: &mut State, now: Time, effects: &mut Vec<Effect>) {
    let all: Vec<_> = state.storms.iter().map(|(channel_id, storm)| (*channel_id, *storm)).collect();
    for (channel_id, storm) in all {
        let is_over = storm.shown_until <= now && !storm.has_news();
        if is_over || !state.channels.contains(&channel_id) {
            state.storms.remove(&channel_id);
        } else if storm.has_news() && (now.since(storm.since) >= SUM_MS || now < storm.since) {
            state.storms.insert(channel_id, Storm { since: now, came: 0, went: 0, ..storm });
            let (to, at) = (state.audience(channel_id), state.stamp(now));
            if let Some(channel) = state.channels.get(&channel_id).map(|channel| channel.name.clone()) {
                let event = Event::Crowd { at, channel, came: storm.came, went: storm.went };
                effects.push(Effect::Publish { to, except: None, event });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_are_shown_than_the_burst_and_one_for_each_pause_however_they_come() {
        for step_ms in [0, 1, 4, 999, ARRIVAL_MS] {
            let mut storm = Storm::new(Time(0));
            let arrivals = 10 * ARRIVALS_BURST;
            let shown = (0..arrivals).filter(|number| storm.shows(Time(number * step_ms))).count() as i64;
            let lasted_ms = (arrivals - 1) * step_ms;
            assert_eq!(shown, arrivals.min(ARRIVALS_BURST + lasted_ms / ARRIVAL_MS), "every {step_ms} ms");
        }
    }

    #[test]
    fn a_storm_from_the_future_is_over_after_its_burst() {
        let mut storm = Storm::new(Time(1_000_000_000));
        assert!(!storm.shows(Time(0)));
        assert!(storm.shows(Time(ARRIVAL_MS)));
    }
}
