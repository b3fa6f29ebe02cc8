//! Accounts: logging in, by SASL PLAIN or by NickServ, and making them. Passwords go only where nobody can read along.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chat_model::phrase;
use chat_model::secret::Secret;
use chat_model::sentence;

use super::{Login, Phase, Question, Session};

/// Bytes of one piece of a SASL response (IRCv3 SASL).
const SASL_PIECE_BYTES: usize = 400;

/// How far a login is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Sasl {
    /// There is none.
    #[default]
    No,
    /// The server was told that one is coming.
    Running,
    /// We are logged in.
    Done,
}

impl Session {
    /// The account to log in to.
    pub(super) fn account(&self) -> &str {
        let configured = || self.options.account.as_deref().unwrap_or(&self.options.nick);
        self.logins.account().unwrap_or_else(configured)
    }

    /// Whether nobody can read a password on its way, or the user does not mind.
    pub(super) fn may_send_password(&self) -> bool {
        self.private || self.options.insecure_password
    }

    /// Why a password is not sent, where it is not.
    pub(super) fn password_refusal(&self) -> Option<String> {
        (!self.may_send_password()).then(|| {
            format!(
                "the connection to {} is not encrypted, so anybody on the way could read the password; \
                 connect with --tls (or, if you must, --insecure-password)",
                self.options.server
            )
        })
    }

    /// Begins to log in with SASL PLAIN.
    pub(super) fn authenticate(&mut self) {
        self.registration.sasl = Sasl::Running;
        self.call("AUTHENTICATE", &["PLAIN"]);
    }

    /// The server is ready for the password.
    pub(super) fn authenticate_challenge(&mut self, challenge: &str) {
        let Some(Login { account, password }) = self.logins.current() else { return };
        if challenge != "+" || self.registration.sasl != Sasl::Running {
            return;
        }
        let response = BASE64_STANDARD.encode(format!("\0{account}\0{}", password.expose()));
        let mut rest = response.as_str();
        while !rest.is_empty() {
            let (piece, more) = rest.split_at(rest.len().min(SASL_PIECE_BYTES));
            self.call("AUTHENTICATE", &[piece]);
            rest = more;
        }
        if response.len().is_multiple_of(SASL_PIECE_BYTES) {
            self.call("AUTHENTICATE", &["+"]);
        }
    }

    /// Logged in.
    pub(super) fn authenticated(&mut self) {
        self.registration.sasl = Sasl::Done;
        if self.phase == Phase::Registering {
            self.finish_registration();
        } else if !self.support.same(&self.nick, &self.options.nick) {
            // The nickname that was refused before belongs to the account.
            let nick = self.options.nick.clone();
            self.call("NICK", &[&nick]);
        }
    }

    /// Not logged in.
    pub(super) fn authentication_failed(&mut self, why: &str) {
        if std::mem::replace(&mut self.registration.sasl, Sasl::No) != Sasl::Running {
            return;
        }
        let account = self.logins.current().map_or_else(|| self.account().to_owned(), |l| l.account.clone());
        let dropped = self.logins.refused();
        let l = self.language();
        let text = sentence!(l, en = "not logged in as {account}: {why}", zh = "没能登录 {account}：{why}");
        if self.phase != Phase::Registering {
            self.error(text);
        } else if !self.options.interactive {
            // A script must not speak under another name than it was told to.
            self.give_up_refused(text);
        } else if !self.welcomed {
            self.info(text);
            let question = sentence!(
                l,
                en = "password of {account} (empty: go on without)",
                zh = "{account} 的密码（留空则不登录）",
            );
            self.ask(Question::Login, question);
        } else {
            // Nobody may be looking when a connection comes back by itself.
            self.error(text);
            if dropped && self.logins.current().is_some() {
                self.authenticate();
            } else {
                self.finish_registration();
            }
        }
    }

