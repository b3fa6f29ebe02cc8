//! What one address may do in a time, one account, and all together: begin logins, make accounts and channels, have messages
//! stored. Connections, and the bytes that they send, are counted by the shell, before they reach the engine.
//!
//! Of each budget one number is kept: until when it is spent (the generic cell rate algorithm). It comes back evenly.

use std::net::IpAddr;

use chat_model::address::block;
use chat_model::id::Time;
use chat_model::limits::Limits;
use serde::{Deserialize, Serialize};

use crate::cx::Cx;
use crate::state::State;
use crate::state::account::AccountId;

const MINUTE_MS: i64 = 60 * 1000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// The longest time that a budget is for.
const PERIOD_MS_MAX: i64 = 24 * HOUR_MS;
/// Budgets that are remembered from one tick to the next.
const BUDGETS_MAX: usize = 50_000;

/// Whose budget it is, and for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Budget {
    /// Logins that an address begins.
    Logins(IpAddr),
    /// Accounts that an address makes in an hour.
    AccountsInHour(IpAddr),
    /// Accounts that it makes in a day.
    AccountsInDay(IpAddr),
    /// Accounts that anybody makes in an hour.
    AllAccounts,
    /// Channels that accounts make from an address in a day. Those of guests end with them.
    ChannelsInDay(IpAddr),
    /// Bytes that an address has stored.
    Stored(IpAddr),
    /// Bytes that an account has stored, wherever it is.
    StoredBy(AccountId),
}

/// So many in so much time; `None` is any number.
fn rule(budget: Budget, limits: &Limits) -> Option<(i64, i64)> {
    let (count, period_ms) = match budget {
        Budget::Logins(_) => (i64::from(limits.logins_per_address), 10 * MINUTE_MS),
        Budget::AccountsInHour(_) => (i64::from(limits.accounts_per_address_hour), HOUR_MS),
        Budget::AccountsInDay(_) => (i64::from(limits.accounts_per_address_day), PERIOD_MS_MAX),
        Budget::AllAccounts => (i64::from(limits.accounts_per_hour), HOUR_MS),
        Budget::ChannelsInDay(_) => (i64::from(limits.channels_per_address_day), PERIOD_MS_MAX),
        Budget::Stored(_) | Budget::StoredBy(_) if limits.flood => {
            (as_i64(limits.stored_bytes_per_hour), HOUR_MS)
        }
        Budget::Stored(_) | Budget::StoredBy(_) => return None,
    };
    (count > 0).then_some((count, period_ms))
}

fn as_i64(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Until when the budget is spent after so many more, or `None` when there must not be that many now.
fn after_more(
    spent_until: Option<Time>,
    now: Time,
    more: i64,
    (count, period_ms): (i64, i64),
) -> Option<Time> {
    let whole = now.plus(period_ms);
    // What is spent for longer than a period was spent by a clock that has been set back since, and holds nobody up.
    let spent_until = spent_until.filter(|until| *until <= whole).unwrap_or(now).max(now);
    let next = spent_until.plus(period_ms.saturating_mul(more) / count);
    (next <= whole).then_some(next)
}

/// Whether a budget has less left than this.
pub(crate) fn lacks(cx: &Cx<'_>, budget: Budget, more: usize) -> bool {
    let Some(rule) = rule(budget, &cx.state.settings().limits) else { return false };
    let before = cx.state.budgets.get(&budget).copied();
    after_more(before, cx.now, as_i64(more), rule).is_none()
}

/// Whether a budget is used up.
pub(crate) fn is_spent(cx: &Cx<'_>, budget: Budget) -> bool {
    lacks(cx, budget, 1)
}

/// Takes from a budget what it has.
pub(crate) fn spend(cx: &mut Cx<'_>, budget: Budget, more: usize) {
    let Some(rule) = rule(budget, &cx.state.settings().limits) else { return };
    let before = cx.state.budgets.get(&budget).copied();
    if let Some(spent_until) = after_more(before, cx.now, as_i64(more), rule) {
        cx.state.budgets.insert(budget, spent_until);
    }
}

/// What the asking session's address is, as far as it counts. Unix sockets have none.
pub(crate) fn owner(cx: &Cx<'_>) -> Option<IpAddr> {
    cx.session_row().peer.address.map(block)
}

/// Forgets budgets that are whole again; and those that are whole soonest, when there are more than can be remembered.
pub(crate) fn forget_old(state: &mut State, now: Time) {
    let latest = now.plus(PERIOD_MS_MAX);
    state.budgets.forget(BUDGETS_MAX, |until| Some(*until), |until| until <= now || until > latest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_comes_back_evenly_whatever_the_clock_does() {
        let rule = (4, 1000);
        let one_more = |spent, now: i64| after_more(spent, Time(now), 1, rule);
        let mut spent = None;
        for _ in 0..4 {
            spent = Some(one_more(spent, 50_000).expect("one more"));
        }
        assert_eq!(one_more(spent, 50_000), None);
        assert_eq!(one_more(spent, 50_249), None);
        let next = one_more(spent, 50_250).expect("one came back");
        assert_eq!(one_more(Some(next), 50_250), None);
        // An hour ago it is as if nothing had been spent, and in a year.
        assert!(one_more(spent, 10_000).is_some());
        assert!(one_more(spent, 90_000).is_some());
    }

    #[test]
    fn much_at_once_costs_what_it_would_one_by_one() {
        let rule = (1000, 4000);
        let more = |spent, now, more| after_more(spent, Time(now), more, rule);
        let spent = more(None, 0, 900);
        assert_eq!(spent, Some(Time(3600)));
        assert_eq!(more(spent, 0, 101), None);
        assert_eq!(more(spent, 0, 100), Some(Time(4000)));
        assert_eq!(more(spent, 400, 200), Some(Time(4400)));
        assert_eq!(more(None, 0, i64::MAX), None);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut state = State::new();
        let address = |n: usize| IpAddr::from((n as u32).to_be_bytes());
        for n in 0..=BUDGETS_MAX {
            state.budgets.insert(Budget::Logins(address(n)), Time(1000 + n as i64));
        }
        forget_old(&mut state, Time(0));
        assert_eq!(state.budgets.len(), BUDGETS_MAX);
        assert!(!state.budgets.contains(&Budget::Logins(address(0))));
        forget_old(&mut state, Time(1000 + BUDGETS_MAX as i64 - 1));
        assert_eq!(state.budgets.len(), 1);
        forget_old(&mut state, Time(-PERIOD_MS_MAX));
        assert_eq!(state.budgets.len(), 0);
    }
}
