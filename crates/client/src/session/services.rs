//! NickServ, where there is no SASL.
//!
//! It must never be told a password before the server has said that it is a service: where there are no services
//! anybody can be called NickServ. It answers in sentences, and a script needs to know what they mean.

use chat_model::phrase;
use chat_model::secret::Secret;
use chat_model::sentence;

use super::Session;
use super::login::Sasl;

/// Whom passwords are told where there is no SASL.
pub(super) const NICKSERV: &str = "NickServ";
/// WHOIS: it is a service, it is an operator (as services are where there is no numeric of their own).
const VOUCHING: [&str; 2] = ["310", "313"];
/// WHOIS: that was all, there is nobody.
const ENDING: [&str; 3] = ["318", "401", "402"];
/// WHOIS: everything else that servers tell of somebody.
const TELLING: [&str; 14] =
    ["276", "301", "307", "311", "312", "317", "319", "320", "330", "335", "338", "378", "379", "671"];
/// Milliseconds that a script waits for NickServ's verdict.
const VERDICT_MS_MAX: i64 = 15_000;
/// Words of NickServ about a password that is right, and one that is not. (Anope, Atheme, and those before them)
const RIGHT_WORDS: [&str; 7] = [
    "now identified",
    "now recognized",
    "now recognised",
    "now logged in",
    "password accepted",
    "already identified",
    "already logged in",
];
const WRONG_WORDS: [&str; 8] =
    ["incorrect", "invalid", "wrong", "not registered", "isn't registered", "denied", "failed", "suspended"];

/// A line with a password in it for NickServ, as long as the server has not said who that is.
#[derive(Debug)]
pub(super) struct Confidence {
    text: Secret,
    vouched: bool,
}

impl Session {
    /// Tells NickServ something when the server has vouched for it.
    pub(super) fn confide(&mut self, text: String) {
        self.registration.confidence = Some(Confidence { text: Secret::new(text), vouched: false });
        self.call("WHOIS", &[NICKSERV]);
    }

    /// Whether a line only answers the question who NickServ is.
    pub(super) fn vouched(&mut self, command: &str, nick: &str) -> bool {
        let Some(confidence) = &mut self.registration.confidence else { return false };
        if !nick.eq_ignore_ascii_case(NICKSERV) {
            return false;
        }
        confidence.vouched |= VOUCHING.contains(&command);
        if ENDING.contains(&command) {
            self.tell_nickserv();
            return true;
        }
        VOUCHING.contains(&command) || TELLING.contains(&command)
    }

    fn tell_nickserv(&mut self) {
        let Some(Confidence { text, vouched }) = self.registration.confidence.take() else { return };
        if vouched {
            self.call("PRIVMSG", &[NICKSERV, text.expose()]);
            return;
        }
        let why = sentence!(
            self.language(),
            en = "{server} does not say that {NICKSERV} is a service and not just anybody, so it is not told \
                  the password",
            zh = "{server} 没有说明 {NICKSERV} 是服务而不是普通用户，所以没有把密码告诉它",
            server = self.options.server,
        );
        if self.registration.identifying_since.is_some() {
            self.not_identified(&why);
        } else {
            self.error(why);
        }
    }

    /// NickServ said something to us.
    pub(super) fn nickserv_said(&mut self, text: &str) {
        let text = text.to_lowercase();
        if RIGHT_WORDS.iter().any(|words| text.contains(words)) {
            self.identified();
        } else if WRONG_WORDS.iter().any(|words| text.contains(words)) {
            let why = sentence!(self.language(), en = "NickServ says: {text}", zh = "NickServ 说：{text}");
            self.not_identified(&why);
        }
    }

    /// Services know us.
    pub(super) fn identified(&mut self) {
        if self.registration.identifying_since.take().is_some() {
            self.registration.sasl = Sasl::Done;
            self.join();
        }
    }

    /// They do not. A script must not speak under another name than it was told to.
    pub(super) fn not_identified(&mut self, why: &str) {
        if self.registration.identifying_since.take().is_some() {
            let account = self.account();
            let text = sentence!(
                self.language(),
                en = "not logged in as {account}: {why}",
                zh = "没能登录 {account}：{why}"
            );
            self.give_up_refused(text);
        }
    }

    /// Time went by.
    pub(super) fn identifying_late(&mut self) {
        let since = self.registration.identifying_since;
        if since.is_some_and(|since| self.now.since(since) >= VERDICT_MS_MAX) {
            let why = phrase!(self.language(), en = "NickServ did not answer", zh = "NickServ 没有回应");
            self.not_identified(why);
        }
    }
}
