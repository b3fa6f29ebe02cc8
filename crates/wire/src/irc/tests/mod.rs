//! Transcripts: what comes in, and which lines go out.

mod events;
mod framing;
mod longest;
mod negotiation;
mod past;
mod refusals;
mod replies;

use chat_model::invitation::Registration;
use std::sync::Arc;

use chat_model::Text;
use chat_model::event::Event;
use chat_model::id::{MsgId, Stamp, Time};
use chat_model::language::Language;
use chat_model::limits::Limits;
use chat_model::message::{ClientTags, Message, MessageKind, Party, Target};
use chat_model::mode::UserModes;
use chat_model::name::{ChannelName, Nick};
use chat_model::reply::{Counts, Reply};
use chat_model::sent::Sent;
use chat_model::who::{Source, Who};

use super::{Framer, Session, encode};
use crate::{Accepted, Context, Frame};

/// 2027-01-15T08:00:00.000Z
const NOW: Time = Time(1_800_000_000_000);

/// Something that comes in.
enum In {
    /// A line from the client.
    Line(&'static str),
    /// An answer from the engine.
    Reply(Reply),
    /// What the client did itself.
    Own(Event),
    /// What somebody else did.
    Other(Event),
    /// The answer to a labelled call begins.
    Begin(&'static str),
    /// It ends.
    End,
}

struct Client {
    cx: Context,
    framer: Framer,
    session: Session,
}

impl Client {
    fn new() -> Self {
        Self { cx: context(), framer: Framer::default(), session: Session::default() }
    }

    /// A client that is registered as `me` and has these capabilities.
    fn with(capabilities: &str) -> Self {
        let mut client = Self::new();
        client.play(In::Line("CAP LS"));
        let request: &str = capabilities;
        let frame = Frame::Call(chat_model::call::Call::new("CAP", &["REQ", request]));
        let mut accepted = Accepted::default();
        client.session.accept(frame, &client.cx, &mut accepted);
        accepted.sent.into_iter().for_each(|sent| drop(client.take(sent)));
        client.play(In::Line("CAP END"));
        let welcome = Reply::Welcome {
            who: who("me"),
            modes: UserModes::default(),
            muted: false,
            counts: Counts::default(),
            motd: Arc::default(),
            started: NOW,
            attached: false,
        };
        client.play(In::Reply(welcome));
        client
    }

    /// Lets one thing come in; the lines that go out, and the other accepted in words.
    fn play(&mut self, input: In) -> Vec<String> {
        let mut out = Vec::new();
        match input {
            In::Line(line) => return self.send(format!("{line}\r\n").as_bytes()),
            In::Reply(reply) => self.session.reply(&reply, NOW, &self.cx, &mut out),
            In::Own(event) => self.session.own(&event, &self.cx, &mut out),
            In::Other(event) => encode(self.session.capabilities(), &event, &self.cx, &mut out),
            In::Begin(label) => self.session.begin(&label.into()),
            In::End => self.session.end(&self.cx, &mut out),
        }
        lines(&out)
    }

    fn send(&mut self, bytes: &[u8]) -> Vec<String> {
        let (mut frames, mut accepted) = (Vec::new(), Accepted::default());
        self.framer.push(bytes, &mut frames);
        for frame in frames {
            self.session.accept(frame, &self.cx, &mut accepted);
        }
        accepted.sent.into_iter().flat_map(|sent| self.take(sent)).collect()
    }

    fn take(&mut self, sent: Sent) -> Vec<String> {
        if let Sent::View { capabilities, .. } = sent {
            self.session.view_as(capabilities);
        }
        described(sent)
    }
}

fn described(sent: Sent) -> Vec<String> {
    match sent {
        Sent::Answered(bytes) => lines(&bytes),
        Sent::View { .. } => Vec::new(),
        Sent::End(farewell) => vec![format!("close: {farewell:?}")],
        Sent::Call(call) => {
            let mut text = format!("call {}", call.verb());
            let mut words = call.words();
            while let Some(word) = words.next_word() {
                text.push_str(&format!(" <{word}>"));
            }
            if let Some(label) = &call.label {
                text.push_str(&format!(" label={label}"));
            }
            if let Some(ClientTags(tags)) = &call.tags {
                text.push_str(&format!(" tags={tags}"));
            }
            vec![text]
        }
    }
}

/// Every line must be whole, and short enough.
fn lines(bytes: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(bytes).expect("only UTF-8 goes out");
    assert!(text.is_empty() || text.ends_with("\r\n"), "{text:?}");
    let lines: Vec<String> = text.split_terminator("\r\n").map(str::to_owned).collect();
    for line in &lines {
        let body = if line.starts_with('@') { line.split_once(' ').expect("a body").1 } else { line };
        assert!(body.len() <= 510 && !line.contains(['\r', '\n', '\0']), "{line:?}");
    }
    lines
}

/// Plays a transcript: what comes in, and exactly which lines go out for it.
fn check(mut client: Client, transcript: Vec<(In, &[&str])>) {
    for (index, (input, expected)) in transcript.into_iter().enumerate() {
        assert_eq!(client.play(input), expected, "at {index}");
    }
}

fn context() -> Context {
    Context {
        language: Language::English,
        server: "chat.test".into(),
        network: "Test Net".into(),
        description: "a test server".into(),
        version: "chat-server-test".into(),
        lobby: Some(channel("#lobby")),
        zone: jiff::tz::TimeZone::UTC,
        registration: Registration::Open,
        guests: true,
        chathistory_max: 100,
        limits: Limits::default(),
        database: "/nowhere/chat.db".into(),
    }
}

fn channel(name: &str) -> ChannelName {
    ChannelName::new(name).expect("a channel name")
}

fn nick(name: &str) -> Nick {
    Nick::new(name).expect("a nickname")
}

fn who(name: &str) -> Arc<Who> {
    Arc::new(Who {
        nick: nick(name),
        username: "u".into(),
        host: "h".into(),
        account: None,
        realname: "Real Name".into(),
        bot: false,
    })
}

/// Somebody who is logged in under the nickname's own account.
fn owner(name: &str) -> Arc<Who> {
    Arc::new(Who { account: Some(nick(name).to_account()), ..(*who(name)).clone() })
}

fn ago(milliseconds: i64) -> Stamp {
    let time = NOW.plus(-milliseconds);
    Stamp { id: MsgId(time.0), time }
}

fn said(from: Arc<Who>, target: &str, text: &str) -> Message {
    let target = match ChannelName::new(target) {
        Ok(name) => Target::Channel { name, rank: None },
        Err(_) => Target::User(Party { nick: nick(target), account: None }),
    };
    let kind = MessageKind::Privmsg;
    Message { at: ago(0), from: Source::User(from), target, kind, text: Text::from(text), tags: None }
}
