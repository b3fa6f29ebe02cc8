//! Cuts bytes into lines and lines into calls. An ordinary line costs one allocation.

use std::collections::BTreeSet;
use std::fmt;

use chat_model::Text;
use chat_model::call::{Call, Span};
use chat_model::close_reason::CloseReason;
use chat_model::limits::{CLIENT_TAGS_BYTES_MAX, IRC_LINE_BYTES_MAX};
use chat_model::message::ClientTags;
use chat_model::refusal::Refusal;
use smallvec::SmallVec;

use super::message::unescape;
use crate::Frame;

/// Bytes of a line, with tags and line end, that can still make sense; of a longer one only the length is kept.
const LINE_BYTES_KEPT_MAX: usize = CLIENT_TAGS_BYTES_MAX + IRC_LINE_BYTES_MAX;
/// Bytes without a line end after which nobody speaks IRC any more.
const LINE_BYTES_BROKEN: usize = 16 * 1024;
/// Bytes of a label (IRCv3 labeled-response).
const LABEL_BYTES_MAX: usize = 64;

/// Cuts bytes into frames.
#[derive(Default)]
pub struct Framer {
    pending: Vec<u8>,
    /// What a line over the limit will be answered, once it ends.
    refused: Option<Box<Frame>>,
    /// Bytes of that line so far.
    skipped: usize,
    broken: bool,
}

/// What is pending may hold a password.
impl fmt::Debug for Framer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Framer").field("pending_bytes", &self.pending.len()).finish_non_exhaustive()
    }
}

impl Framer {
    /// See [`crate::Framer::push`].
    pub fn push(&mut self, mut bytes: &[u8], frames: &mut Vec<Frame>) {
        while !self.broken {
            let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
                return self.keep(bytes, frames);
            };
            self.finish(&bytes[..end], frames);
            bytes = &bytes[end + 1..];
        }
    }

    /// The line ends here; `rest` is what of it is not pending.
    fn finish(&mut self, rest: &[u8], frames: &mut Vec<Frame>) {
        if self.skipped + self.pending.len() + rest.len() >= LINE_BYTES_BROKEN {
            self.give_up(frames);
        } else if let Some(refused) = self.refused.take() {
            self.skipped = 0;
            frames.push(*refused);
        } else if self.pending.is_empty() {
            frames.extend(read(rest));
        } else {
            let mut line = std::mem::take(&mut self.pending);
            line.extend_from_slice(rest);
            frames.extend(read(&line));
        }
    }

    /// The line goes on; so do we.
    fn keep(&mut self, mut bytes: &[u8], frames: &mut Vec<Frame>) {
        if self.refused.is_none() {
            let room = LINE_BYTES_KEPT_MAX - self.pending.len();
            self.pending.extend_from_slice(&bytes[..bytes.len().min(room)]);
            if bytes.len() <= room {
                return;
            }
            self.refused = Some(Box::new(too_long(&self.pending)));
            bytes = &bytes[room..];
        }
        self.skipped += std::mem::take(&mut self.pending).len() + bytes.len();
        if self.skipped >= LINE_BYTES_BROKEN {
            self.give_up(frames);
        }
    }

    fn give_up(&mut self, frames: &mut Vec<Frame>) {
        self.pending = Vec::new();
        self.broken = true;
        frames.push(Frame::Broken(CloseReason::LineTooLong { bytes_max: LINE_BYTES_BROKEN }));
    }
}

/// What a line that begins like this is answered, which is too long: with its label, if its tags are whole.
fn too_long(start: &[u8]) -> Frame {
    let (tags, rest) = start.split_at(tags_bytes(start));
    let bytes_max =
        if tags.len() > CLIENT_TAGS_BYTES_MAX { CLIENT_TAGS_BYTES_MAX } else { IRC_LINE_BYTES_MAX };
    let whole = tags.strip_prefix(b"@").and_then(|tags| tags.strip_suffix(b" "));
    let label = match whole.filter(|_| tags.len() <= CLIENT_TAGS_BYTES_MAX).map(std::str::from_utf8) {
        Some(Ok(tags)) => read_tags(tags).0.unwrap_or_default(),
        _ => None,
    };
    let verb = cut(&String::from_utf8_lossy(rest)).map_or("*".into(), |call| sane_verb(&call));
    Frame::BadCall { verb, label, refusal: Refusal::LineTooLong { bytes_max } }
}

/// Bytes of the tags, `@` and the space included; all of them, where there is no space.
fn tags_bytes(line: &[u8]) -> usize {
    match line.first() {
        Some(b'@') => line.iter().position(|byte| *byte == b' ').map_or(line.len(), |space| space + 1),
        _ => 0,
    }
}

