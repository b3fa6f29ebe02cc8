//! How fast passwords may be tried. Wrong ones are slowed per account and address, so that guessing does not pay; and
//! the owner, who knows the password and mostly comes from elsewhere, hardly notices.
//!
//! A try counts from when it begins, or a hundred at once would cost nothing; one that was right is taken back.

use std::net::IpAddr;

use chat_model::Text;
use chat_model::id::Time;
use chat_model::name::Account;
use chat_model::refusal::Refusal;
use chat_model::secret::SecretId;
use serde::{Deserialize, Serialize};

use crate::budgets::{self, Budget};
use crate::cx::{Cx, Outcome};
use crate::input::{Answer, Credential, Question};
use crate::pending::What;
use crate::state::State;

/// Milliseconds that the first try waits which is not free; each further one waits twice as long.
const FIRST_DELAY_MS: u64 = 500;
/// Milliseconds after which wrong tries are forgotten.
const MEMORY_MS: i64 = 10 * 60 * 1000;
/// Rows that are remembered from one tick to the next. Each try makes up to three, and takes the time of a password.
const ROWS_MAX: usize = 50_000;

/// What somebody wants to be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Name {
    /// An account, whether there is one or not.
    Account(Account),
    /// An operator of the configuration, or not.
    Operator(Text),
}

/// Whose tries are counted together. Unix sockets have no address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum AttemptKey {
    /// One name from one address.
    Pair(Name, Option<IpAddr>),
    /// One address, whatever the name.
    Address(IpAddr),
    /// One name, wherever from.
    Name(Name),
}

/// How they are slowed.
struct Rule {
    /// So many cost nothing.
    free: u32,
    /// So many may be under way beyond those that are free.
    under_way_max: u32,
    /// So many may be under way as long as fewer were wrong than are free.
    at_once_max: u32,
    /// The longest wait.
    delay_ms_max: u64,
}

impl AttemptKey {
    fn rule(&self) -> Rule {
        match self {
            // All devices of a person come back at once after a restart.
            Self::Pair(..) => Rule { free: 3, under_way_max: 1, at_once_max: 8, delay_ms_max: 10_000 },
            // After a restart a whole office logs in at once, with right passwords.
            Self::Address(_) => Rule { free: 20, under_way_max: 3, at_once_max: 64, delay_ms_max: 10_000 },
            // Others may be guessing from everywhere. That must not keep the owner out: clients give a login up after
            // 15 seconds.
            Self::Name(_) => Rule { free: 10, under_way_max: u32::MAX, at_once_max: 0, delay_ms_max: 2_000 },
        }
    }
}

/// What is known of somebody's tries.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Tries {
    wrong: u32,
    under_way: u32,
    last: Time,
}

impl Tries {
    /// How long one more has to wait; `None` when there must not be one now.
    fn delay_ms(self, rule: &Rule) -> Option<u64> {
        if self.wrong < rule.free && self.under_way < rule.at_once_max {
            return Some(0);
        }
        let free = rule.free.saturating_sub(self.wrong);
        if self.under_way >= free.saturating_add(rule.under_way_max) {
            return None;
        }
        let delay_ms = |over: u32| (FIRST_DELAY_MS << over.min(10)).min(rule.delay_ms_max);
        let over = self.wrong.saturating_add(self.under_way).checked_sub(rule.free);
        Some(over.map_or(0, delay_ms))
    }
}

/// A try that is under way: where it is counted.
pub(crate) type Tried = Vec<AttemptKey>;

/// Asks whether a password is right, as fast as that may be tried; `what` says how it goes on.
pub(crate) fn verify(
    cx: &mut Cx<'_>,
    name: Name,
    credential: Credential,
    password: SecretId,
    what: impl FnOnce(Tried) -> What,
) -> Outcome {
    let (tried, delay_ms) = begin(cx, name)?;
    cx.ask(Question::Verify { credential, password, delay_ms }, what(tried), true);
    Ok(())
}

