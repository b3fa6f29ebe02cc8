//! Objects out of a stream of bytes, cut anywhere, and what they ask for.

use chat_model::call::Call;
use chat_model::close_reason::CloseReason;
use chat_model::refusal::{Expected, JsonProblem, Refusal};
use serde_json::{Map, Value};

use super::TYPES;
use crate::Frame;

/// Cuts top-level objects by the depth of their braces, and reads them.
#[derive(Debug)]
pub struct Framer {
    object_bytes_max: usize,
    object: Vec<u8>,
    depth: usize,
    state: State,
    /// Whether an object was over the limit: where the next one begins is not known.
    broken: bool,
}

/// Where the next byte is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Between objects.
    Outside,
    /// In something that is no object, until the next one begins or the line ends.
    Rubbish,
    /// In an object, and in no string of it.
    Object,
    /// In a string of an object.
    Text,
    /// After a backslash in such a string.
    Escape,
}

impl Framer {
    /// A framer for a new connection.
    pub fn new(object_bytes_max: usize) -> Self {
        Self { object_bytes_max, object: Vec::new(), depth: 0, state: State::Outside, broken: false }
    }

    /// See [`crate::Framer::push`].
    pub fn push(&mut self, bytes: &[u8], frames: &mut Vec<Frame>) {
        for &byte in bytes {
            if self.broken {
                return;
            }
            self.step(byte, frames);
        }
    }

    fn step(&mut self, byte: u8, frames: &mut Vec<Frame>) {
        match (self.state, byte) {
            (State::Outside | State::Rubbish, b'{') => {
                self.state = State::Object;
                self.depth = 1;
                self.object.push(byte);
            }
            (State::Outside, byte) if byte.is_ascii_whitespace() => {}
            (State::Outside, _) => {
                self.state = State::Rubbish;
                frames.push(not_json(JsonProblem::NoBrace));
            }
            (State::Rubbish, b'\n') => self.state = State::Outside,
            (State::Rubbish, _) => {}
            // No string of JSON has a line end in it, so its closing quote was forgotten. Or there is more of it on
            // the next line, which is not to be complained of as well.
            (State::Text | State::Escape, b'\n') => {
                self.object = Vec::new();
                self.state = State::Rubbish;
                frames.push(not_json(JsonProblem::OpenString));
            }
            (State::Object | State::Text | State::Escape, _) => self.inside(byte, frames),
        }
    }

    fn inside(&mut self, byte: u8, frames: &mut Vec<Frame>) {
        if self.object.len() == self.object_bytes_max {
            self.broken = true;
            self.object = Vec::new();
            return frames.push(Frame::Broken(CloseReason::LineTooLong { bytes_max: self.object_bytes_max }));
        }
        self.object.push(byte);
        self.state = match (self.state, byte) {
            (State::Text, b'\\') => State::Escape,
            (State::Text, b'"') => State::Object,
            (State::Object, b'"') | (State::Escape, _) => State::Text,
            (state, _) => state,
        };
        match (self.state, byte) {
            (State::Object, b'{') => self.depth += 1,
            (State::Object, b'}') => self.depth -= 1,
            _ => {}
        }
        if self.depth == 0 {
            frames.push(read(&self.object));
            self.object.clear();
            self.state = State::Outside;
        }
    }
}

fn not_json(problem: JsonProblem) -> Frame {
    Frame::Bad(Refusal::NotJson { problem })
}

/// Reads one object.
fn read(object: &[u8]) -> Frame {
    let Ok(object) = std::str::from_utf8(object) else { return Frame::Bad(Refusal::NotUtf8) };
    match serde_json::from_str(object) {
        Ok(fields) => Fields(fields).frame(),
        Err(error) => not_json(JsonProblem::Reader(error.to_string().into())),
    }
}

/// The fields of an object.
struct Fields(Map<String, Value>);

impl Fields {
    fn frame(&self) -> Frame {
        match self.call() {
            Ok(call) => Frame::Call(call),
            // Who logs in waits for that answer and no other.
            Err(refusal) if matches!(self.string("type"), Ok(Some("login"))) => {
                Frame::BadCall { verb: "login".into(), label: None, refusal }
            }
            Err(refusal) => Frame::Bad(refusal),
        }
    }

    /// The call for the session: the type, and what it needs, always in the same places.
    fn call(&self) -> Result<Call, Refusal> {
        let kind = self.string("type")?.unwrap_or_default();
        Ok(match kind {
            "login" => {
                let history = self.count("history")?.to_string();
                let nick = self.string("msg")?.unwrap_or_default();
                let password = self.string("password")?.unwrap_or_default();
                let server_password = self.string("server_password")?.unwrap_or_default();
                Call::new(kind, &[nick, password, &history, server_password])
            }
            "broadcast" => Call::new(kind, &[&self.text("msg")?]),
            "lang" => Call::new(kind, &[self.string("msg")?.unwrap_or_default()]),
            "sendto" => Call::new(kind, &[self.string("nickname")?.unwrap_or_default(), &self.text("msg")?]),
            kind if TYPES.contains(&kind) => Call::new(kind, &[]),
            kind => return Err(Refusal::UnknownCommand { verb: kind.into(), nearest: None }),
        })
    }

    fn string(&self, name: &str) -> Result<Option<&str>, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(bad_field(name, Expected::JsonString)),
        }
    }

    fn count(&self, name: &str) -> Result<u64, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(0),
            // More than the engine can count is all that there is.
            Some(value) if value.is_u64() => Ok(value.as_u64().unwrap_or_default().min(u32::MAX.into())),
            Some(_) => Err(bad_field(name, Expected::JsonCount)),
        }
    }

    /// What is to be said, as one line: no other face could show more, and IRC would take the rest for commands.
    fn text(&self, name: &str) -> Result<String, Refusal> {
        let text = self.string(name)?.unwrap_or_default().trim_end_matches(['\r', '\n']);
        let text = text.replace("\r\n", " ").replace(['\r', '\n'], " ");
        Ok(text.replace('\0', "\u{fffd}"))
    }
}

