//! The half of a connection that lives with the socket: it cuts bytes into frames, whatever the face.

use chat_model::close_reason::CloseReason;
use chat_model::limits::ENDLESS_BYTES_MAX;

use crate::opening::{Opening, Verdict};
use crate::{Face, Frame, admin, irc, json, plain};

/// Cuts the bytes of one connection into frames. Holds memory only for a piece that is not whole yet.
#[derive(Debug)]
pub struct Framer {
    cutter: Cutter,
    /// Until the first line is known to be a client's.
    opening: Option<Opening>,
    /// Bytes since the last frame: each line, object or padding ends some time.
    unframed_bytes: usize,
    /// Nothing can be read any more.
    broken: bool,
}

/// What knows the pieces of a face.
#[derive(Debug)]
enum Cutter {
    Irc(irc::Framer),
    Plain(plain::Framer),
    Json(json::Framer),
    Admin(admin::Framer),
}

impl Framer {
    /// A framer for a new connection. `line_bytes_max` counts for all faces but IRC, which has its own limits.
    pub fn new(face: Face, line_bytes_max: usize) -> Self {
        let cutter = match face {
            Face::Irc => Cutter::Irc(irc::Framer::default()),
            Face::Plain => Cutter::Plain(plain::Framer::new(line_bytes_max)),
            Face::Json => Cutter::Json(json::Framer::new(line_bytes_max)),
            Face::Admin => Cutter::Admin(admin::Framer::new(line_bytes_max)),
        };
        Self { cutter, opening: Some(Opening::default()), unframed_bytes: 0, broken: false }
    }

    /// Takes bytes as they came from the network and appends the frames that are whole now.
    pub fn push(&mut self, bytes: &[u8], frames: &mut Vec<Frame>) {
        let Some(mut opening) = self.opening.take() else { return self.cut(bytes, frames) };
        let blank = opening.skip_blank(bytes);
        self.cut(&bytes[..blank], frames);
        let verdict = if blank < bytes.len() { opening.push(&bytes[blank..]) } else { Verdict::Open };
        self.follow(opening, verdict, frames);
    }

    fn follow(&mut self, opening: Opening, verdict: Verdict, frames: &mut Vec<Frame>) {
        match verdict {
            Verdict::Open => self.opening = Some(opening),
            Verdict::Ours(held) => self.cut(&held, frames),
            Verdict::Other(protocol) => self.give_up(CloseReason::WrongProtocol(protocol), frames),
        }
    }

    fn cut(&mut self, bytes: &[u8], frames: &mut Vec<Frame>) {
        if self.broken {
            return;
        }
        let before = frames.len();
        match &mut self.cutter {
            Cutter::Irc(framer) => framer.push(bytes, frames),
            Cutter::Plain(framer) => framer.push(bytes, frames),
            Cutter::Json(framer) => framer.push(bytes, frames),
            Cutter::Admin(framer) => framer.push(bytes, frames),
        }
        self.broken = matches!(frames.last(), Some(Frame::Broken(_)));
        self.unframed_bytes = if frames.len() > before { 0 } else { self.unframed_bytes + bytes.len() };
        if !self.broken && self.unframed_bytes > ENDLESS_BYTES_MAX {
            self.give_up(CloseReason::LineTooLong { bytes_max: ENDLESS_BYTES_MAX }, frames);
        }
    }

    fn give_up(&mut self, farewell: CloseReason, frames: &mut Vec<Frame>) {
        self.broken = true;
        frames.push(Frame::Broken(farewell));
    }

    /// Milliseconds of silence after which [`Framer::silence`] should be called, if anything waits for it.
    pub fn silence_ms(&self) -> Option<u64> {
        match &self.cutter {
            Cutter::Plain(_) if self.opening.as_ref().is_some_and(Opening::holds) => Some(plain::SILENCE_MS),
            Cutter::Plain(framer) => framer.silence_ms(),
            Cutter::Irc(_) | Cutter::Json(_) | Cutter::Admin(_) => None,
        }
    }

    /// Nothing more came for a while, or the client closed its end: what is there may count as whole.
    pub fn silence(&mut self, frames: &mut Vec<Frame>) {
        if let Some(mut opening) = self.opening.take_if(|opening| opening.holds()) {
            let verdict = opening.end();
            self.follow(opening, verdict, frames);
        }
        if let Cutter::Plain(framer) = &mut self.cutter {
            framer.silence(frames);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_ends_is_given_up_in_every_face() {
        let kinds: [(Face, &[u8]); 6] = [
            (Face::Plain, b"x"),
            (Face::Plain, b"\0"),
            (Face::Json, b"x"),
            (Face::Json, b" "),
            (Face::Irc, b" "),
            (Face::Admin, b"x"),
        ];
        for (face, byte) in kinds {
            let (mut framer, mut frames) = (Framer::new(face, 1000), Vec::new());
            framer.push(byte, &mut frames);
            let chunk = byte.repeat(1000);
            let pushed = (0..2 * ENDLESS_BYTES_MAX / chunk.len()).take_while(|_| {
                framer.push(&chunk, &mut frames);
                !matches!(frames.last(), Some(Frame::Broken(CloseReason::LineTooLong { .. })))
            });
            let bytes = pushed.count() * chunk.len();
            // That it is too long, or nothing at all, may have been said in between.
            assert!(bytes <= ENDLESS_BYTES_MAX + 2 * chunk.len(), "{face:?} took {bytes} bytes");
            let count = frames.len();
            framer.push(b"\r\n{\"type\":\"ls\"}\nPING a\r\n", &mut frames);
            assert_eq!(frames.len(), count, "nothing is read after it");
        }
    }
}
