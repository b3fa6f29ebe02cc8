//! Writes one line straight into the output: tags, source, command, parameters, and never more than 512 bytes.

use std::fmt::Display;
use std::io::Write;

use chat_model::call::clip;
use chat_model::limits::IRC_LINE_BYTES_MAX;
use chat_model::who::Who;

use crate::Context;

/// Bytes of a line without its tags and its CR LF.
pub(super) const BODY_BYTES_MAX: usize = IRC_LINE_BYTES_MAX - 2;
/// Bytes of a word given back as it was typed, so that what follows it still fits.
const WORD_BYTES_MAX: usize = 300;

/// The tags of a line that is being written.
pub(super) struct Tags<'o> {
    out: &'o mut Vec<u8>,
    start: usize,
}

impl<'o> Tags<'o> {
    /// A new line at the end of `out`.
    pub(super) fn new(out: &'o mut Vec<u8>) -> Self {
        Self { start: out.len(), out }
    }

    /// Begins a tag, or a tag and its value: `"bot"`, `"msgid="`. The value goes to what is returned.
    pub(super) fn tag(&mut self, start: &str) -> &mut Vec<u8> {
        self.out.push(if self.out.len() == self.start { b'@' } else { b';' });
        self.out.extend_from_slice(start.as_bytes());
        self.out
    }

    /// Goes on to what follows the tags.
    pub(super) fn end(self) -> Line<'o> {
        if self.out.len() > self.start {
            self.out.push(b' ');
        }
        Line { start: self.start, body: self.out.len(), out: self.out }
    }
}

/// A line that is being written. It ends with [`Line::text`], [`Line::list`] or [`Line::end`].
#[must_use = "a line has to be ended"]
pub(super) struct Line<'o> {
    out: &'o mut Vec<u8>,
    /// Where its tags begin.
    start: usize,
    /// Where what counts for the limit begins.
    body: usize,
}

impl<'o> Line<'o> {
    /// A line without tags.
    pub(super) fn new(out: &'o mut Vec<u8>) -> Self {
        Self { start: out.len(), body: out.len(), out }
    }

    /// Its source is the server.
    pub(super) fn server(self, cx: &Context) -> Self {
        self.source(&cx.server)
    }

    /// Its source, ready made.
    pub(super) fn source(self, source: &str) -> Self {
        self.raw(":").raw(source).raw(" ")
    }

    /// Its source is a user.
    pub(super) fn who(self, who: &Who) -> Self {
        self.raw(":").raw(who.nick.as_str()).raw("!").raw(&who.username).raw("@").raw(&who.host).raw(" ")
    }

    /// The command or numeric.
    pub(super) fn command(self, command: &str) -> Self {
        self.raw(command)
    }

    /// A parameter before the last one. What could not stand there is made to: a word that was typed may be
    /// empty, hold spaces or begin with a colon.
    pub(super) fn word(self, word: &str) -> Self {
        let word = word.trim_start_matches([':', ' ']);
        let word = clip(word.split(' ').next().unwrap_or_default(), WORD_BYTES_MAX);
        self.raw(" ").raw(if word.is_empty() { "*" } else { word })
    }

    /// A name as parameter: it cannot be empty, hold spaces or begin with a colon.
    pub(super) fn name(self, name: &str) -> Self {
        self.raw(" ").raw(name)
    }

    /// A name with a sign before it: `@#channel`.
    pub(super) fn signed_name(self, sign: &str, name: &str) -> Self {
        self.raw(" ").raw(sign).raw(name)
    }

    /// A number as parameter.
    pub(super) fn number(self, number: impl Display) -> Self {
        write!(self.out, " {number}").expect("writing to memory cannot fail");
        self
    }

    /// Bytes that are left for the text of this line.
    pub(super) fn room(&self) -> usize {
        BODY_BYTES_MAX.saturating_sub(self.out.len() - self.body + " :".len())
    }

    /// The last parameter; ends the line.
    pub(super) fn text(self, text: &str) {
        self.text_of(&[text]);
    }

    /// The last parameter in several parts; ends the line.
    pub(super) fn text_of(self, parts: &[&str]) {
        let line = parts.iter().fold(self.raw(" :"), |line, part| line.raw(part));
        line.end();
    }

    /// The last parameter as a list with this separator, in as many lines that begin alike as it takes. No items are
    /// no line.
    pub(super) fn list(self, separator: &str, items: impl IntoIterator<Item = String>) {
        let Line { out, mut start, body } = self.raw(" :");
        let (head, tags) = (out[start..].to_vec(), body - start);
        let mut any = false;
        for item in items {
            if any && out.len() - start - tags + separator.len() + item.len() > BODY_BYTES_MAX {
                Line { out, start, body: start + tags }.end();
                start = out.len();
                out.extend_from_slice(&head);
            } else if any {
                out.extend_from_slice(separator.as_bytes());
            }
            any = true;
            push_clean(&item, out);
        }
        if any {
            Line { out, start, body: start + tags }.end();
        } else {
            out.truncate(start);
        }
    }

    /// Ends the line. What is over the limit is cut off between two characters.
    pub(super) fn end(self) {
        let mut end = self.body + BODY_BYTES_MAX;
        if self.out.len() > end {
            // Bytes 10xxxxxx go on with a character.
            while end > self.body && self.out[end] & 0xC0 == 0x80 {
                end -= 1;
            }
            self.out.truncate(end);
        }
        self.out.extend_from_slice(b"\r\n");
    }

    fn raw(self, text: &str) -> Self {
        push_clean(text, self.out);
        self
    }
}

/// Appends text; nothing that ends a line may slip into one.
fn push_clean(text: &str, out: &mut Vec<u8>) {
    let from = out.len();
    out.extend_from_slice(text.as_bytes());
    for byte in &mut out[from..] {
        if matches!(*byte, b'\r' | b'\n' | 0) {
            *byte = b' ';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(Line<'_>)) -> String {
        let mut out = Vec::new();
        write(Line::new(&mut out));
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn a_line_is_one_line_whatever_is_put_into_it() {
        let line =
            written(|line| line.source("s").command("401").word("a b").word("").word("::x").text("1\r\n2\0"));
        assert_eq!(line, ":s 401 a * x :1  2 \r\n");
    }

    #[test]
    fn a_long_line_is_cut_between_two_characters() {
        for length in 200..210 {
            let text = format!("{}{}", "a".repeat(length), "😃".repeat(100));
            let line = written(|line| line.command("X").text(&text));
            assert!(
                line.len() <= IRC_LINE_BYTES_MAX && line.len() > IRC_LINE_BYTES_MAX - 4,
                "{}",
                line.len()
            );
            assert!(line.ends_with("😃\r\n"));
        }
    }

    #[test]
    fn a_list_takes_as_many_lines_as_it_needs() {
        let words: Vec<_> = (0..200).map(|n| format!("nick{n:04}")).collect();
        let lines = written(|line| line.command("353").word("me").list(" ", words.clone()));
        let mut found = Vec::new();
        for line in lines.split_terminator("\r\n") {
            assert!(line.len() <= BODY_BYTES_MAX);
            let list = line.strip_prefix("353 me :").expect("each line begins alike");
            found.extend(list.split(' ').map(str::to_owned));
        }
        assert_eq!(found, words);
        assert_eq!(written(|line| line.command("353").list(" ", Vec::new())), "");
    }
}