fn bad_field(name: &str, expected: Expected) -> Refusal {
    Refusal::BadWord { word: name.into(), expected }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::frames_however_cut;

    const MAX: usize = 100;

    fn call(kind: &str, words: &[&str]) -> Frame {
        Frame::Call(Call::new(kind, words))
    }

    fn bad(word: &str, expected: Expected) -> Frame {
        Frame::Bad(bad_field(word, expected))
    }

    fn bad_login(word: &str, expected: Expected) -> Frame {
        Frame::BadCall { verb: "login".into(), label: None, refusal: bad_field(word, expected) }
    }

    fn unknown(kind: &str) -> Frame {
        Frame::Bad(Refusal::UnknownCommand { verb: kind.into(), nearest: None })
    }

    fn check(cases: &[(&str, Vec<Frame>)]) {
        for (bytes, frames) in cases {
            let framer = || crate::Framer::new(crate::Face::Json, MAX);
            assert_eq!(frames_however_cut(framer, bytes.as_bytes()), *frames, "{bytes:?}");
        }
    }

    #[test]
    fn objects_are_the_same_wherever_the_network_cuts_them() {
        check(&[
            (r#"{"type":"ls","msg":null}{"type":"help"}"#, vec![call("ls", &[]), call("help", &[])]),
            (
                " {\n\"type\" : \"ls\" }\r\n\t{\"type\":\"ignore\"}{\"ty",
                vec![call("ls", &[]), call("ignore", &[])],
            ),
            (
                r#"{"type":"broadcast","msg":"a } { \" \\"}{"type":"quit"}"#,
                vec![call("broadcast", &["a } { \" \\"]), call("quit", &[])],
            ),
            (r#"{"x":{"y":[{}]},"type":"ls"}"#, vec![call("ls", &[])]),
            (
                r#"{"type":"sendto","nickname":"Zoë","msg":"caf\u00e9 日本"}"#,
                vec![call("sendto", &["Zoë", "café 日本"])],
            ),
            (
                r#"{"type":"login","msg":"bob","history":99999999999}"#,
                vec![call("login", &["bob", "", "4294967295", ""])],
            ),
            (r#"{"type":"login","msg":"bob"}"#, vec![call("login", &["bob", "", "0", ""])]),
            (
                r#"{"type":"login","msg":"bob","password":"p","history":5,"server_password":"s"}"#,
                vec![call("login", &["bob", "p", "5", "s"])],
            ),
        ]);
    }

    #[test]
    fn what_is_said_is_one_line() {
        check(&[
            (
                r#"{"type":"broadcast","msg":"one\r\ntwo\nthree\n"}"#,
                vec![call("broadcast", &["one two three"])],
            ),
            (r#"{"type":"broadcast","msg":"nul \u0000"}"#, vec![call("broadcast", &["nul \u{fffd}"])]),
            (r#"{"type":"broadcast"}"#, vec![call("broadcast", &[""])]),
        ]);
    }

    #[test]
    fn what_is_no_object_is_left_out_and_the_next_one_is_read() {
        let no_brace = || not_json(JsonProblem::NoBrace);
        check(&[
            (
                "hello {nurse}\n{\"type\":\"ls\"}",
                vec![
                    no_brace(),
                    not_json(JsonProblem::Reader("key must be a string at line 1 column 2".into())),
                    call("ls", &[]),
                ],
            ),
            ("[1,2]\n\"x\"{\"type\":\"ls\"}", vec![no_brace(), no_brace(), call("ls", &[])]),
            ("{\"type\":\"ls}\n{\"type\":\"ls\"}", vec![not_json(JsonProblem::OpenString), call("ls", &[])]),
            (
                "{\"type\":\"a\nb\"}\n{\"type\":\"ls\"}",
                vec![not_json(JsonProblem::OpenString), call("ls", &[])],
            ),
            (r#"{}{"type":5}"#, vec![unknown(""), bad("type", Expected::JsonString)]),
            (r#"{"type":"broadcast","msg":5}"#, vec![bad("msg", Expected::JsonString)]),
            (r#"{"type":"dance"}"#, vec![unknown("dance")]),
            (r#"{"type":"login","msg":"a","history":-1}"#, vec![bad_login("history", Expected::JsonCount)]),
            (r#"{"type":"login","msg":7}"#, vec![bad_login("msg", Expected::JsonString)]),
        ]);
    }

    #[test]
    fn bytes_that_are_not_utf8_are_said_to_be_so() {
        let framer = || crate::Framer::new(crate::Face::Json, MAX);
        let frames = frames_however_cut(framer, b"{\"type\":\"\xe4\"}{\"type\":\"ls\"}");
        assert_eq!(frames, [Frame::Bad(Refusal::NotUtf8), call("ls", &[])]);
    }

    #[test]
    fn nothing_is_read_after_an_object_that_is_too_long() {
        let fits = format!(r#"{{"type":"broadcast","msg":"{}"}}"#, "x".repeat(MAX - 29));
        assert_eq!(fits.len(), MAX);
        let longer = fits.replacen('x', "xx", 1);
        let said = "x".repeat(MAX - 29);
        check(&[(
            &format!("{fits}{longer}{fits}"),
            vec![call("broadcast", &[&said]), Frame::Broken(CloseReason::LineTooLong { bytes_max: MAX })],
        )]);
    }
}
