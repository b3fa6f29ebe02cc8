//! Bans of the server, and an index of when they run out: there may be a hundred thousand, and each second somebody asks
//! which are over.

use chat_model::change::{BanTarget, ServerBan};
use chat_model::id::Time;

use super::State;

impl State {
    /// All of them, also those that ran out and have not been removed yet.
    pub(crate) fn bans(&self) -> impl Iterator<Item = &ServerBan> {
        self.bans.iter().map(|(_, ban)| ban)
    }

    pub(crate) fn has_ban(&self, target: &BanTarget) -> bool {
        self.bans.contains(target)
    }

    /// In the place of the one with the same target, if there is one.
    pub(crate) fn put_ban(&mut self, ban: ServerBan) {
        self.remove_ban(&ban.target);
        if let Some(expires) = ban.expires {
            self.ban_ends.insert((expires, ban.target.clone()), ());
        }
        self.bans.insert(ban.target.clone(), ban);
    }

    pub(crate) fn remove_ban(&mut self, target: &BanTarget) {
        let expires = self.bans.remove(target).and_then(|ban| ban.expires);
        if let Some(expires) = expires {
            self.ban_ends.remove(&(expires, target.clone()));
        }
    }

    /// Whose bans have run out.
    pub(crate) fn bans_over(&self, now: Time) -> Vec<BanTarget> {
        let over = self.ban_ends.iter().take_while(|((expires, _), ())| self.is_over(Some(*expires), now));
        over.map(|((_, target), ())| target.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use chat_model::name::Account;

    use super::*;

    fn ban(account: &str, expires: Option<i64>) -> ServerBan {
        ServerBan {
            target: BanTarget::Account(Account::new(account).expect("an account")),
            reason: "".into(),
            setter: "admin".into(),
            created: Time(0),
            expires: expires.map(Time),
        }
    }

    fn over(state: &State, now: i64) -> Vec<String> {
        let name = |target| match target {
            BanTarget::Account(account) => account.to_string(),
            _ => String::new(),
        };
        state.bans_over(Time(now)).into_iter().map(name).collect()
    }

    #[test]
    fn a_ban_runs_out_when_the_last_one_of_its_target_says_so() {
        let mut state = State::new();
        for (account, expires) in
            [("ann", Some(10)), ("bob", Some(10)), ("eve", None), ("ann", Some(30)), ("bob", None)]
        {
            state.put_ban(ban(account, expires));
        }
        state.put_ban(ban("joe", Some(20)));
        assert_eq!(over(&state, 29), ["joe"]);
        assert_eq!(over(&state, 30), ["joe", "ann"]);
        state.remove_ban(&ban("ann", None).target);
        assert_eq!(over(&state, i64::MAX), ["joe"]);
        state.clock_doubted = true;
        assert!(over(&state, i64::MAX).is_empty(), "by a clock that is doubted none is over");
        assert_eq!(state.bans().count(), 3);
    }
}