    /// What the user typed where nobody could see it.
    pub(super) fn answered(&mut self, answer: Option<Secret>) {
        let answer = answer.filter(|secret| !secret.expose().is_empty());
        match (self.question.take(), answer) {
            (Some(Question::Login), Some(password)) => self.log_in(password),
            (Some(Question::Register), Some(password)) => {
                let text = phrase!(self.language(), en = "the same once more", zh = "请再输一次");
                self.ask(Question::RegisterAgain(password), text);
            }
            (Some(Question::RegisterAgain(first)), Some(second)) if first == second => {
                self.register_account(second)
            }
            (Some(Question::RegisterAgain(_)), Some(_)) => {
                let l = self.language();
                self.error(phrase!(
                    l,
                    en = "the two differ; nothing was registered",
                    zh = "两次不一样，没有注册"
                ));
            }
            (_, None) if self.phase == Phase::Registering && !self.welcomed => {
                self.registration.asked = true;
                self.finish_registration();
            }
            (Some(_), None) => self.info(phrase!(self.language(), en = "never mind then", zh = "已取消")),
            (None, _) => {}
        }
    }

    /// Logs in to the account, in the way that the server offers.
    pub(super) fn log_in(&mut self, password: Secret) {
        if let Some(refusal) = self.password_refusal() {
            self.error(refusal);
            return;
        }
        let account = self.account().to_owned();
        self.logins.propose(Login { account, password });
        if self.phase == Phase::Offline {
            self.info(phrase!(
                self.language(),
                en = "the password is used when the connection is back",
                zh = "重新连上后会用这个密码登录",
            ));
        } else if self.phase == Phase::Registering && !self.registration.settled {
            // The password is used as soon as the capabilities are settled.
        } else if self.has("sasl") {
            self.authenticate();
        } else {
            self.identify();
        }
    }

    /// Logs in where there is no SASL. Whether there is something to log in with.
    pub(super) fn identify(&mut self) -> bool {
        let Some(Login { account, password }) = self.logins.current().filter(|_| self.may_send_password())
        else {
            return false;
        };
        // The simplest services know only the password of who asks.
        let text = if self.is_me(account) {
            format!("IDENTIFY {}", password.expose())
        } else {
            format!("IDENTIFY {account} {}", password.expose())
        };
        self.confide(text);
        true
    }

    /// Makes an account of the nickname.
    pub(super) fn register_account(&mut self, password: Secret) {
        if let Some(refusal) = self.password_refusal() {
            self.error(refusal);
            return;
        }
        if self.has("draft/account-registration") {
            self.call("REGISTER", &["*", "*", password.expose()]);
        } else {
            self.confide(format!("REGISTER {}", password.expose()));
        }
        self.registers(password);
    }

    /// The nickname is to be an account, and from then on the one to log in to.
    pub(super) fn registers(&mut self, password: Secret) {
        self.nick.clone_into(&mut self.options.nick);
        self.logins.propose(Login { account: self.nick.clone(), password });
    }

    /// Whether the nickname's owner may be the one who sits here.
    pub(super) fn may_ask_for_login(&self) -> bool {
        let asked = self.registration.asked || self.registration.sasl == Sasl::Done;
        // Nobody may be looking when a connection comes back by itself.
        let present = self.options.interactive && !self.welcomed;
        present && self.registration.nick_owned && self.has("sasl") && !asked && self.may_send_password()
    }

    /// Asks for the nickname's password.
    pub(super) fn ask_for_login(&mut self) {
        self.registration.asked = true;
        let account = self.account().to_owned();
        let (l, nick) = (self.language(), &self.nick);
        let text = sentence!(
            l,
            en = "{nick} is registered; if it is yours, log in",
            zh = "{nick} 已被注册，如果是你的，请登录"
        );
        self.info(text);
        let question = sentence!(
            l,
            en = "password of {account} (empty: another nickname)",
            zh = "{account} 的密码（留空则换昵称）",
        );
        self.ask(Question::Login, question);
    }
}
