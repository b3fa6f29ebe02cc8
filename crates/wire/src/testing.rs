//! What the tests of the small faces have in common: a server to speak of, people, and times.

use chat_model::invitation::Registration;
use std::sync::Arc;

use chat_model::Text;
use chat_model::close_reason::CloseReason;
use chat_model::event::Event;
use chat_model::id::{MsgId, Stamp, Time};
use chat_model::language::Language;
use chat_model::message::{Message, MessageKind, Party, Target};
use chat_model::mode::{Ranks, UserModes};
use chat_model::name::{Account, ChannelName, Nick};
use chat_model::refusal::Refusal;
use chat_model::reply::{Counts, Part, Reply};
use chat_model::sent::Sent;
use chat_model::who::{Source, Who};

use crate::{Accepted, Context, Contexts, Face, Frame, Framer, Session, encode};

/// 2026-11-21T14:02:05.007 in the zone of [`context`], which is an hour ahead of UTC.
pub(crate) const NOW: Time = Time(1_795_266_125_007);

pub(crate) fn context() -> Context {
    Context {
        language: Language::English,
        server: "chat.test".into(),
        network: "TestNet".into(),
        description: "a room for tests".into(),
        version: "chat-server-0.1.0".into(),
        lobby: Some(channel("#lobby")),
        zone: jiff::tz::TimeZone::fixed(jiff::tz::offset(1)),
        registration: Registration::Open,
        guests: true,
        chathistory_max: 100,
        limits: chat_model::limits::Limits::default(),
        database: "/data/chat.db".into(),
    }
}

/// An answer of so many rows in one part.
pub(crate) fn whole(rows: usize) -> Part {
    Part { is_first: true, total: Some(rows) }
}

pub(crate) fn nick(name: &str) -> Nick {
    Nick::new(name).expect("a nickname")
}

pub(crate) fn channel(name: &str) -> ChannelName {
    ChannelName::new(name).expect("a channel")
}

/// Somebody; `bob=` is logged in to the account of that name.
pub(crate) fn who(name: &str) -> Arc<Who> {
    let (name, account) = match name.strip_suffix('=') {
        Some(name) => (name, Some(Account::new(name).expect("an account"))),
        None => (name, None),
    };
    let (username, host, realname): (Text, Text, Text) = ("user".into(), "host".into(), name.into());
    Arc::new(Who { nick: nick(name), username, host, account, realname, bot: false })
}

/// What happens so many seconds after [`NOW`].
pub(crate) fn at(seconds: i64) -> Stamp {
    let time = NOW.plus(seconds * 1000);
    Stamp { id: MsgId(time.0), time }
}

/// `from` says something to a channel or to somebody.
pub(crate) fn message(from: &str, to: &str, kind: MessageKind, text: &str) -> Arc<Message> {
    message_after(0, from, to, kind, text)
}

pub(crate) fn message_after(
    seconds: i64,
    from: &str,
    to: &str,
    kind: MessageKind,
    text: &str,
) -> Arc<Message> {
    let target = match ChannelName::new(to) {
        Ok(name) => Target::Channel { name, rank: None },
        Err(_) => Target::User(Party { nick: nick(to), account: None }),
    };
    let from = Source::User(who(from));
    Arc::new(Message { at: at(seconds), from, target, kind, text: text.into(), tags: None })
}

pub(crate) fn says(from: &str, to: &str, text: &str) -> Event {
    Event::Message(message(from, to, MessageKind::Privmsg, text))
}

pub(crate) fn joins(name: &str, to: &str, arrived: bool) -> Event {
    Event::Joined { at: at(0), who: who(name), channel: channel(to), ranks: Ranks::default(), arrived }
}

pub(crate) fn quits(name: &str, reason: CloseReason) -> Event {
    Event::Quit { at: at(0), who: who(name), reason }
}

pub(crate) fn welcome(name: &str) -> Reply {
    Reply::Welcome {
        who: who(name),
        modes: UserModes::default(),
        muted: false,
        counts: Counts { visible: 2, ..Counts::default() },
        motd: Arc::new(vec!["Be kind.".into()]),
        started: NOW,
        attached: false,
    }
}

pub(crate) fn refused(verb: &str, refusal: Refusal) -> Reply {
    Reply::Refused { verb: verb.into(), refusal }
}

/// The frames of `bytes`, which must be the same wherever the network cuts them.
pub(crate) fn frames_however_cut(framer: impl Fn() -> Framer, bytes: &[u8]) -> Vec<Frame> {
    let in_pieces = |cuts: &[usize]| {
        let (mut framer, mut frames, mut start) = (framer(), Vec::new(), 0);
        for end in cuts.iter().copied().chain([bytes.len()]) {
            framer.push(&bytes[start..end], &mut frames);
            start = end;
        }
        frames
    };
    let whole = in_pieces(&[]);
    for cut in 0..=bytes.len() {
        assert_eq!(in_pieces(&[cut]), whole, "cut at byte {cut} of {:?}", String::from_utf8_lossy(bytes));
    }
    let everywhere: Vec<_> = (0..bytes.len()).collect();
    assert_eq!(in_pieces(&everywhere), whole, "cut everywhere: {:?}", String::from_utf8_lossy(bytes));
    whole
}