/// Reads one line without its LF. Nothing where there is nothing in it.
fn read(line: &[u8]) -> Option<Frame> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let tags_bytes = tags_bytes(line);
    if tags_bytes > CLIENT_TAGS_BYTES_MAX || line.len() - tags_bytes > IRC_LINE_BYTES_MAX - 2 {
        return Some(too_long(line));
    }
    match std::str::from_utf8(line) {
        Err(_) => bad(&String::from_utf8_lossy(line), Refusal::NotUtf8),
        Ok(line) if line.contains('\0') => bad(line, not_in_a_line("NUL")),
        Ok(line) if line.contains('\r') => bad(line, not_in_a_line("CR")),
        Ok(line) => match read_text(line)? {
            (call, Ok(())) => Some(Frame::Call(call)),
            (_, Err(refusal)) => bad(line, refusal),
        },
    }
}

/// The call, and whether its label is one.
fn read_text(line: &str) -> Option<(Call, Result<(), Refusal>)> {
    let (tags, rest) = match line.strip_prefix('@') {
        Some(line) => line.split_once(' ')?,
        None => ("", line),
    };
    let mut call = cut(rest)?;
    if tags.is_empty() {
        return Some((call, Ok(())));
    }
    let (label, tags) = read_tags(tags);
    call.tags = tags;
    Some(match label {
        Ok(label) => {
            call.label = label;
            (call, Ok(()))
        }
        Err(refusal) => (call, Err(refusal)),
    })
}

/// A line that is refused, with what can be told of it.
fn bad(line: &str, refusal: Refusal) -> Option<Frame> {
    let (call, _) = read_text(line)?;
    Some(Frame::BadCall { verb: sane_verb(&call), label: call.label, refusal })
}

/// The verb, unless what is wrong with the line is in the verb itself.
fn sane_verb(call: &Call) -> Text {
    let sane = call.verb().bytes().all(|byte| byte.is_ascii_alphanumeric());
    if sane { call.verb().into() } else { "*".into() }
}

fn not_in_a_line(character: &str) -> Refusal {
    Refusal::BadCharacter { character: character.into() }
}

/// Source (which a client has no say in), verb and parameters.
fn cut(rest: &str) -> Option<Call> {
    let mut rest = rest.trim_start_matches(' ');
    if rest.starts_with(':') {
        rest = rest.split_once(' ')?.1.trim_start_matches(' ');
    }
    let verb = word_end(rest, 0);
    if verb == 0 {
        return None;
    }
    let mut words = SmallVec::new();
    let mut at = after_spaces(rest, verb);
    while at < rest.len() {
        // However many words there are: the line's length is limit enough, and MODE alone has more than 15 of them.
        if rest.as_bytes()[at] == b':' {
            words.push(Span::new(at + 1, rest.len()));
            break;
        }
        let end = word_end(rest, at);
        words.push(Span::new(at, end));
        at = after_spaces(rest, end);
    }
    Some(Call::from_spans(rest.into(), Span::new(0, verb), words))
}

fn word_end(text: &str, from: usize) -> usize {
    text[from..].find(' ').map_or(text.len(), |space| from + space)
}

fn after_spaces(text: &str, from: usize) -> usize {
    text.len() - text[from..].trim_start_matches(' ').len()
}

/// What the answer is to be marked with, if anything; a label that would be a line of its own is refused.
type Label = Result<Option<Text>, Refusal>;

/// The label and the client-only tags. What a client says in other tags is not its to say. Of tags with one key the
/// last counts (IRCv3 message-tags).
fn read_tags(tags: &str) -> (Label, Option<ClientTags>) {
    let mut label = Ok(None);
    let (mut keys, mut kept) = (BTreeSet::new(), Vec::new());
    for tag in tags.rsplit(';') {
        let (key, value) = tag.split_once('=').unwrap_or((tag, ""));
        if !keys.insert(key) {
            continue;
        }
        if key == "label" {
            let text = unescape(value);
            let fits = !text.is_empty() && text.len() <= LABEL_BYTES_MAX;
            label = match text.chars().any(char::is_control) {
                true => Err(not_in_a_line("control character")),
                false => Ok(fits.then(|| Text::from(text))),
            };
        } else if is_client_only(key) {
            kept.push(if value.is_empty() { key } else { tag });
        }
    }
    kept.reverse();
    let kept = (!kept.is_empty()).then(|| ClientTags(kept.join(";").into()));
    (label, kept)
}

fn is_client_only(key: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'/');
    key.strip_prefix('+').is_some_and(|name| !name.is_empty() && name.bytes().all(fits))
}
