//! Transcripts: what goes into a session and what comes out of it, line by line.
//!
//! In: `< line` from the server, `$ line` typed, `? text` the answer to a question, `+` connected,
//! `+plain` connected where others can read along, `- reason` the connection is lost, `^C`, `^D`, `tick ms`.
//! Out: `> line` to the server, `| text` shown, `~ ms` connect after that time, `x` disconnect, `?? text` asked
//! without echo, `! status` exit. `…` at the end of an expected line stands for anything.

mod catching_up;
mod commands;
mod inviting;
mod languages;
mod logins;
mod registering;
mod talking;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chat_model::id::Time;
use chat_model::secret::Secret;
use jiff::tz::TimeZone;

use super::{Effect, Input, Options, Session};
use crate::screen::Text;

/// 2026-11-21T14:02:00Z
const START: Time = Time(1_795_269_720_000);

fn options() -> Options {
    Options {
        language: None,
        server: "irc.test".to_owned(),
        nick: "alice".to_owned(),
        account: None,
        password: None,
        channels: vec![("#lobby".to_owned(), None)],
        interactive: true,
        insecure_password: false,
        history_lines: 0,
        seen: None,
    }
}

fn with_password() -> Options {
    Options { password: Some(Secret::new("hunter2")), ..options() }
}

fn script() -> Options {
    Options { interactive: false, ..options() }
}

/// A session under test.
struct Bench {
    session: Session,
    text: Text,
    now: Time,
}

impl Bench {
    fn new(options: Options) -> Self {
        let text = Text::new(false, false, 80, TimeZone::UTC);
        Self { session: Session::new(options), text, now: START }
    }

    /// A session that is connected, registered and on `#lobby`, on a server that can everything.
    fn online(options: Options) -> Self {
        let mut bench = Self::new(options);
        bench.feed(ONLINE);
        bench
    }

    /// A session on a server of the old days.
    fn on_old_server(options: Options) -> Self {
        let mut bench = Self::new(options);
        bench.feed(ON_OLD_SERVER);
        bench
    }

    /// Puts lines in whatever comes out.
    fn feed(&mut self, transcript: &str) {
        for line in transcript.lines().map(str::trim).filter(|line| !line.is_empty()) {
            self.step(line);
        }
    }

    fn step(&mut self, line: &str) -> Vec<String> {
        let (sign, rest) = line.split_once(' ').unwrap_or((line, ""));
        let input = match sign {
            "<" => Input::Line(rest),
            "$" => Input::Typed(rest),
            "?" => Input::Answer(Some(Secret::new(rest))),
            "+" => Input::Connected { secure: true, local: false },
            "+plain" => Input::Connected { secure: false, local: false },
            "-" => Input::Lost(rest),
            "^C" => Input::Interrupt,
            "^D" => Input::End,
            "tick" => {
                self.now = self.now.plus(rest.parse().expect("milliseconds"));
                Input::Tick
            }
            other => panic!("{other:?} is no input"),
        };
        let effects = self.session.apply(self.now, input);
        effects.iter().flat_map(|effect| self.written(effect)).collect()
    }

    fn written(&mut self, effect: &Effect) -> Vec<String> {
        match effect {
            Effect::Send(line) => vec![format!("> {}", line.trim_end_matches("\r\n"))],
            Effect::Show(line) => self.text.rows(line).lines().map(|row| format!("| {row}")).collect(),
            Effect::Connect { after_ms } => vec![format!("~ {after_ms}")],
            Effect::Disconnect => vec!["x".to_owned()],
            Effect::Ask(text) => vec![format!("?? {text}")],
            Effect::Speak(language) => {
                self.text.language = *language;
                Vec::new()
            }
            Effect::Exit(status) => vec![format!("! {status}")],
        }
    }

    /// Plays a transcript and compares what comes out.
    fn check(&mut self, transcript: &str) {
        let lines: Vec<&str> = transcript.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let is_output =
            |line: &str| [">", "|", "~", "x", "??", "!"].contains(&line.split(' ').next().unwrap_or(""));
        let mut rest = lines.as_slice();
        while let Some((input, more)) = rest.split_first() {
            let count = more.iter().take_while(|line| is_output(line)).count();
            let actual = self.step(input);
            let expected = &more[..count];
            let same = actual.len() == count && actual.iter().zip(expected).all(|(a, e)| fits(a, e));
            assert!(same, "after {input:?}\nexpected {expected:#?}\nactually {actual:#?}");
            rest = &more[count..];
        }
    }
}

fn fits(actual: &str, expected: &str) -> bool {
    expected.strip_suffix('…').map_or(actual == expected, |start| actual.starts_with(start))
}

fn check(mut bench: Bench, transcript: &str) {
    bench.check(transcript);
}

const ONLINE: &str = "
    +
    < :s CAP * LS :batch draft/chathistory echo-message labeled-response message-tags server-time sasl draft/account-registration
    < :s CAP * ACK :batch draft/chathistory echo-message labeled-response message-tags server-time sasl draft/account-registration
    < :s 001 alice :Welcome
    < :s 005 alice CASEMAPPING=ascii CHANTYPES=# CHATHISTORY=100 :are supported
    < :s 422 alice :no MOTD
    < :alice!a@h JOIN #lobby
    < :s 353 alice = #lobby :@alice bob carol
    < :s 366 alice #lobby :End
    < :s PONG s :settled
    ";

const ON_OLD_SERVER: &str = "
    +
    < :s 421 * CAP :Unknown command
    < :s 001 alice :Welcome
    < :s 422 alice :no MOTD
    < :alice!a@h JOIN :#lobby
    < :s 353 alice = #lobby :@alice bob
    < :s 366 alice #lobby :End
    < :s PONG s :settled
    ";
