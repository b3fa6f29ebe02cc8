//! Whom a ban covers: `nick!user@host` masks of channels, and masks of nicknames alone.
//!
//! A mask that nobody can ever fit is refused at birth, or it would be listed and keep nobody out. Names are compared
//! as they are folded, and networks whatever their spelling.

use std::sync::Arc;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::Text;
use crate::address::{network, network_text};
use crate::folded::compared_as_folded;
use crate::glob::{self, Glob};
use crate::limits::{MASK_BYTES_MAX, USERNAME_BYTES_MAX};
use crate::name::{NameError, Nick, check_pattern, fold};
use crate::username;
use crate::who::Who;

/// Characters in the longest host that there is: an IPv6 address in full.
const HOST_CHARS_MAX: usize = 39;

/// Why a mask is none. Faces have the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("not a mask: {self:?}")]
pub enum MaskError {
    /// There was nothing to read, or more than a ban may have.
    Length,
    /// No nickname can fit.
    Nick(#[from] NameError),
    /// No user name can fit.
    User,
    /// No host can fit.
    Host,
}

/// A mask over nicknames: `bob`, `spam*`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NickMask(Arc<NickParts>);

struct NickParts {
    shown: Text,
    folded: Text,
    glob: Glob,
}

compared_as_folded!(NickMask, NameError);

impl NickMask {
    /// Reads a mask of nicknames.
    ///
    /// # Errors
    /// [`NameError`], when no nickname can fit.
    pub fn new(text: &str) -> Result<Self, NameError> {
        let glob = Glob::of_names(text).ok_or(NameError::TooLong { max: crate::limits::NICK_CHARS_MAX })?;
        let folded = if text.contains(['*', '?']) {
            check_pattern(&glob)?;
            folded_pattern(text)
        } else {
            let nick = Nick::new(text)?;
            if nick.is_reserved() {
                return Err(NameError::Reserved);
            }
            nick.folded().to_owned()
        };
        Ok(Self(Arc::new(NickParts { shown: text.into(), folded: folded.into(), glob })))
    }

    /// Whether it covers a nickname.
    pub fn covers(&self, nick: &Nick) -> bool {
        self.0.glob.matches(nick.folded())
    }

    /// Whether it names no character that a nickname would have to have.
    pub fn covers_everybody(&self) -> bool {
        self.0.glob.names_no_letter()
    }
}

/// As the pattern itself is folded: the wildcards are left alone, and nothing else becomes one.
fn folded_pattern(text: &str) -> String {
    glob::pieces(text)
        .flat_map(|(literal, wildcard)| [fold(literal).into_owned(), wildcard.to_owned()])
        .collect()
}

/// A mask over `nick!user@host`, completed where parts are missing: `bob` is `bob!*@*`, `*@10.0.0.1` is
/// `*!*@10.0.0.1`, and so is `10.0.0.1`. In place of the host there may be a network in CIDR notation. What is shown reads
/// as the same mask again.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mask(Arc<Parts>);

struct Parts {
    shown: Text,
    folded: Text,
    nick: NickMask,
    user: Glob,
    host: Host,
}

enum Host {
    /// Where the user really is, whatever others see of it.
    Network(IpNet),
    /// What others see as the host.
    Glob(Glob),
}

compared_as_folded!(Mask, MaskError);

impl Mask {
    /// Reads a mask.
    ///
    /// # Errors
    /// [`MaskError`], when nobody can ever fit it.
    pub fn new(text: &str) -> Result<Self, MaskError> {
        let (nick, user, host) = split(text);
        let nick = NickMask::new(or_any(nick))?;
        let (user_text, user) = user_part(or_any(user))?;
        let (host_text, host) = host_part(or_any(host))?;
        let shown = format!("{nick}!{user_text}@{host_text}");
        if text.is_empty() || shown.len() > MASK_BYTES_MAX {
            return Err(MaskError::Length);
        }
        let folded = format!("{}!{}@{host_text}", nick.folded(), user_text.to_lowercase());
        Ok(Self(Arc::new(Parts { shown: shown.into(), folded: folded.into(), nick, user, host })))
    }

