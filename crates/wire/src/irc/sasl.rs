//! AUTHENTICATE PLAIN (IRCv3 SASL 3.1, RFC 4616): chunks of base64 in, an account and a password out.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chat_model::language::Language;
use chat_model::limits::PASSWORD_BYTES_MAX;
use chat_model::login_name::LoginName;
use chat_model::phrase;

/// Characters in one AUTHENTICATE; a shorter one is the last.
const CHUNK_CHARS: usize = 400;
/// Characters in all: the longest password and two long names, in base64.
const CHARS_MAX: usize = (PASSWORD_BYTES_MAX + 512) * 4 / 3;

/// How far one exchange is.
#[derive(Default)]
pub(super) struct Sasl {
    /// What came so far, once a mechanism was chosen.
    chunks: Option<String>,
    /// The exchange was given up, but the rest of its chunks is still coming.
    swallowing: bool,
    /// Logins that the engine has been asked for and has not answered.
    asked: u32,
}

/// What was gathered is a password.
impl fmt::Debug for Sasl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sasl").field("open", &self.chunks.is_some()).finish_non_exhaustive()
    }
}

/// What comes of one AUTHENTICATE.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It is the client's turn.
    Proceed,
    /// There is more to come.
    More,
    /// Account and password.
    Login(String, String),
    /// The mechanism is not one of ours.
    UnknownMechanism,
    /// A chunk over the limit.
    TooLong,
    /// The client gave up.
    Aborted,
    /// The words were not what PLAIN wants.
    Malformed(Malformed),
}

/// What is wrong with the words of PLAIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Malformed {
    /// Longer than any password.
    TooLong,
    /// Not base64.
    NotBase64,
    /// Not UTF-8.
    NotUtf8,
    /// Not three parts.
    NotThreeParts,
    /// Without an account or a password.
    Empty,
    /// In somebody else's name.
    OtherIdentity,
}

impl Malformed {
    /// What is wrong, in words.
    pub(super) fn sentence(self, l: Language) -> &'static str {
        match self {
            Self::TooLong => {
                phrase!(l, en = "that is longer than any password here", zh = "超过了密码的最大长度")
            }
            Self::NotBase64 => phrase!(l, en = "that is not base64", zh = "不是 base64"),
            Self::NotUtf8 => phrase!(l, en = "that is not UTF-8", zh = "不是 UTF-8"),
            Self::NotThreeParts => phrase!(
                l,
                en = "PLAIN is three parts with NUL between them: nothing, account, password",
                zh = "PLAIN 由 NUL 隔开三段：空、账号、密码",
            ),
            Self::Empty => phrase!(l, en = "an account and its password are needed", zh = "需要账号和密码"),
            Self::OtherIdentity => phrase!(
                l,
                en = "one cannot log in as somebody else; leave the authorization identity empty",
                zh = "不能以别人的身份登录，授权身份请留空",
            ),
        }
    }
}

impl Sasl {
    /// Takes the parameter of one AUTHENTICATE.
    pub(super) fn take(&mut self, word: &str) -> Turn {
        if std::mem::take(&mut self.swallowing) && word.len() == CHUNK_CHARS {
            self.swallowing = true;
            return Turn::More;
        }
        if word == "*" {
            self.chunks = None;
            return Turn::Aborted;
        }
        let Some(mut chunks) = self.chunks.take() else {
            return self.begin(word);
        };
        if word.len() > CHUNK_CHARS {
            return Turn::TooLong;
        }
        if word != "+" {
            chunks.push_str(word);
        }
        if chunks.len() > CHARS_MAX {
            self.swallowing = true;
            return Turn::Malformed(Malformed::TooLong);
        }
        if word.len() == CHUNK_CHARS {
            self.chunks = Some(chunks);
            return Turn::More;
        }
        match plain(&chunks) {
            Ok((account, password)) => {
                self.asked += 1;
                Turn::Login(account, password)
            }
            Err(why) => Turn::Malformed(why),
        }
    }

    fn begin(&mut self, mechanism: &str) -> Turn {
        if mechanism.eq_ignore_ascii_case("PLAIN") {
            self.chunks = Some(String::new());
            Turn::Proceed
        } else {
            Turn::UnknownMechanism
        }
    }