/// One act of a transcript.
pub(crate) enum Act {
    /// The client sends this.
    Sends(&'static str),
    /// The engine answers.
    Told(Reply),
    /// The engine shows the client what it did itself.
    Own(Event),
    /// The engine shows what somebody did.
    Sees(Event),
}

/// Runs a transcript: the greeting first, then after each act what the client is sent and the engine is asked.
///
/// Bytes stand as they are; a call is `<VERB|word|word>`, a typed line `<VERB the line>`, a close `<close>`.
pub(crate) fn check(face: Face, guest: bool, greeting: &str, transcript: Vec<(Act, &str)>) {
    check_in(&context(), face, guest, greeting, transcript);
}

/// [`check`] with another server.
pub(crate) fn check_in(cx: &Context, face: Face, guest: bool, greeting: &str, acts: Vec<(Act, &str)>) {
    let cx = &Contexts::new(cx);
    let mut out = Vec::new();
    let mut framer = Framer::new(face, 200);
    let mut session = Session::new(face, guest);
    let viewer = session.viewer();
    let entering = session.greet(cx, &mut out).map(Sent::Call);
    assert_eq!(printed(&out) + &shown(entering), greeting, "the greeting");
    for (number, (act, expected)) in acts.into_iter().enumerate() {
        let mut out = Vec::new();
        let found = match act {
            Act::Sends(bytes) => {
                let (mut frames, mut accepted) = (Vec::new(), Accepted::default());
                framer.push(bytes.as_bytes(), &mut frames);
                frames.into_iter().for_each(|frame| session.accept(frame, cx, &mut accepted));
                shown(accepted.sent)
            }
            Act::Told(reply) => {
                session.reply(&reply, NOW, cx, &mut out);
                printed(&out)
            }
            Act::Own(event) => {
                session.own(&event, cx, &mut out);
                printed(&out)
            }
            Act::Sees(event) => {
                encode(viewer, &event, cx, &mut out);
                printed(&out)
            }
        };
        assert_eq!(found, expected, "act {number}");
    }
}

fn shown(sent: impl IntoIterator<Item = Sent>) -> String {
    sent.into_iter()
        .map(|sent| match sent {
            Sent::Call(call) if call.is_typed() => {
                format!("<{} {}>", call.verb(), call.words().next_rest().unwrap_or_default())
            }
            Sent::Call(call) => {
                let (mut words, mut all) = (call.words(), vec![call.verb().to_owned()]);
                while let Some(word) = words.next_word() {
                    all.push(word.to_owned());
                }
                format!("<{}>", all.join("|"))
            }
            Sent::Answered(bytes) => printed(&bytes),
            // Only IRC has several ways of telling, and its own tests.
            Sent::View { .. } => String::new(),
            Sent::End(_) => "<close>".to_owned(),
        })
        .collect()
}

/// Bytes as text; telnet's commands for the echo as `<echo off>` and `<echo on>`.
fn printed(mut bytes: &[u8]) -> String {
    let mut text = String::new();
    while let Some(at) = bytes.iter().position(|byte| *byte == 255) {
        text.push_str(std::str::from_utf8(&bytes[..at]).expect("UTF-8 between telnet commands"));
        text.push_str(match &bytes[at + 1..at + 3] {
            b"\xfb\x01" => "<echo off>",
            b"\xfc\x01" => "<echo on>",
            other => panic!("unknown telnet command {other:?}"),
        });
        bytes = &bytes[at + 3..];
    }
    text + std::str::from_utf8(bytes).expect("UTF-8")
}

/// Bytes that mean something to one framer or another, in an order that `seed` decides.
fn strange_bytes(mut seed: u64) -> Vec<u8> {
    const PIECES: [&[u8]; 20] = [
        b"{",
        b"}",
        b"\"",
        b"\\",
        b"\n",
        b"\r",
        b"\0",
        b"\xff",
        b"\xfa",
        b"\xf0",
        b"\xfb",
        b"\xc3",
        b"\xa9",
        b"[",
        b" ",
        b"ab",
        b"{\"type\":\"ls\"}",
        b"{\"verb\":\"ONLINE\"}\n",
        b"\r\n",
        b"0123456789",
    ];
    let mut next = || {
        // Knuth's MMIX generator; its high bits are the good ones.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize
    };
    (0..40).flat_map(|_| PIECES[next() % PIECES.len()].to_vec()).collect()
}

#[test]
fn whatever_comes_gives_the_same_frames_wherever_it_is_cut() {
    for seed in 0..200 {
        for face in [Face::Plain, Face::Json, Face::Admin] {
            frames_however_cut(|| Framer::new(face, 24), &strange_bytes(seed));
        }
    }
}
