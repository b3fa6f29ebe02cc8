//! Lines out of what terminals, telnet clients and simple scripts send.

use chat_model::call::Call;
use chat_model::refusal::Refusal;

use crate::Frame;

/// The verb of the calls that carry a line from here to the session. A second word, [`CR`], says how it ended.
pub(super) const LINE: &str = "LINE";

/// The verb of those that carry the rest of a line whose beginning was taken for a whole one.
pub(super) const REST: &str = "REST";

/// Lines that end like this come from telnet, or from what wants to be taken for it.
pub(super) const CR: &str = "CR";

/// The verb of the calls that carry a telnet command, by its numbers: `TELNET 253 6`.
pub(super) const TELNET: &str = "TELNET";

/// Silence after which a piece without a line end counts as a line: simple scripts send so, which never end any.
pub(crate) const SILENCE_MS: u64 = 50;
/// The same for a piece that ends within a character or a telnet command, of which the rest is probably under way.
const SILENCE_WITHIN_MS: u64 = 1000;

// Of RFC 854, what matters for reading past commands, and for answering those that wait for an answer.
const SE: u8 = 240;
/// Ctrl-C.
pub(super) const INTERRUPT: u8 = 244;
pub(super) const ARE_YOU_THERE: u8 = 246;
const SB: u8 = 250;
pub(super) const WILL: u8 = 251;
pub(super) const WONT: u8 = 252;
pub(super) const DO: u8 = 253;
pub(super) const DONT: u8 = 254;
pub(super) const IAC: u8 = 255;

/// Where in a telnet command the next byte is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Telnet {
    #[default]
    Outside,
    Command,
    /// Which option the command before it is about.
    Option(u8),
    Subnegotiation,
    SubnegotiationCommand,
}

/// Cuts lines at LF, CR LF and telnet's CR NUL, and leaves telnet negotiation and padding out.
#[derive(Debug)]
pub struct Framer {
    line_bytes_max: usize,
    line: Vec<u8>,
    telnet: Telnet,
    /// Bytes of the subnegotiation so far.
    subnegotiated: usize,
    /// Whether the client ends its lines, or negotiated, as telnet does before it ends any: then a pause is no end. The
    /// network pauses wherever it likes.
    ends_lines: bool,
    /// Whether the last piece was taken for a line because of a pause.
    cut: bool,
    /// Whether the last byte was a CR, so that an LF or NUL now belongs to it.
    after_cr: bool,
    /// Whether the line was too long already, and its rest is left out.
    skips: bool,
}

impl Framer {
    /// A framer for a new connection.
    pub fn new(line_bytes_max: usize) -> Self {
        Self {
            line_bytes_max,
            line: Vec::new(),
            telnet: Telnet::Outside,
            subnegotiated: 0,
            ends_lines: false,
            cut: false,
            after_cr: false,
            skips: false,
        }
    }

    /// See [`crate::Framer::push`].
    pub fn push(&mut self, mut bytes: &[u8], frames: &mut Vec<Frame>) {
        while !bytes.is_empty() {
            if self.telnet == Telnet::Outside {
                let plain = bytes.iter().position(|&b| matches!(b, b'\r' | b'\n' | 0 | IAC));
                let plain = plain.unwrap_or(bytes.len());
                self.text(&bytes[..plain], frames);
                bytes = &bytes[plain..];
            }
            if let Some((byte, rest)) = bytes.split_first() {
                self.special(*byte, frames);
                bytes = rest;
            }
        }
    }

    /// See [`crate::Framer::silence_ms`].
    pub fn silence_ms(&self) -> Option<u64> {
        let waits = !self.ends_lines && (!self.line.is_empty() || self.skips);
        let is_within = self.telnet != Telnet::Outside
            || std::str::from_utf8(&self.line).is_err_and(|error| error.error_len().is_none());
        waits.then_some(if is_within { SILENCE_WITHIN_MS } else { SILENCE_MS })
    }

    /// See [`crate::Framer::silence`].
    pub fn silence(&mut self, frames: &mut Vec<Frame>) {
        if !self.line.is_empty() || self.skips {
            self.end_line(End::Silence, frames);
        }
    }