    /// Ends an exchange that still wants chunks. Whether there was one.
    pub(super) fn abort(&mut self) -> bool {
        self.chunks.take().is_some()
    }

    /// The engine has answered a login. Whether it was one of ours.
    pub(super) fn answered(&mut self) -> bool {
        let ours = self.asked > 0;
        self.asked = self.asked.saturating_sub(1);
        ours
    }
}

/// Reads `authzid NUL authcid NUL password`.
fn plain(chunks: &str) -> Result<(String, String), Malformed> {
    let bytes = BASE64_STANDARD.decode(chunks).map_err(|_| Malformed::NotBase64)?;
    let text = String::from_utf8(bytes).map_err(|_| Malformed::NotUtf8)?;
    let parts: Vec<&str> = text.split('\0').collect();
    let [authzid, authcid, password] = parts[..] else {
        return Err(Malformed::NotThreeParts);
    };
    if authcid.is_empty() || password.is_empty() {
        return Err(Malformed::Empty);
    }
    if !authzid.is_empty() && !same_account(authzid, authcid) {
        return Err(Malformed::OtherIdentity);
    }
    Ok((authcid.to_owned(), password.to_owned()))
}

fn same_account(one: &str, other: &str) -> bool {
    match (LoginName::new(one), LoginName::new(other)) {
        (Ok(one), Ok(other)) => one.account == other.account,
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(words: &[&str]) -> Turn {
        let mut sasl = Sasl::default();
        let turns: Vec<_> = words.iter().map(|word| sasl.take(word)).collect();
        turns.into_iter().next_back().expect("at least one word")
    }

    fn encoded(text: &str) -> String {
        BASE64_STANDARD.encode(text)
    }

    #[test]
    fn plain_is_read_whole_or_in_chunks() {
        let login = |password: &str| Turn::Login("jilles".into(), password.into());
        assert_eq!(run(&["PLAIN", &encoded("jilles\0jilles\0sesame")]), login("sesame"));
        assert_eq!(run(&["plain", &encoded("Jilles\0jilles\0ñ")]), login("ñ"));
        let of_phone = Turn::Login("jilles@phone".into(), "p".into());
        assert_eq!(run(&["PLAIN", &encoded("jilles\0jilles@phone\0p")]), of_phone);
        let long = "x".repeat(600 - 8);
        let blob = encoded(&format!("\0jilles\0{long}"));
        assert_eq!(blob.len(), 800);
        assert_eq!(run(&["PLAIN", &blob[..400], &blob[400..]]), Turn::More);
        assert_eq!(run(&["PLAIN", &blob[..400], &blob[400..], "+"]), login(&long));
    }

    #[test]
    fn what_is_not_plain_is_refused() {
        let cases = ["!", "+", "\0a\0", "\0\0p", "bob\0alice\0p", "a\0b\0c\0d"];
        for case in cases {
            let word = if case.len() == 1 { case.to_owned() } else { encoded(case) };
            assert!(matches!(run(&["PLAIN", &word]), Turn::Malformed(_)), "{case:?}");
        }
        assert_eq!(run(&["EXTERNAL"]), Turn::UnknownMechanism);
        assert_eq!(run(&["PLAIN", "*"]), Turn::Aborted);
        assert_eq!(run(&["PLAIN", &"A".repeat(401)]), Turn::TooLong);
    }

    #[test]
    fn endless_chunks_fail_once_and_are_then_swallowed() {
        let mut sasl = Sasl::default();
        assert_eq!(sasl.take("PLAIN"), Turn::Proceed);
        let turns: Vec<_> = (0..1000).map(|_| sasl.take(&"A".repeat(400))).collect();
        assert_eq!(turns.iter().filter(|turn| matches!(turn, Turn::Malformed(_))).count(), 1);
        assert_eq!(turns.last(), Some(&Turn::More));
        assert_eq!(sasl.take("PLAIN"), Turn::Proceed);
    }

    #[test]
    fn a_password_is_not_in_debug_output() {
        let mut sasl = Sasl::default();
        sasl.take("PLAIN");
        sasl.take(&"A".repeat(400));
        assert!(!format!("{sasl:?}").contains("AAA"));
    }
}
