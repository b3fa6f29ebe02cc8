//! Passwords that clients have told. They stay here: what goes into the engine has a handle for each.

use std::collections::{BTreeMap, VecDeque};

use chat_engine::Typed;
use chat_model::call::{Call, clip};
use chat_model::id::SessionId;
use chat_model::limits::PASSWORD_BYTES_MAX;
use chat_model::login_name::LoginName;
use chat_model::secret::{Secret, SecretHandle, SecretId};

use crate::in_flight::CALLS_IN_FLIGHT_MAX;

/// How many of one session are kept, the newest: what is in flight has one each, and PASS may have two.
const KEPT_MAX: usize = CALLS_IN_FLIGHT_MAX as usize + 2;

/// The passwords of sessions that wait for somebody to ask about them.
#[derive(Debug, Default)]
pub(crate) struct Secrets {
    by_session: BTreeMap<SessionId, Kept>,
}

/// What one session has told.
#[derive(Debug, Default)]
struct Kept {
    count: u32,
    kept: VecDeque<(SecretId, Secret)>,
}

impl Kept {
    fn keep(&mut self, text: &str) -> SecretId {
        self.count = self.count.wrapping_add(1);
        let id = SecretId(self.count);
        if self.kept.len() == KEPT_MAX {
            self.kept.pop_front();
        }
        // No account has a longer one, so what is longer is wrong in any case.
        self.kept.push_back((id, Secret::password(clip(text, PASSWORD_BYTES_MAX + 1))));
        id
    }
}

impl Secrets {
    /// Takes the password out of a call, if there is one in it. `servers` is the server's.
    pub(crate) fn take_from(&mut self, session: SessionId, call: Call, servers: Option<&Secret>) -> Call {
        match chat_engine::conceal(&call) {
            Some(concealed) => concealed.into_call(|typed| self.keep(session, typed, servers)),
            None => call,
        }
    }

    fn keep(&mut self, session: SessionId, typed: &Typed, servers: Option<&Secret>) -> SecretHandle {
        let kept = self.by_session.entry(session).or_default();
        let id = kept.keep(&typed.text);
        let is_servers = servers.is_some_and(|servers| *servers == Secret::password(&typed.text));
        let login = typed.text.split_once(':').filter(|_| typed.may_name_account && !is_servers);
        let login =
            login.and_then(|(name, password)| Some((LoginName::new(name).ok()?, kept.keep(password))));
        SecretHandle { login, is_servers, ..typed.handle(id) }
    }

    /// What a handle stands for.
    pub(crate) fn get(&self, session: SessionId, id: SecretId) -> Option<&Secret> {
        let kept = &self.by_session.get(&session)?.kept;
        kept.iter().find(|(other, _)| *other == id).map(|(_, secret)| secret)
    }

    /// Keeps what these sessions have told, and forgets the rest.
    pub(crate) fn retain(&mut self, mut is_needed: impl FnMut(SessionId) -> bool) {
        self.by_session.retain(|session, _| is_needed(*session));
    }

    /// Forgets what a session has told that is there no more.
    pub(crate) fn forget(&mut self, session: SessionId) {
        self.by_session.remove(&session);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SESSION: SessionId = SessionId(7);

    fn told(secrets: &mut Secrets, words: &[&str]) -> SecretHandle {
        let servers = Secret::new("open: sesame");
        let call = secrets.take_from(SESSION, Call::new(words[0], &words[1..]), Some(&servers));
        *call.secret.expect("there is a password in it")
    }

    fn text(secrets: &Secrets, id: SecretId) -> Option<&str> {
        secrets.get(SESSION, id).map(Secret::expose)
    }

    #[test]
    fn pass_may_name_an_account_unless_it_is_the_password_of_the_server() {
        let mut secrets = Secrets::default();
        let named = told(&mut secrets, &["PASS", "ann@phone:a:b"]);
        let (login, id) = named.login.expect("an account is named");
        assert_eq!((login.account.as_str(), login.device.as_deref()), ("ann", Some("phone")));
        assert_eq!(text(&secrets, id), Some("a:b"));
        assert_eq!(text(&secrets, named.id), Some("ann@phone:a:b"));
        assert!(!named.is_servers);
        let servers = told(&mut secrets, &["PASS", "open: sesame"]);
        assert!(servers.is_servers && servers.login.is_none());
        assert_eq!(told(&mut secrets, &["OPER", "boss", "ann:x"]).login, None);
    }

    #[test]
    fn the_newest_are_kept_and_of_each_as_much_as_a_password_can_have() {
        let mut secrets = Secrets::default();
        let all: Vec<_> = (0..=KEPT_MAX)
            .map(|index| told(&mut secrets, &["OPER", "boss", &index.to_string()]).id)
            .collect();
        assert_eq!(text(&secrets, all[0]), None);
        assert_eq!(text(&secrets, all[1]), Some("1"));
        assert_eq!(text(&secrets, all[KEPT_MAX]), Some(&*KEPT_MAX.to_string()));
        let long = told(&mut secrets, &["OPER", "boss", &"x".repeat(16_000)]);
        assert!(!long.is_fit);
        assert_eq!(text(&secrets, long.id).map(str::len), Some(PASSWORD_BYTES_MAX + 1));
        secrets.retain(|session| session != SESSION);
        assert_eq!(text(&secrets, long.id), None);
    }
}