    fn text(&mut self, bytes: &[u8], frames: &mut Vec<Frame>) {
        if bytes.is_empty() {
            return;
        }
        self.after_cr = false;
        if self.skips {
            return;
        }
        if self.line.len() + bytes.len() > self.line_bytes_max {
            frames.push(Frame::Bad(Refusal::LineTooLong { bytes_max: self.line_bytes_max }));
            self.line = Vec::new();
            self.skips = true;
        } else {
            self.line.extend_from_slice(bytes);
        }
    }

    /// Takes a byte that ends a line or belongs to telnet.
    fn special(&mut self, byte: u8, frames: &mut Vec<Frame>) {
        match (self.telnet, byte) {
            (Telnet::Outside, IAC) => self.telnet = Telnet::Command,
            (Telnet::Outside, b'\n' | 0) if std::mem::take(&mut self.after_cr) => {}
            (Telnet::Outside, 0) => {}
            (Telnet::Outside, _) => {
                self.after_cr = byte == b'\r';
                self.end_line(if self.after_cr { End::Cr } else { End::Lf }, frames);
            }
            (Telnet::Command, WILL..=DONT) => self.telnet = Telnet::Option(byte),
            (Telnet::Command, SB) => (self.telnet, self.subnegotiated) = (Telnet::Subnegotiation, 0),
            (Telnet::Command, SE..SB) => self.command(&[byte], frames),
            (Telnet::Option(command), _) => self.command(&[command, byte], frames),
            (Telnet::SubnegotiationCommand, SE) => self.command(&[], frames),
            (Telnet::Command, IAC) => {
                self.telnet = Telnet::Outside;
                self.text(&[IAC], frames);
            }
            (Telnet::Command, _) => {
                // No telnet command, so the byte before was none either: not UTF-8, which the line will be told.
                self.telnet = Telnet::Outside;
                self.text(&[IAC], frames);
                self.push(&[byte], frames);
            }
            (Telnet::Subnegotiation, IAC) => self.telnet = Telnet::SubnegotiationCommand,
            (Telnet::Subnegotiation | Telnet::SubnegotiationCommand, _) => {
                self.subnegotiated += 1;
                let is_endless = self.subnegotiated > self.line_bytes_max;
                self.telnet = if is_endless { Telnet::Outside } else { Telnet::Subnegotiation };
            }
        }
    }

    /// A telnet command is whole.
    fn command(&mut self, numbers: &[u8], frames: &mut Vec<Frame>) {
        self.telnet = Telnet::Outside;
        self.ends_lines = true;
        if numbers == [INTERRUPT] {
            // Whoever interrupts does not want what is half typed.
            self.line.clear();
        }
        if matches!(numbers, [INTERRUPT | ARE_YOU_THERE] | [WILL | DO, _]) {
            let numbers: Vec<_> = numbers.iter().map(u8::to_string).collect();
            let words: Vec<_> = numbers.iter().map(String::as_str).collect();
            frames.push(Frame::Call(Call::new(TELNET, &words)));
        }
    }

    fn end_line(&mut self, end: End, frames: &mut Vec<Frame>) {
        let is_rest = std::mem::replace(&mut self.cut, end == End::Silence);
        self.ends_lines |= end != End::Silence;
        if std::mem::take(&mut self.skips) {
            return;
        }
        frames.push(match std::str::from_utf8(&self.line) {
            // Only what has an end is the rest of something: else each piece is a line of a script.
            Ok(line) => Frame::Call(match (end, is_rest) {
                (End::Silence, _) | (End::Lf, false) => Call::new(LINE, &[line]),
                (End::Cr, false) => Call::new(LINE, &[line, CR]),
                (End::Lf | End::Cr, true) => Call::new(REST, &[line]),
            }),
            Err(_) => Frame::Bad(Refusal::NotUtf8),
        });
        self.line.clear();
    }
}

