//! Nicknames, account names and channel names: valid at birth, equal under casemapping, shown as typed.
//!
//! Casemapping is RFC 8265's `UsernameCaseMapped`, which for ASCII is plain lower-casing
//! (ISUPPORT `CASEMAPPING=ascii`, `UTF8MAPPING=rfc8265`).

use std::borrow::{Borrow, Cow};
use std::sync::Arc;

use precis_profiles::UsernameCaseMapped;
use precis_profiles::precis_core::profile::{PrecisFastInvocation, Rules};
use precis_profiles::precis_core::{DerivedPropertyValue, IdentifierClass, StringClass};
use serde::{Deserialize, Serialize};

use crate::folded::compared_as_folded;
use crate::glob::Glob;
use crate::limits::{CHANNEL_BYTES_MAX, NICK_BYTES_MAX, NICK_CHARS_MAX};

/// Why a name is not one. Faces and programs have the words for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("not a name: {self:?}")]
pub enum NameError {
    /// There was nothing to read.
    Empty,
    /// Longer than [`NICK_CHARS_MAX`].
    TooLong {
        /// The limit, in characters.
        max: usize,
    },
    /// Longer than [`NICK_BYTES_MAX`] or [`CHANNEL_BYTES_MAX`].
    TooManyBytes {
        /// The limit, in bytes.
        max: usize,
    },
    /// A character that has a meaning in the protocol, or none on a screen.
    BadCharacter {
        /// The first character that does not fit.
        found: char,
    },
    /// A first character that would make it something else.
    BadFirst {
        /// That character.
        found: char,
    },
    /// A channel name without its `#`.
    NoHash,
    /// RFC 8264 does not allow the string (symbols, mixed directions, unassigned characters).
    NotAllowed,
    /// The name of something that the server itself says.
    Reserved,
}

/// What is common to all names: the spelling that people see and the one that is compared.
#[derive(Clone)]
struct Name {
    shown: Arc<str>,
    folded: Arc<str>,
}

impl Name {
    fn new(shown: &str, folded: Cow<'_, str>) -> Self {
        let shown: Arc<str> = shown.into();
        let folded = if *shown == *folded { shown.clone() } else { folded.into() };
        Self { shown, folded }
    }
}

macro_rules! name_type {
    ($(#[$doc:meta])* $type:ident) => {
        $(#[$doc])*
        #[derive(Clone, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(Name);

        impl $type {
            /// A name that was one when it was stored. What may be a name can become stricter, and whatever was
            /// said and made under the old rules has to stay readable.
            pub fn stored(text: &str) -> Self {
                Self(Name::new(text, fold(text)))
            }
        }

        compared_as_folded!($type, NameError);
    };
}

name_type! {
    /// A nickname in use or wished for.
    Nick
}
name_type! {
    /// The name of a registered account. An account owns the nickname of the same spelling.
    Account
}
name_type! {
    /// A channel name, `#` included.
    ChannelName
}

impl Nick {
    /// Reads a nickname.
    ///
    /// # Errors
    /// [`NameError`], for anything that could be mistaken for a channel, a mask, a prefix or a sentence.
    pub fn new(text: &str) -> Result<Self, NameError> {
        person(text).map(|folded| Self(Name::new(text, folded)))
    }

    /// The account that owns this nickname, if there is one.
    pub fn to_account(&self) -> Account {
        Account(self.0.clone())
    }
}

impl Account {
    /// Reads an account name, under the rules for nicknames.
    ///
    /// # Errors
    /// As [`Nick::new`].
    pub fn new(text: &str) -> Result<Self, NameError> {
        Nick::new(text).map(|nick| nick.to_account())
    }

    /// The nickname that this account owns.
    pub fn to_nick(&self) -> Nick {
        Nick(self.0.clone())
    }
}

impl ChannelName {
    /// Reads a channel name, its `#` included.
    ///
    /// # Errors
    /// [`NameError`], also for names of the other channel types (`&`, `+`, `!`), which this server has not.
    pub fn new(text: &str) -> Result<Self, NameError> {
        Self::fold(text).map(|folded| Self(Name::new(text, folded)))
    }

    /// The spelling under which a channel is found that is called so, without making a name of it.
    ///
    /// # Errors
    /// As [`ChannelName::new`].
    pub fn fold(text: &str) -> Result<Cow<'_, str>, NameError> {
        let rest = text.strip_prefix('#').ok_or(NameError::NoHash)?;
        if text.len() > CHANNEL_BYTES_MAX {
            return Err(NameError::TooManyBytes { max: CHANNEL_BYTES_MAX });
        }
        let is_barred = |c: char| matches!(c, ' ' | ',' | ':' | '@' | '*' | '?' | '!') || c.is_control();
        check_characters(rest, is_barred)?;
        if rest.is_empty() || text.is_ascii() {
            return Ok(ascii_fold(text));
        }
        let folded = UsernameCaseMapped::enforce(rest).map_err(|_| NameError::NotAllowed)?;
        check_characters(&folded, is_barred)?;
        Ok(Cow::Owned(format!("#{folded}")))
    }
}

/// What [`ChannelName::fold`] gives finds it in a map.
impl Borrow<str> for ChannelName {
    fn borrow(&self) -> &str {
        self.folded()
    }
}

/// The spelling under which names are compared: of any text, whether it is a name, part of one, or none.
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return ascii_fold(text);
    }
    let profile = UsernameCaseMapped::new();
    let folded = profile
        .width_mapping_rule(text)
        .and_then(|text| profile.case_mapping_rule(text))
        .and_then(|text| profile.normalization_rule(text));
    folded.unwrap_or(Cow::Borrowed(text))
}

