//! Storms: whatever all connections of one address do as fast as they may, a member at the end of a line of 2 Mbit/s is not
//! closed for reading too slowly. The pace is the one that ships, and so are the bytes; the clock is not.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chat_model::close_reason::CloseReason;
use chat_model::event::Event;
use chat_model::id::{MsgId, Stamp, Time};
use chat_model::limits::{
    AWAY_BYTES_MAX, CLIENT_TAGS_BYTES_MAX, Limits, REALNAME_BYTES_MAX, REASON_BYTES_MAX, TARGETS_MAX,
    USERNAME_BYTES_MAX,
};
use chat_model::message::{ClientTags, Message, MessageKind, Target};
use chat_model::mode::Ranks;
use chat_model::name::{Account, ChannelName, Nick};
use chat_model::who::{Source, Who};
use chat_wire::{Contexts, Face, Framer, Viewer, encode};
use jiff::tz::TimeZone;
use prometheus_client::metrics::counter::Counter;

use crate::bucket::Pace;
use crate::config::Config;
use crate::intake::Intake;
use crate::reload::context;
use crate::slots::pace_rate;

const STEP_MS: u64 = 100;
/// What a line of 2 Mbit/s takes in a step.
const READ_BYTES: usize = 25_000;
const STEPS: u64 = 200;

/// A line, and what a member sees because of it.
type Line = (Vec<u8>, Vec<Event>);

fn who() -> Arc<Who> {
    Arc::new(Who {
        nick: Nick::new(&"n".repeat(32)).expect("a nickname"),
        username: "u".repeat(USERNAME_BYTES_MAX).into(),
        host: "2001:db8:1111:2222:3333:4444:5555:6666".into(),
        account: Some(Account::new(&"n".repeat(32)).expect("an account")),
        realname: "r".repeat(REALNAME_BYTES_MAX).into(),
        bot: false,
    })
}

fn at() -> Stamp {
    Stamp { id: MsgId::MAX, time: Time(1_795_266_125_007) }
}

fn channels() -> Vec<ChannelName> {
    (0..TARGETS_MAX).map(|number| ChannelName::new(&format!("#c{number}")).expect("a channel")).collect()
}

fn names() -> String {
    channels().iter().map(|channel| channel.as_str()).collect::<Vec<_>>().join(",")
}

fn said(channel: &ChannelName, kind: MessageKind, text: &str, tags: Option<&str>) -> Event {
    Event::Message(Arc::new(Message {
        at: at(),
        from: Source::User(who()),
        target: Target::Channel { name: channel.clone(), rank: None },
        kind,
        text: text.into(),
        tags: tags.map(|tags| ClientTags(tags.into())),
    }))
}

/// Something that is said on one channel.
fn say(text: &str, tags: Option<&str>) -> Line {
    let tagged = tags.map_or_else(String::new, |tags| format!("@{tags} "));
    let line = format!("{tagged}PRIVMSG #c0 :{text}\r\n");
    (line.into(), vec![said(&channels()[0], MessageKind::Privmsg, text, tags)])
}

fn tags() -> String {
    format!("+x={}", "t".repeat(CLIENT_TAGS_BYTES_MAX - 6))
}

fn joined(channel: ChannelName) -> [Event; 2] {
    let message = Some("a".repeat(AWAY_BYTES_MAX).into());
    [
        Event::Joined { at: at(), who: who(), channel, ranks: Ranks::default(), arrived: false },
        Event::Away { at: at(), who: who(), message },
    ]
}

fn parted(channel: ChannelName, reason: Option<&str>) -> Event {
    Event::Parted { at: at(), who: who(), channel, reason: reason.map(Into::into) }
}

