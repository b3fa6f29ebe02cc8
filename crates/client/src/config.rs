//! Saved servers: `$XDG_CONFIG_HOME/chat-client/config.toml`.
//!
//! ```toml
//! language = "zh"
//!
//! [servers.work]
//! address = "irc.example.org:6697"
//! tls = true
//! nick = "alice"
//! account = "alice"
//! password_command = "pass show irc"
//! channels = ["#lobby", "#vault key"]
//! tls_ca = "/etc/ssl/our-server.pem"
//! ```

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use chat_model::language::Language;
use chat_model::sentence;
use serde::Deserialize;

/// The keys of a saved server. A test holds them against [`Server`].
pub(crate) const SERVER_KEYS: [&str; 7] =
    ["address", "tls", "nick", "account", "password_command", "channels", "tls_ca"];

/// The file.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Servers by the name that the user gave them.
    #[serde(default)]
    pub(crate) servers: BTreeMap<String, Server>,
    /// The language to speak, where the command line names none.
    pub(crate) language: Option<Language>,
}

/// A saved server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Server {
    /// As on the command line.
    pub(crate) address: String,
    /// Whether to encrypt, also where the address does not say so.
    #[serde(default)]
    pub(crate) tls: bool,
    /// The nickname.
    pub(crate) nick: Option<String>,
    /// The account, where it is not called like the nickname.
    pub(crate) account: Option<String>,
    /// A command that prints the password.
    pub(crate) password_command: Option<String>,
    /// Channels to join, each with a key behind a space where it needs one.
    #[serde(default)]
    pub(crate) channels: Vec<String>,
    /// A file of certificates to trust besides those that the system trusts.
    pub(crate) tls_ca: Option<PathBuf>,
}

impl Config {
    /// Reads a file. One that is not there is empty, unless it was asked for by name.
    ///
    /// # Errors
    /// A sentence that names the file and what is wrong in it.
    pub(crate) fn load(path: &Path, asked_for: bool, l: Language) -> Result<Self> {
        let shown = path.display();
        match std::fs::read_to_string(path) {
            Ok(text) => {
                Self::parse(&text, l).with_context(|| sentence!(l, en = "in {shown}", zh = "{shown} 有误"))
            }
            Err(error) if error.kind() == ErrorKind::NotFound && !asked_for => Ok(Self::default()),
            Err(error) => {
                Err(error).with_context(|| sentence!(l, en = "cannot read {shown}", zh = "无法读取 {shown}"))
            }
        }
    }

    /// Reads a text.
    ///
    /// # Errors
    /// What is wrong in it.
    pub(crate) fn parse(text: &str, l: Language) -> Result<Self> {
        let table: toml::Table = text.parse().map_err(|error| problem(text, &error, l))?;
        for (key, value) in &table {
            known(key, &["servers", "language"], None, l)?;
            for (name, server) in value.as_table().into_iter().flatten() {
                for key in server.as_table().into_iter().flat_map(toml::Table::keys) {
                    known(key, &SERVER_KEYS, Some(name), l)?;
                }
            }
        }
        toml::from_str(text).map_err(|error| problem(text, &error, l))
    }
}

/// What is wrong and in which line. The error's own words have a drawing of the place, which is no sentence.
fn problem(text: &str, error: &toml::de::Error, l: Language) -> anyhow::Error {
    let message = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before.map_or_else(String::new, |before| {
        let line = before.matches('\n').count() + 1;
        sentence!(l, en = "line {line}: ", zh = "第 {line} 行：")
    });
    anyhow!(sentence!(
        l,
        en = "{line}{message}; chat-client --help shows how it is written",
        zh = "{line}{message}，写法见 chat-client --help",
    ))
}

/// Whether there is such a key: at the top, or of the saved server of this name.
fn known(key: &str, keys: &[&str], server: Option<&str>, l: Language) -> Result<()> {
    if keys.contains(&key) {
        return Ok(());
    }
    let section = server.map_or_else(String::new, |name| {
        sentence!(l, en = " in [servers.{name}]", zh = "（[servers.{name}] 中）")
    });
    let nearest = keys.iter().min_by_key(|known| strsim::damerau_levenshtein(known, key));
    let hint = nearest.map_or_else(String::new, |nearest| {
        sentence!(l, en = "; did you mean {nearest}?", zh = "，是不是 {nearest}？")
    });
    bail!(sentence!(
        l,
        en = "there is no key {key}{section}{hint}",
        zh = "没有 {key} 这个设置{section}{hint}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &str = r##"
        language = "zh"
        [servers.work]
        address = "irc.test:6697"
        tls = true
        nick = "alice"
        account = "al"
        password_command = "pass show irc"
        channels = ["#lobby", "#vault key"]
        tls_ca = "/ca.pem"
        "##;

    #[test]
    fn every_key_is_read() {
        let config = Config::parse(FULL, Language::English).expect("valid");
        assert_eq!(config.language, Some(Language::Chinese));
        let server = &config.servers["work"];
        assert_eq!(server.account.as_deref(), Some("al"));
        assert_eq!(server.channels, ["#lobby", "#vault key"]);
        for key in SERVER_KEYS {
            assert!(FULL.contains(&format!("{key} =")), "{key}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let cases = [
            ("[servers.x]\nadress = \"a\"", "there is no key adress in [servers.x]; did you mean address?"),
            ("[server.x]\naddress = \"a\"", "there is no key server; did you mean servers?"),
            ("[servers.x]\ntls = true", "line 1: missing field `address`; chat-client --help"),
            (
                "[servers.x]\naddress = 5",
                "line 2: invalid type: integer `5`, expected a string; chat-client --help",
            ),
            ("[servers.x]\naddress = \"a\"\n\nnick = alice", "line 4: "),
        ];
        for (text, expected) in cases {
            let error = Config::parse(text, Language::English).expect_err(text).to_string();
            assert!(error.contains(expected) && !error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn only_a_file_that_was_asked_for_must_be_there() {
        let path = Path::new("/nonexistent/config.toml");
        assert_eq!(Config::load(path, false, Language::English).expect("empty"), Config::default());
        assert!(Config::load(path, true, Language::English).is_err());
    }
}