fn person(text: &str) -> Result<Cow<'_, str>, NameError> {
    let first = text.chars().next().ok_or(NameError::Empty)?;
    if text.chars().nth(NICK_CHARS_MAX).is_some() {
        return Err(NameError::TooLong { max: NICK_CHARS_MAX });
    }
    if text.len() > NICK_BYTES_MAX {
        return Err(NameError::TooManyBytes { max: NICK_BYTES_MAX });
    }
    check_characters(text, is_barred)?;
    check_first(first)?;
    if text.is_ascii() {
        return Ok(ascii_fold(text));
    }
    let folded = UsernameCaseMapped::enforce(text).map_err(|_| NameError::NotAllowed)?;
    // A full-width sign is folded to the plain one.
    check_characters(&folded, is_barred)?;
    folded.chars().next().map_or(Ok(()), check_first)?;
    Ok(folded)
}

/// Has a meaning in the protocol, or none on a screen.
fn is_barred(c: char) -> bool {
    " ,*?!@:#$%&+~/<>()=;\"'".contains(c) || c.is_control()
}

fn check_characters(text: &str, is_barred: impl Fn(char) -> bool) -> Result<(), NameError> {
    match text.chars().find(|c| is_barred(*c)) {
        Some(found) => Err(NameError::BadCharacter { found }),
        None => Ok(()),
    }
}

fn check_first(first: char) -> Result<(), NameError> {
    if first == '-' || first == '.' || first.is_ascii_digit() {
        return Err(NameError::BadFirst { found: first });
    }
    Ok(())
}

/// Whether there can be a nickname that fits a pattern with wildcards.
///
/// # Errors
/// [`NameError`]: what every such name would have that none may have.
pub(crate) fn check_pattern(pattern: &Glob) -> Result<(), NameError> {
    if pattern.chars_min() > NICK_CHARS_MAX {
        return Err(NameError::TooLong { max: NICK_CHARS_MAX });
    }
    if let Some(found) = pattern.letters().find(|c| is_barred(*c)) {
        return Err(NameError::BadCharacter { found });
    }
    // What a letter needs around it (RFC 8264 section 9.8) may stand in place of a wildcard.
    let is_allowed = |letter: char| {
        use DerivedPropertyValue::{ContextJ, ContextO, PValid, SpecClassPval};
        let value = IdentifierClass::default().get_value_from_char(letter);
        matches!(value, PValid | SpecClassPval | ContextJ | ContextO)
    };
    if !pattern.letters().all(is_allowed) {
        return Err(NameError::NotAllowed);
    }
    pattern.first_letter().map_or(Ok(()), check_first)
}

fn ascii_fold(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_equal_under_casemapping_and_shown_as_typed() {
        let nick = Nick::new("Zoë").expect("valid");
        assert_eq!(nick, Nick::new("zoË").expect("valid"));
        assert_eq!(nick.as_str(), "Zoë");
        assert_eq!(nick.folded(), "zoë");
        assert_ne!(Nick::new("a[b").expect("valid"), Nick::new("a{b").expect("valid"));
        assert_eq!(ChannelName::new("#Lobby").expect("valid"), ChannelName::new("#lobby").expect("valid"));
    }

    #[test]
    fn what_is_not_a_nickname_says_why() {
        let cases = [
            ("", NameError::Empty),
            ("two words", NameError::BadCharacter { found: ' ' }),
            ("#room", NameError::BadCharacter { found: '#' }),
            ("1st", NameError::BadFirst { found: '1' }),
            ("*", NameError::BadCharacter { found: '*' }),
            ("☃", NameError::NotAllowed),
            ("＊", NameError::BadCharacter { found: '*' }),
            ("ａ！ｂ", NameError::BadCharacter { found: '!' }),
            ("１st", NameError::BadFirst { found: '1' }),
            ("a\u{7}", NameError::BadCharacter { found: '\u{7}' }),
            ("x23456789012345678901234567890123", NameError::TooLong { max: NICK_CHARS_MAX }),
            ("𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀a", NameError::TooManyBytes { max: NICK_BYTES_MAX }),
        ];
        for (text, error) in cases {
            assert_eq!(Nick::new(text).expect_err(text), error, "{text:?}");
        }
    }

    #[test]
    fn what_is_not_a_channel_says_why() {
        assert_eq!(ChannelName::new("lobby").expect_err("no hash"), NameError::NoHash);
        assert_eq!(ChannelName::new("#a,b").expect_err("comma"), NameError::BadCharacter { found: ',' });
        assert_eq!(ChannelName::new("#a，b").expect_err("comma"), NameError::BadCharacter { found: ',' });
        assert!(ChannelName::new("#c++").is_ok());
        assert!(ChannelName::new("#日本語").is_ok());
        let longest = format!("#{}", "x".repeat(CHANNEL_BYTES_MAX - 1));
        assert!(ChannelName::new(&longest).is_ok());
        let too_long = NameError::TooManyBytes { max: CHANNEL_BYTES_MAX };
        assert_eq!(ChannelName::new(&format!("{longest}x")).expect_err("too long"), too_long);
    }
}