/// What made a line of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Silence,
    Lf,
    /// Also CR LF and telnet's CR NUL.
    Cr,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::frames_however_cut;

    const MAX: usize = 12;

    fn line(text: &str) -> Frame {
        Frame::Call(Call::new(LINE, &[text]))
    }

    fn line_cr(text: &str) -> Frame {
        Frame::Call(Call::new(LINE, &[text, CR]))
    }

    fn telnet(numbers: &[&str]) -> Frame {
        Frame::Call(Call::new(TELNET, numbers))
    }

    #[test]
    fn lines_are_the_same_wherever_the_network_cuts_them() {
        let too_long = || Frame::Bad(Refusal::LineTooLong { bytes_max: MAX });
        let not_utf8 = || Frame::Bad(Refusal::NotUtf8);
        let cases: [(&[u8], Vec<Frame>); 15] = [
            (b"one\ntwo\r\nthree", vec![line("one"), line_cr("two")]),
            (b"\r\n\n\r\0", vec![line_cr(""), line(""), line_cr("")]),
            (b"a\r\0b\rc\n", vec![line_cr("a"), line_cr("b"), line("c")]),
            ("né 日本\n".as_bytes(), vec![line("né 日本")]),
            (b"exactly 12 b\nshort\n", vec![line("exactly 12 b"), line("short")]),
            (b"thirteen byte\nshort\n", vec![too_long(), line("short")]),
            (b"much, much too long for it\r\nx\n", vec![too_long(), line("x")]),
            (b"\xff\xfb\x01hi\xff\xfe\x03\n", vec![telnet(&["251", "1"]), line("hi")]),
            (b"a\xff\xfd\x06b\xff\xf6\n", vec![telnet(&["253", "6"]), telnet(&["246"]), line("ab")]),
            (b"half\xff\xf4\xff\xfd\x06next\n", vec![telnet(&["244"]), telnet(&["253", "6"]), line("next")]),
            (b"\xff\xfathirteen bytesand on\n", vec![line("sand on")]),
            (b"a\xff\xfa\x18\x00term\n\xff\xffx\xff\xf0b\n", vec![line("ab")]),
            (b"a\xff\xf1b\0\n", vec![line("ab")]),
            (b"a\xff\xffb\nok\n", vec![not_utf8(), line("ok")]),
            (b"\xff\n\xe4\n\xffy\r\n", vec![not_utf8(), not_utf8(), not_utf8()]),
        ];
        for (bytes, frames) in cases {
            let found = frames_however_cut(|| crate::Framer::new(crate::Face::Plain, MAX), bytes);
            assert_eq!(found, frames, "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn silence_ends_a_line_where_nothing_else_does() {
        let (mut framer, mut frames) = (Framer::new(MAX), Vec::new());
        assert_eq!(framer.silence_ms(), None);
        framer.push(b"tw", &mut frames);
        framer.push(b"o", &mut frames);
        assert_eq!(framer.silence_ms(), Some(50));
        framer.silence(&mut frames);
        framer.silence(&mut frames);
        assert_eq!(frames, [line("two")]);
        assert_eq!(framer.silence_ms(), None);
        for within in [&b"caf\xc3"[..], b"\xa9\xff"] {
            framer.push(within, &mut frames);
            assert_eq!(framer.silence_ms(), Some(1000));
        }
    }

    #[test]
    fn silence_is_nothing_to_who_ends_lines() {
        for start in [&b"one\n"[..], b"one\r\n", b"\xff\xfe\x01"] {
            let (mut framer, mut frames) = (Framer::new(MAX), Vec::new());
            framer.push(start, &mut frames);
            framer.push(b"sec", &mut frames);
            assert_eq!(framer.silence_ms(), None, "{start:?}");
            framer.push(b"ret\r\0", &mut frames);
            assert_eq!(frames.pop(), Some(line_cr("secret")), "{start:?}");
        }
    }

    #[test]
    fn the_rest_of_what_silence_cut_is_known_as_such() {
        let rest = |text: &str| Frame::Call(Call::new(REST, &[text]));
        let (mut framer, mut frames) = (Framer::new(MAX), Vec::new());
        for piece in ["one", "two"] {
            framer.push(piece.as_bytes(), &mut frames);
            framer.silence(&mut frames);
        }
        framer.push(b" three\r\nfour\r\n", &mut frames);
        assert_eq!(frames, [line("one"), line("two"), rest(" three"), line_cr("four")]);
    }

    #[test]
    fn silence_ends_a_piece_that_is_too_long() {
        let (mut framer, mut frames) = (Framer::new(MAX), Vec::new());
        framer.push(b"much too long a piece", &mut frames);
        framer.silence(&mut frames);
        framer.push(b"short", &mut frames);
        framer.silence(&mut frames);
        assert_eq!(frames, [Frame::Bad(Refusal::LineTooLong { bytes_max: MAX }), line("short")]);
    }
}
