//! Labelled responses (IRCv3 labeled-response): everything that answers one call is gathered, then marked as one.

use chat_model::Text;

use super::line::Tags;
use super::message::escape;
use crate::Context;

/// The lines that answer one labelled call, while they are gathered.
#[derive(Debug)]
pub(super) struct Capture {
    label: Text,
    pub(super) lines: Vec<u8>,
    /// The batch in which the first lines of a long answer have gone already.
    batch: Option<String>,
}

impl Capture {
    pub(super) fn new(label: &Text) -> Self {
        Self { label: label.clone(), lines: Vec::new(), batch: None }
    }

    /// Appends what was gathered, in a batch that stays open. `next` names one.
    pub(super) fn goes_on(&mut self, next: impl FnOnce() -> String, cx: &Context, out: &mut Vec<u8>) {
        let batch = self.batch.get_or_insert_with(|| {
            let batch = next();
            open(&self.label, &batch, cx, out);
            batch
        });
        self.lines.split_inclusive(|byte| *byte == b'\n').for_each(|line| with_batch(batch, line, out));
        self.lines.clear();
    }

    /// Appends what was gathered since, and that this is all.
    pub(super) fn end(mut self, next: impl FnOnce() -> String, cx: &Context, out: &mut Vec<u8>) {
        if self.batch.is_none() {
            return respond(&self.label, &self.lines, &next(), cx, out);
        }
        self.goes_on(next, cx, out);
        self.batch.iter().for_each(|batch| close(batch, cx, out));
    }
}

/// Appends the lines of an answer, marked with its label: none become ACK, one gets the label itself, more
/// become a batch, named `batch`, unless they are one already.
pub(super) fn respond(label: &str, lines: &[u8], batch: &str, cx: &Context, out: &mut Vec<u8>) {
    let lines: Vec<&[u8]> = lines.split_inclusive(|byte| *byte == b'\n').collect();
    match lines.as_slice() {
        [] => labelled(label, out).end().server(cx).command("ACK").end(),
        [only] => with_label(label, only, out),
        [first, inner @ .., last] if is_batch(first, last) => {
            with_label(label, first, out);
            inner.iter().chain([last]).for_each(|line| out.extend_from_slice(line));
        }
        several => {
            open(label, batch, cx, out);
            several.iter().for_each(|line| with_batch(batch, line, out));
            close(batch, cx, out);
        }
    }
}

fn open(label: &str, batch: &str, cx: &Context, out: &mut Vec<u8>) {
    let line = labelled(label, out).end().server(cx).command("BATCH");
    line.signed_name("+", batch).word("labeled-response").end();
}

fn close(batch: &str, cx: &Context, out: &mut Vec<u8>) {
    super::line::Line::new(out).server(cx).command("BATCH").signed_name("-", batch).end();
}

fn labelled<'o>(label: &str, out: &'o mut Vec<u8>) -> Tags<'o> {
    let mut value = String::with_capacity(label.len());
    escape(label, &mut value);
    let mut tags = Tags::new(out);
    tags.tag("label=").extend_from_slice(value.as_bytes());
    tags
}

fn with_label(label: &str, line: &[u8], out: &mut Vec<u8>) {
    let mut tag = Vec::new();
    labelled(label, &mut tag);
    with_tag(&tag, line, out);
}

/// A line that is in a batch already stays in that one.
fn with_batch(batch: &str, line: &[u8], out: &mut Vec<u8>) {
    if tags_of(line).split(|byte| *byte == b';').any(|tag| tag.starts_with(b"batch=")) {
        out.extend_from_slice(line);
    } else {
        with_tag(format!("@batch={batch}").as_bytes(), line, out);
    }
}

fn with_tag(tag: &[u8], line: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(tag);
    match line.strip_prefix(b"@") {
        Some(line) => {
            out.push(b';');
            out.extend_from_slice(line);
        }
        None => {
            out.push(b' ');
            out.extend_from_slice(line);
        }
    }
}

fn tags_of(line: &[u8]) -> &[u8] {
    let tags = line.strip_prefix(b"@").unwrap_or_default();
    tags.split(|byte| *byte == b' ').next().unwrap_or_default()
}

/// Whether these are the first and last line of one batch.
fn is_batch(first: &[u8], last: &[u8]) -> bool {
    match (batch_word(first), batch_word(last)) {
        (Some([b'+', opened @ ..]), Some([b'-', closed @ ..])) => opened == closed,
        _ => false,
    }
}

/// The reference of a BATCH line, with its sign. Such lines come from the server, so they have a source.
fn batch_word(line: &[u8]) -> Option<&[u8]> {
    let mut words =
        line.trim_ascii_end().split(|byte| *byte == b' ').skip_while(|word| word.starts_with(b"@"));
    words.next();
    (words.next()? == b"BATCH").then(|| words.next())?
}