/// Counts a try. With it comes how long it has to wait.
fn begin(cx: &mut Cx<'_>, name: Name) -> Result<(Tried, u64), Refusal> {
    let address = budgets::owner(cx);
    // Right ones cost as much as wrong ones.
    let logins = address.map(Budget::Logins);
    if logins.is_some_and(|budget| budgets::is_spent(cx, budget)) {
        return Err(Refusal::TooManyAttempts);
    }
    let mut tried = vec![AttemptKey::Pair(name.clone(), address), AttemptKey::Name(name)];
    tried.extend(address.map(AttemptKey::Address));
    let mut longest_ms = 0;
    for key in &tried {
        let tries = cx.state.tries.get(key).copied().unwrap_or_default();
        let delay_ms = tries.delay_ms(&key.rule()).ok_or(Refusal::TooManyAttempts)?;
        longest_ms = longest_ms.max(delay_ms);
    }
    if let Some(budget) = logins {
        budgets::spend(cx, budget, 1);
    }
    for key in &tried {
        let tries = cx.state.tries.get(key).copied().unwrap_or_default();
        let under_way = tries.under_way + 1;
        cx.state.tries.insert(key.clone(), Tries { under_way, last: cx.now, ..tries });
    }
    Ok((tried, longest_ms))
}

/// A try is over: only a wrong one goes on counting.
pub(crate) fn end(state: &mut State, now: Time, what: &What, answer: &Answer) {
    let (What::Login { tried, .. } | What::Ghost { tried, .. } | What::Oper { tried, .. }) = what else {
        return;
    };
    for key in tried {
        let Some(tries) = state.tries.get_mut(key) else { continue };
        tries.under_way = tries.under_way.saturating_sub(1);
        tries.last = now;
        match answer {
            Answer::Verified(false) => tries.wrong = tries.wrong.saturating_add(1),
            // Who knows the password and mistyped it before starts afresh there; a guesser elsewhere does not.
            Answer::Verified(true) if matches!(key, AttemptKey::Pair(..)) => tries.wrong = 0,
            _ => {}
        }
        if tries.wrong == 0 && tries.under_way == 0 {
            state.tries.remove(key);
        }
    }
}

/// Forgets what is long ago; and the oldest, when there is more than can be remembered.
pub(crate) fn forget_old(state: &mut State, now: Time) {
    let age = |tries: &Tries| (tries.under_way == 0).then_some(tries.last);
    state.tries.forget(ROWS_MAX, age, |last| now.since(last) > MEMORY_MS);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_wait_longer_and_longer_up_to_a_limit() {
        let account = Name::Account(Account::new("dora").expect("valid"));
        let address: IpAddr = "192.0.2.1".parse().expect("valid");
        let cases = [
            (AttemptKey::Pair(account.clone(), Some(address)), [(2, 0), (3, 500), (4, 1000), (900, 10_000)]),
            (AttemptKey::Address(address), [(19, 0), (20, 500), (21, 1000), (900, 10_000)]),
            (AttemptKey::Name(account), [(9, 0), (10, 500), (11, 1000), (900, 2_000)]),
        ];
        for (key, waits) in cases {
            for (wrong, delay_ms) in waits {
                let tries = Tries { wrong, ..Tries::default() };
                assert_eq!(tries.delay_ms(&key.rule()), Some(delay_ms), "{key:?} after {wrong}");
            }
        }
    }

    #[test]
    fn what_is_remembered_is_bounded_and_keeps_what_is_under_way() {
        let mut state = State::new();
        for index in 0..=ROWS_MAX {
            let key = AttemptKey::Name(Name::Operator(index.to_string().into()));
            let tries = Tries { wrong: 1, under_way: u32::from(index == 0), last: Time(index as i64) };
            state.tries.insert(key, tries);
        }
        let remembered =
            |state: &State, name: &str| state.tries.contains(&AttemptKey::Name(Name::Operator(name.into())));
        forget_old(&mut state, Time(ROWS_MAX as i64));
        assert_eq!(state.tries.len(), ROWS_MAX);
        assert!(remembered(&state, "0") && !remembered(&state, "1") && remembered(&state, "2"));
        forget_old(&mut state, Time(ROWS_MAX as i64 + MEMORY_MS + 1));
        assert_eq!(state.tries.len(), 1);
    }
}
