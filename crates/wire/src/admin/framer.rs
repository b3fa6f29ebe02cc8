//! Requests out of lines.

use chat_model::call::Call;
use chat_model::refusal::{Expected, JsonProblem, Refusal};
use serde::Deserialize;

use crate::Frame;

/// Cuts lines and reads the request in each.
#[derive(Debug)]
pub struct Framer {
    line_bytes_max: usize,
    line: Vec<u8>,
    /// Whether the line was too long already, and its rest is left out.
    skips: bool,
}

/// `{"verb":"KICK","words":["bob","spamming"]}`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request<'a> {
    #[serde(borrow)]
    verb: std::borrow::Cow<'a, str>,
    #[serde(default)]
    words: Vec<String>,
}

impl Framer {
    /// A framer for a new connection.
    pub fn new(line_bytes_max: usize) -> Self {
        Self { line_bytes_max, line: Vec::new(), skips: false }
    }

    /// See [`crate::Framer::push`].
    pub fn push(&mut self, bytes: &[u8], frames: &mut Vec<Frame>) {
        let mut pieces = bytes.split(|byte| *byte == b'\n');
        // Splitting gives one piece at the least; each one after it has a line end before it.
        self.text(pieces.next().unwrap_or_default(), frames);
        for piece in pieces {
            self.end_line(frames);
            self.text(piece, frames);
        }
    }

    fn text(&mut self, bytes: &[u8], frames: &mut Vec<Frame>) {
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

    fn end_line(&mut self, frames: &mut Vec<Frame>) {
        if !std::mem::take(&mut self.skips) && !self.line.trim_ascii().is_empty() {
            frames.push(read(&self.line));
        }
        self.line.clear();
    }
}

fn read(line: &[u8]) -> Frame {
    let Ok(line) = std::str::from_utf8(line) else { return Frame::Bad(Refusal::NotUtf8) };
    match serde_json::from_str::<Request<'_>>(line) {
        Ok(request) => {
            // IRC clients would take what follows a line end for a command.
            if let Some(word) = request.words.iter().find(|word| word.contains(['\r', '\n', '\0'])) {
                let (word, expected) = (word.as_str().into(), Expected::OneLine);
                return Frame::Bad(Refusal::BadWord { word, expected });
            }
            let words: Vec<_> = request.words.iter().map(String::as_str).collect();
            Frame::Call(Call::new(&request.verb, &words))
        }
        Err(error) => Frame::Bad(Refusal::NotJson { problem: JsonProblem::Reader(error.to_string().into()) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::frames_however_cut;

    #[test]
    fn requests_are_the_same_wherever_the_socket_cuts_them() {
        let bad =
            |problem: &str| Frame::Bad(Refusal::NotJson { problem: JsonProblem::Reader(problem.into()) });
        let too_long = || Frame::Bad(Refusal::LineTooLong { bytes_max: 60 });
        let online = || Frame::Call(Call::new("ONLINE", &[]));
        let kick = || Frame::Call(Call::new("KICK", &["bob", "über alles"]));
        let two_lines = Frame::Bad(Refusal::BadWord { word: "a\nb".into(), expected: Expected::OneLine });
        let cases: [(&str, Vec<Frame>); 7] = [
            ("{\"verb\":\"SAY\",\"words\":[\"#lobby\",\"a\\nb\"]}\n", vec![two_lines]),
            ("{\"verb\":\"ONLINE\"}\n{\"verb\":\"ONLINE\",\"words\":[]}\r\n", vec![online(), online()]),
            ("{\"verb\":\"KICK\",\"words\":[\"bob\",\"\\u00fcber alles\"]}\n\n \r\n", vec![kick()]),
            ("{\"verb\":\"KI", vec![]),
            ("KICK bob\n{\"verb\":\"ONLINE\"}\n", vec![bad("expected value at line 1 column 1"), online()]),
            (
                "{\"verbs\":1}\n",
                vec![bad("unknown field `verbs`, expected `verb` or `words` at line 1 column 8")],
            ),
            (
                "{\"verb\":\"SAY\",\"words\":[\"#lobby\",\"much longer than the limit is\"]}\n{\"verb\":\"ONLINE\"}\n",
                vec![too_long(), online()],
            ),
        ];
        for (bytes, frames) in cases {
            let framer = || crate::Framer::new(crate::Face::Admin, 60);
            assert_eq!(frames_however_cut(framer, bytes.as_bytes()), frames, "{bytes:?}");
        }
    }
}
