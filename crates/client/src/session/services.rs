//! NickServ, where there is no SASL. It answers in sentences, and a script needs to know what they mean.

use super::Session;
use super::login::Sasl;

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

impl Session {
    /// NickServ said something to us.
    pub(super) fn nickserv_said(&mut self, text: &str) {
        let text = text.to_lowercase();
        if RIGHT_WORDS.iter().any(|words| text.contains(words)) {
            self.identified();
        } else if WRONG_WORDS.iter().any(|words| text.contains(words)) {
            self.not_identified(&format!("NickServ says: {text}"));
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
            self.give_up_refused(format!("not logged in as {}: {why}", self.account()));
        }
    }

    /// Time went by.
    pub(super) fn identifying_late(&mut self) {
        let since = self.registration.identifying_since;
        if since.is_some_and(|since| self.now.since(since) >= VERDICT_MS_MAX) {
            self.not_identified("NickServ did not answer");
        }
    }
}
