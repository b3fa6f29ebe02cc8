//! The password that worked and the one that is being tried. A wrong one never takes the place of the right one.

use chat_model::secret::Secret;

/// An account and its password. The account stays what it is when the nickname changes.
#[derive(Clone, Debug)]
pub(super) struct Login {
    /// The account.
    pub(super) account: String,
    /// Its password.
    pub(super) password: Secret,
}

/// What there is to log in with.
#[derive(Debug, Default)]
pub(super) struct Logins {
    /// The last one that the server took.
    good: Option<Login>,
    /// One that it has not judged yet.
    tried: Option<Login>,
}

impl Logins {
    /// What to log in with now.
    pub(super) fn current(&self) -> Option<&Login> {
        self.tried.as_ref().or(self.good.as_ref())
    }

    /// The account that we were logged in to last.
    pub(super) fn account(&self) -> Option<&str> {
        self.good.as_ref().map(|login| login.account.as_str())
    }

    /// Another one is to be tried.
    pub(super) fn propose(&mut self, login: Login) {
        self.tried = Some(login);
    }

    /// The server took it.
    pub(super) fn taken(&mut self) {
        self.good = self.tried.take().or(self.good.take());
    }

    /// The server did not take what was tried. Whether there was one that it had not taken before.
    pub(super) fn refused(&mut self) -> bool {
        self.tried.take().is_some()
    }
}