fn on_irc() -> Vec<(&'static str, Vec<Line>)> {
    let long = "a".repeat(AWAY_BYTES_MAX);
    let away = |message: &str| Event::Away { at: at(), who: who(), message: Some(message.into()) };
    let nick = Nick::new(&"m".repeat(32)).expect("a nickname");
    let tagmsg = said(&channels()[0], MessageKind::Tagmsg, "", Some(&tags()));
    let to_all = |text: &str| -> Vec<Event> {
        channels().iter().map(|channel| said(channel, MessageKind::Privmsg, text, None)).collect()
    };
    let words = "b".repeat(REASON_BYTES_MAX);
    let quit = Event::Quit { at: at(), who: who(), reason: CloseReason::Quit(Some(words.as_str().into())) };
    vec![
        ("short lines", vec![say("a", None)]),
        ("long lines", vec![say(&"x".repeat(400), None)]),
        ("control characters", vec![say(&"\x02".repeat(400), None)]),
        ("further control characters", vec![say(&"\u{81}".repeat(200), None)]),
        ("letters that turn the direction", vec![say(&"\u{202e}".repeat(130), None)]),
        ("quotes", vec![say(&"\"".repeat(400), None)]),
        ("tags", vec![say("a", Some(&tags()))]),
        ("tags alone", vec![(format!("@{} TAGMSG #c0\r\n", tags()).into(), vec![tagmsg])]),
        ("many targets", vec![(format!("PRIVMSG {} :a\r\n", names()).into(), to_all("a"))]),
        (
            "nicknames",
            vec![(
                format!("NICK {nick}\r\n").into(),
                vec![Event::Renamed { at: at(), who: who(), nick: nick.clone() }],
            )],
        ),
        ("away", vec![(b"AWAY :a\r\n".to_vec(), vec![away("a")])]),
        ("away at length", vec![(format!("AWAY :{long}\r\n").into(), vec![away(&long)])]),
        (
            "real names",
            vec![(b"SETNAME :a\r\n".to_vec(), vec![Event::RealnameChanged { at: at(), who: who() }])],
        ),
        (
            "joins and parts",
            vec![
                (b"JOIN #c0\r\n".to_vec(), joined(channels()[0].clone()).to_vec()),
                (format!("PART #c0 :{words}\r\n").into(), vec![parted(channels()[0].clone(), Some(&words))]),
            ],
        ),
        (
            "joins of many, and parts of all",
            vec![
                (format!("JOIN {}\r\n", names()).into(), channels().into_iter().flat_map(joined).collect()),
                (
                    b"JOIN 0\r\n".to_vec(),
                    channels().into_iter().map(|channel| parted(channel, None)).collect(),
                ),
            ],
        ),
        ("adverts", vec![(format!("QUIT :{words}\r\n").into(), vec![quit])]),
    ]
}

fn on_plain() -> Vec<(&'static str, Vec<Line>)> {
    let line = |text: String| {
        let event = said(&channels()[0], MessageKind::Privmsg, &text, None);
        (format!("{text}\n").into_bytes(), vec![event])
    };
    vec![("16 KiB at once", vec![line("x".repeat(16_000))]), ("a word at once", vec![line("hi".into())])]
}

/// How many bytes a member is shown of each line.
fn shown(lines: &[Line], viewer: Viewer, cx: &Contexts) -> Vec<usize> {
    let bytes = |events: &Vec<Event>| {
        let mut out = Vec::new();
        events.iter().for_each(|event| encode(viewer, event, cx, &mut out));
        out.len()
    };
    lines.iter().map(|(_, events)| bytes(events)).collect()
}

/// The most that waits for the member.
fn most_waiting(face: Face, lines: &[Line], shown: &[usize], limits: &Limits) -> usize {
    let start = Instant::now();
    let pace = Arc::new(Pace::new(pace_rate(limits), start, Counter::default()));
    let open = || {
        let framer = Framer::new(face, limits.line_bytes_max);
        (0_usize, Intake::new(framer, limits, Some(pace.clone()), start))
    };
    let mut connections: Vec<_> = (0..limits.connections_per_address_max).map(|_| open()).collect();
    let (mut waiting, mut most) = (0_usize, 0);
    for step in 0..STEPS {
        let now = start + Duration::from_millis(STEP_MS * step);
        for (turn, intake) in &mut connections {
            loop {
                if intake.is_empty() {
                    intake.push(&lines[*turn % lines.len()].0, 0).expect("one line may wait");
                }
                if intake.take(now, 1).is_empty() {
                    break;
                }
                waiting += shown[*turn % lines.len()];
                *turn += 1;
            }
        }
        most = most.max(waiting);
        waiting = waiting.saturating_sub(READ_BYTES);
    }
    most
}

#[test]
fn who_reads_at_2_megabits_a_second_survives_all_that_one_address_does_at_once() {
    let limits = Limits::default();
    let config = Config::load(None, Some(std::path::Path::new("data"))).expect("the defaults are right");
    let cx = Contexts::new(&context(&config, TimeZone::UTC));
    let mut too_much = Vec::new();
    for (face, kinds) in [(Face::Irc, on_irc()), (Face::Plain, on_plain())] {
        for (kind, lines) in kinds {
            for (viewer, capabilities) in
                [(Face::Irc, u32::MAX), (Face::Irc, 0), (Face::Plain, 0), (Face::Json, 0)]
            {
                let viewer = Viewer { face: viewer, language: None, capabilities };
                let most = most_waiting(face, &lines, &shown(&lines, viewer, &cx), &limits);
                if most > limits.send_queue_bytes_max {
                    too_much.push(format!("{kind}: {most} bytes wait for {viewer:?}"));
                }
            }
        }
    }
    assert!(too_much.is_empty(), "{too_much:#?}");
}