    /// Whether the mask covers a user, who may be connected from several places: from one of a network, as
    /// `is_from` says.
    pub fn covers(&self, who: &Who, is_from: impl FnOnce(&IpNet) -> bool) -> bool {
        self.0.nick.covers(&who.nick)
            && self.0.user.matches(&who.username)
            && match &self.0.host {
                Host::Glob(glob) => glob.matches(&who.host),
                Host::Network(network) => is_from(network),
            }
    }
}

/// Nickname, user and host, empty where they are missing.
fn split(text: &str) -> (&str, &str, &str) {
    let (nick, rest) = match text.split_once('!') {
        Some((nick, rest)) => (nick, rest),
        None if text.contains('@') => ("", text),
        // No nickname has these.
        None if text.contains([':', '/']) || network(text).is_some() => return ("", "", text),
        None => return (text, "", ""),
    };
    let (user, host) = rest.split_once('@').unwrap_or((rest, ""));
    (nick, user, host)
}

fn or_any(part: &str) -> &str {
    if part.is_empty() { "*" } else { part }
}

fn user_part(text: &str) -> Result<(&str, Glob), MaskError> {
    let glob = Glob::new(text)
        .filter(|glob| glob.chars_min() <= USERNAME_BYTES_MAX && !glob.letters().any(username::is_barred));
    Ok((text, glob.ok_or(MaskError::User)?))
}

fn host_part(text: &str) -> Result<(String, Host), MaskError> {
    if let Some(network) = network(text) {
        return Ok((network_text(&network), Host::Network(network)));
    }
    // As hosts are shown, which never begin with a colon.
    let zero = if text.starts_with(':') { "0" } else { "" };
    let text = format!("{zero}{}", text.to_lowercase());
    let glob = Glob::new(&text).ok_or(MaskError::Host)?;
    let is_address = || {
        let fits = |c: char| c.is_ascii_hexdigit() || c == '.' || c == ':';
        glob.chars_min() <= HOST_CHARS_MAX && glob.letters().all(fits)
    };
    let is_exact = !text.contains(['*', '?']);
    // Who comes by a unix socket is at localhost.
    if glob.matches("localhost") || (is_address() && !is_exact) {
        return Ok((text, Host::Glob(glob)));
    }
    Err(MaskError::Host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_parts_are_stars_and_what_is_shown_reads_as_the_same_mask() {
        let cases = [
            ("bob", "bob!*@*"),
            ("Bob", "Bob!*@*"),
            ("spam*", "spam*!*@*"),
            ("*@10.0.0.1", "*!*@10.0.0.1"),
            ("10.0.0.1", "*!*@10.0.0.1"),
            ("10.0.0.9/8", "*!*@10.0.0.0/8"),
            ("2001:db8::/32", "*!*@2001:db8::/32"),
            ("::1", "*!*@::1"),
            ("a!b", "a!b@*"),
            ("a!b@localhost", "a!b@localhost"),
            ("!@", "*!*@*"),
            ("*!*@10.0.*", "*!*@10.0.*"),
            ("*!*@::?", "*!*@0::?"),
            ("*!*@2001:DB8:*", "*!*@2001:db8:*"),
            ("*!*@::FFFF:10.0.0.1", "*!*@10.0.0.1"),
            ("*!*@0:0:0:0:0:0:0:1/128", "*!*@::1"),
        ];
        for (text, shown) in cases {
            let mask = Mask::new(text).expect(text);
            assert_eq!(mask.as_str(), shown, "{text}");
            assert_eq!(Mask::new(shown).expect(shown).as_str(), shown);
        }
    }

    #[test]
    fn masks_are_the_same_however_they_are_spelled() {
        let cases = [
            ("bob", "BOB!*@*"),
            ("bob", "ｂｏｂ"),
            ("zoë*", "zoe\u{308}*"),
            ("*!*@::1", "*!*@0:0:0:0:0:0:0:1"),
            ("*!*@10.1.2.3/8", "*!*@10.0.0.0/8"),
            ("*!Spam@*", "*!spam@*"),
        ];
        for (one, other) in cases {
            let read = |text| Mask::new(text).expect("a mask");
            assert_eq!(read(one), read(other), "{one} {other}");
            assert_eq!(read(one).folded(), read(other).folded());
        }
    }

    #[test]
    fn what_nobody_can_fit_is_no_mask() {
        use NameError::{BadCharacter, BadFirst, NotAllowed};
        let long = "x".repeat(33);
        let longest = format!("*!*@{}", "*".repeat(200));
        let cases = [
            ("", MaskError::Length),
            (&longest, MaskError::Length),
            ("two words", MaskError::Nick(BadCharacter { found: ' ' })),
            ("#a*", MaskError::Nick(BadCharacter { found: '#' })),
            ("＊", MaskError::Nick(BadCharacter { found: '*' })),
            ("＊*", MaskError::Nick(BadCharacter { found: '*' })),
            ("1st", MaskError::Nick(BadFirst { found: '1' })),
            ("-*", MaskError::Nick(BadFirst { found: '-' })),
            ("☃*", MaskError::Nick(NotAllowed)),
            (&long, MaskError::Nick(NameError::TooLong { max: 32 })),
            (":x!*@*", MaskError::Nick(BadCharacter { found: ':' })),
            ("*!a:b@*", MaskError::User),
            ("*!a!b@*", MaskError::User),
            ("*!seventeen-letters@*", MaskError::User),
            (":x", MaskError::Host),
            ("*!*@a@b", MaskError::Host),
            ("*!*@10.0.0", MaskError::Host),
            ("*!*@10.0.0.0/33", MaskError::Host),
            ("*!*@10.0.*/16", MaskError::Host),
            ("*!*@*.example.org", MaskError::Host),
            ("*!*@10.0.0.1,10.0.0.2", MaskError::Host),
        ];
        for (text, error) in cases {
            assert_eq!(Mask::new(text).expect_err(text), error, "{text:?}");
        }
    }

    #[test]
    fn a_mask_covers_whom_it_names() {
        let who = Who {
            nick: Nick::new("Ｍａｌｌｏｒｙ").expect("a nickname"),
            username: "Mal".into(),
            host: "0::1".into(),
            account: None,
            realname: "".into(),
            bot: false,
        };
        let at_home = |network: &IpNet| network.contains(&std::net::IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]));
        let covers = |text: &str| Mask::new(text).expect(text).covers(&who, at_home);
        for text in
            ["mallory", "MAL?ory", "*!mal@*", "*!*@::1", "*!*@::/64", "*!*@::?", "*!*@0::*", "m*!m*@*1"]
        {
            assert!(covers(text), "{text}");
        }
        for text in ["mallor", "mall", "*!*@::2", "*!*@10.0.0.0/8", "*!*@127.*", "bob!mal@::1", "*!bob@*"] {
            assert!(!covers(text), "{text}");
        }
    }

    #[test]
    fn only_what_somebody_can_be_called_is_a_mask_of_nicknames() {
        let longest = "n".repeat(32);
        let possible = ["mallory", "*", "*1", "???", "spam*", "*spam*", "nick*", "*-", "日*", "*·*"];
        for mask in possible.into_iter().chain([&*format!("*{longest}")]) {
            assert!(NickMask::new(mask).is_ok(), "{mask}");
        }
        let impossible =
            ["", "300.1.1.1", "1.2.3.*", "1.2.3.4/*", "-*", "two words", "#*", "nickserv", "a!b*", "☃?"];
        for mask in impossible.into_iter().chain([&*format!("{longest}?")]) {
            assert!(NickMask::new(mask).is_err(), "{mask}");
        }
        assert!(NickMask::new("*").expect("a mask").covers_everybody());
        assert!(!NickMask::new("a*").expect("a mask").covers_everybody());
    }
}
