//! Passwords on their way to the hash, and the hashes.

use std::fmt;

use precis_profiles::OpaqueString;
use precis_profiles::precis_core::profile::Rules;
use serde::{Deserialize, Serialize};

use crate::login_name::LoginName;

/// A string that never shows itself: not in a log, not in an error, not in a panic. It cannot be written down either, so
/// nothing that goes into the engine or comes out of it has one in it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Takes a password in as it was typed, to be passed on.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Takes a password in, as RFC 8265 section 4 prepares it for comparing (`OpaqueString`): composed, since one
    /// keyboard sends `é` as one character and another as two, and with plain spaces. What the profile would refuse is
    /// left as it was typed: whether a password is good is its owner's affair.
    pub fn password(text: &str) -> Self {
        let profile = OpaqueString::new();
        let prepared =
            profile.additional_mapping_rule(text).and_then(|text| profile.normalization_rule(text));
        Self(prepared.map_or_else(|_| text.to_owned(), Into::into))
    }

    /// The password itself, for hashing and comparing only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// Which of the passwords that a session told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretId(pub u32);

/// Stands for a password, which stays with the loop that was told it: what others may know of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretHandle {
    /// Which it is.
    pub id: SecretId,
    /// The account that is named in it before a colon, and what comes after that.
    pub login: Option<(LoginName, SecretId)>,
    /// Whether it may become the password of an account.
    pub is_fit: bool,
    /// Whether it is the password of the server.
    pub is_servers: bool,
}

/// What is kept of a password, in PHC string form. It never shows itself either: whoever has it can try passwords at
/// leisure.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Takes a hash in as it is.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The hash itself, for comparing and storing only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hash]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_the_same_from_every_keyboard() {
        let password = |text| Secret::password(text);
        assert_eq!(password("caf\u{e9}").expose(), "caf\u{e9}");
        assert_eq!(password("cafe\u{301}"), password("caf\u{e9}"));
        assert_eq!(password("two\u{a0}words"), password("two words"));
        assert_ne!(password("Secret"), password("secret"));
        assert_ne!(password("ｓｅｃｒｅｔ"), password("secret"));
        for odd in ["", "tab\there", "\u{301}", "\u{e000}"] {
            assert_eq!(password(odd).expose(), odd);
        }
    }
}
