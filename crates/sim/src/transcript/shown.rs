//! What a client was sent, as lines that can be read and compared.

use std::collections::BTreeMap;

/// The lowest id of a message: a server begins above all that one before it may have given and not stored. Seconds since
/// 1970 are fewer.
const ID_MIN: u64 = 1 << 32;

/// Ids in the order in which they were first seen.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    numbers: BTreeMap<String, usize>,
    ids: Vec<String>,
}

impl Ids {
    fn number(&mut self, id: &str) -> usize {
        let next = self.ids.len() + 1;
        *self.numbers.entry(id.to_owned()).or_insert_with(|| {
            self.ids.push(id.to_owned());
            next
        })
    }

    /// Puts numbers in the place of ids.
    pub(crate) fn hide(&mut self, text: &str) -> String {
        let mut shown = String::new();
        let mut digits = String::new();
        for c in text.chars().chain(['\0']) {
            if c.is_ascii_digit() {
                digits.push(c);
                continue;
            }
            if digits.parse().is_ok_and(|id: u64| id >= ID_MIN) && !shown.ends_with(char::is_alphabetic) {
                shown.push_str(&format!("{{{}}}", self.number(&digits)));
            } else {
                shown.push_str(&digits);
            }
            digits.clear();
            if c != '\0' {
                shown.push(c);
            }
        }
        shown
    }

    /// Puts ids in the place of `{1}`, `{2}`.
    pub(super) fn name(&self, text: &str) -> String {
        let mut named = text.to_owned();
        for (index, id) in self.ids.iter().enumerate() {
            named = named.replace(&format!("{{{}}}", index + 1), id);
        }
        named
    }
}

/// The lines that a client called `name` was sent.
pub(super) fn lines(name: &str, bytes: &[u8], ids: &mut Ids) -> Vec<String> {
    let mut lines = Vec::new();
    for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
        let (sign, text) = match piece.strip_suffix(b"\n") {
            Some(line) => ('|', line.strip_suffix(b"\r").unwrap_or(line)),
            None => ('~', piece),
        };
        let line = format!("{name} {sign} {}", ids.hide(&readable(text)));
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Text as it is, and whatever has no place in a text file as `\xNN`.
fn readable(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            if c.is_control() && (c as u32) < 0x80 {
                text.push_str(&format!("\\x{:02x}", c as u32));
            } else {
                text.push(c);
            }
        }
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text
}

/// The bytes that a line of a transcript stands for.
pub(super) fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\x") {
        bytes.extend_from_slice(before.as_bytes());
        match after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.extend_from_slice(b"\\x");
                rest = after;
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}
