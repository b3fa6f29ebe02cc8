//! Who may make an account, and codes with which people make one where that is not for everybody.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::Time;
use crate::limits::{INVITATION_GROUP_CHARS, INVITATION_GROUPS};

/// Who may make an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Registration {
    /// Everybody.
    #[default]
    Open,
    /// Those who got an invitation.
    Invite,
    /// Administrators only.
    Closed,
}

/// Crockford's base32: no letter in it is taken for a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Bits that one of its characters stands for.
const BITS_PER_CHAR: usize = 5;

/// What somebody must know to make an account: `7K3M-9QXA-2BCD`. Equal whatever its case, and it never shows itself.
///
/// Its form is so peculiar that it is known for a code wherever it stands.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InvitationCode(Box<str>);

impl InvitationCode {
    /// Reads a code as it was typed: in any case, and with letters for the digits that they look like.
    pub fn new(text: &str) -> Option<Self> {
        let groups: Vec<&str> = text.split('-').collect();
        let fits = |group: &&str| group.chars().count() == INVITATION_GROUP_CHARS;
        if groups.len() != INVITATION_GROUPS || !groups.iter().all(fits) {
            return None;
        }
        let read = |c: char| if c == '-' { Some(c) } else { canonical(c) };
        text.chars().map(read).collect::<Option<String>>().map(|code| Self(code.into()))
    }

    /// A code out of random bits, of which the lowest 60 are used.
    pub fn from_random(bits: u64) -> Self {
        let mut code = String::new();
        for index in 0..INVITATION_GROUPS * INVITATION_GROUP_CHARS {
            if index > 0 && index % INVITATION_GROUP_CHARS == 0 {
                code.push('-');
            }
            let digit = (bits >> (index * BITS_PER_CHAR)) % ALPHABET.len() as u64;
            code.push(char::from(ALPHABET[digit as usize]));
        }
        Self(code.into())
    }

    /// The code itself, for storing it and for telling it to who is invited.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// The letter or digit of the alphabet that was meant.
fn canonical(c: char) -> Option<char> {
    let meant = match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().any(|known| char::from(*known) == meant).then_some(meant)
}

impl fmt::Debug for InvitationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[code]")
    }
}

impl From<InvitationCode> for String {
    fn from(code: InvitationCode) -> Self {
        code.0.into()
    }
}

impl TryFrom<String> for InvitationCode {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        // What was written instead may be somebody's password.
        Self::new(&text).ok_or("that is no invitation code")
    }
}

/// An invitation to make one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// What its holder must know.
    pub code: InvitationCode,
    /// When it was made.
    pub created: Time,
    /// Until when it can be used; `None` is for ever.
    pub expires: Option<Time>,
}

/// Cuts what people type after `/register`: a password, which may have spaces in it, and after it perhaps a code.
pub fn password_and_code(text: &str) -> (&str, Option<InvitationCode>) {
    let last = text.rsplit_once([' ', '\t']);
    match last.and_then(|(password, code)| Some((password, InvitationCode::new(code)?))) {
        Some((password, code)) => (password.trim_ascii_end(), Some(code)),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<InvitationCode> {
        InvitationCode::new(text)
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let expected = code("7K3M-9QXA-20C1").expect("a code");
        for text in ["7k3m-9qxa-20c1", "7K3M-9QXA-2OCI", "7k3m-9qxa-2ocl"] {
            assert_eq!(code(text).as_ref(), Some(&expected), "{text}");
        }
        assert_eq!(expected.expose(), "7K3M-9QXA-20C1");
        assert_eq!(format!("{expected:?}"), "[code]");
    }

    #[test]
    fn what_has_not_its_form_is_none() {
        for text in
            ["", "*", "7K3M9QXA20C1", "7K3M-9QXA", "7K3M-9QXA-20C", "7K3M-9QXA-20CU", "7K3M-9QXA-20Cé"]
        {
            assert_eq!(code(text), None, "{text}");
        }
    }

    #[test]
    fn random_bits_make_a_code_that_is_read_back() {
        for (bits, text) in
            [(0, "0000-0000-0000"), (u64::MAX, "ZZZZ-ZZZZ-ZZZZ"), (1 | 31 << 55, "1000-0000-000Z")]
        {
            let made = InvitationCode::from_random(bits);
            assert_eq!(made.expose(), text);
            assert_eq!(code(text), Some(made));
        }
    }

    #[test]
    fn a_last_word_is_a_code_only_if_it_looks_like_one() {
        let expected = code("7K3M-9QXA-2BCD");
        for (text, password, code) in [
            ("hunter2", "hunter2", None),
            ("two words", "two words", None),
            ("hunter2 7k3m-9qxa-2bcd", "hunter2", expected.clone()),
            ("two words  7K3M-9QXA-2BCD", "two words", expected),
            ("7K3M-9QXA-2BCD", "7K3M-9QXA-2BCD", None),
        ] {
            assert_eq!(password_and_code(text), (password, code), "{text}");
        }
    }
}
