//! Replies.

use std::sync::Arc;

use chat_model::Text;
use chat_model::close_reason::CloseReason;
use chat_model::id::Time;
use chat_model::language::Language;
use chat_model::mask::Mask;
use chat_model::mode::{ChannelFlag, ChannelModes, Ranks, UserMode, UserModes};
use chat_model::name::{ChannelName, Nick};
use chat_model::reply::{
    AdminReply, ChannelBan, CommandReply, Counts, HelpRow, IrcReply, Listed, Member, Notice, Part, Person,
    Reply, Topic, WhoRow, Whois, Whowas,
};
use chat_model::who::Who;

use crate::testing::whole;

use super::{Client, In, NOW, channel, nick, owner, who};

/// What a session with these capabilities is told.
fn rendered(capabilities: &str, reply: impl Into<Reply>) -> Vec<String> {
    Client::with(capabilities).play(In::Reply(reply.into()))
}

fn check(rows: Vec<(Reply, &[&str])>) {
    for (reply, expected) in rows {
        assert_eq!(rendered("", reply), expected);
    }
}

fn operator() -> Ranks {
    Ranks::from_letters("ov")
}

#[test]
fn the_welcome_comes_in_order_and_tells_what_there_is() {
    let mut modes = UserModes::default();
    modes.set(UserMode::Invisible, true);
    let counts = Counts { visible: 2, invisible: 1, operators: 1, unregistered: 4, channels: 5, most: 7 };
    let motd: Arc<Vec<Text>> = Arc::new(vec!["hello".into(), "".into()]);
    let lines = rendered(
        "",
        Reply::Welcome { who: who("Me"), modes, muted: false, counts, motd, started: NOW, attached: false },
    );
    let codes: Vec<_> = lines.iter().map(|line| line.split(' ').nth(1).expect("a numeric")).collect();
    let expected = "001 002 003 004 005 005 251 252 253 254 255 265 266 375 372 372 376 221";
    assert_eq!(codes, expected.split(' ').collect::<Vec<_>>());
    assert!(lines.iter().all(|line| line.split(' ').nth(2) == Some("Me")), "{lines:#?}");
    assert_eq!(lines[0], ":chat.test 001 Me :Welcome to the Test Net network, Me!u@h");
    assert_eq!(lines[2], ":chat.test 003 Me :This server was started on Fri, 15 Jan 2027 08:00:00 +0000");
    assert_eq!(lines[3], ":chat.test 004 Me chat.test chat-server-test Bdio Dabhiklmnoqstv abhkloqv");
    assert_eq!(lines[6], ":chat.test 251 Me :There are 2 users and 1 invisible on 1 servers");
    assert_eq!(lines[10], ":chat.test 255 Me :I have 3 clients and 0 servers");
    assert_eq!(lines[12], ":chat.test 266 Me 3 7 :Current global users 3, max 7");
    assert_eq!(lines[14], ":chat.test 372 Me :- hello");
    assert_eq!(lines[17], ":chat.test 221 Me +i");
}

/// Who one is stands in the last word of the welcome (RFC 2812 section 5.1), irssi shows when somebody came only where
/// that is called `signon time`, and there are bots that know RPL_ISUPPORT by its text.
#[test]
fn what_programs_read_is_there_in_every_language() {
    for language in Language::ALL {
        let mut client = Client::with("");
        client.cx.language = language;
        let (modes, counts, motd) = (UserModes::default(), Counts::default(), Arc::default());
        let welcome = Reply::Welcome {
            who: who("Me"),
            modes,
            muted: false,
            counts,
            motd,
            started: NOW,
            attached: false,
        };
        let mut lines = client.play(In::Reply(welcome));
        lines.extend(client.play(In::Reply(CommandReply::Whois(Box::new(whois(who("eve")))).into())));
        for (code, end) in [
            (" 001 ", " Me!u@h"),
            (" 005 ", " :are supported by this server"),
            (" 317 ", " :seconds idle, signon time"),
        ] {
            let mut of_code = lines.iter().filter(|line| line.contains(code)).peekable();
            assert!(of_code.peek().is_some(), "{code}");
            of_code.for_each(|line| assert!(line.ends_with(end), "{line}"));
        }
    }
}

#[test]
fn isupport_is_ascii_with_one_equals_sign_and_few_tokens_a_line() {
    let lines: Vec<_> = rendered("", CommandReply::Version).into_iter().skip(1).collect();
    for line in &lines {
        let tokens = line.split_once(" :").expect("a text").0.replace(":chat.test 005 me ", "");
        assert!(tokens.split(' ').count() <= 13 && tokens.is_ascii(), "{line}");
        assert!(tokens.split(' ').all(|token| token.matches('=').count() <= 1), "{line}");
    }
    let all = lines.join(" ");
    for token in [
        "NETWORK=Test\\x20Net",
        "CHANMODES=b,k,l,Dimnst",
        "PREFIX=(qaohv)~&@%+",
        "UTF8ONLY",
        "CHATHISTORY=100",
    ] {
        assert!(all.contains(token), "{token}");
    }
}

#[test]
fn the_nickname_in_numerics_is_the_present_one() {
    let mut client = Client::with("");
    client.play(In::Reply(IrcReply::YouAre { who: who("new") }.into()));
    assert_eq!(
        client.play(In::Reply(CommandReply::NowAway { away: false }.into()))[0].split(' ').nth(2),
        Some("new")
    );
    let changes = vec![(UserMode::Bot, true), (UserMode::Deaf, true), (UserMode::Invisible, false)];
    assert_eq!(client.play(In::Reply(Reply::UserModeChanged { changes })), [":new MODE new +Bd-i"]);
}

#[test]
fn channels() {
    let mut modes = ChannelModes::initial();
    modes.set(ChannelFlag::InviteOnly, true);
    let mut keyed = modes.clone();
    (keyed.key, keyed.limit) = (Some("word".into()), Some(5));
    let topic = Topic { text: "on tea".into(), setter: "bob!u@h".into(), time: NOW };
    let ban = ChannelBan { mask: Mask::new("eve").expect("a mask"), setter: "bob!u@h".into(), time: NOW };
    let a = || channel("#a");
    check(vec![
        (Reply::Topic { channel: a(), topic: None }, &[":chat.test 331 me #a :No topic is set"]),
        (
            Reply::Topic { channel: a(), topic: Some(topic) },
            &[":chat.test 332 me #a :on tea", ":chat.test 333 me #a bob!u@h 1800000000"],
        ),
        (
            CommandReply::ChannelModes { channel: a(), modes, created: NOW }.into(),
            &[":chat.test 324 me #a +int", ":chat.test 329 me #a 1800000000"],
        ),
        (
            CommandReply::ChannelModes { channel: a(), modes: ChannelModes::default(), created: Time(1999) }
                .into(),
            &[":chat.test 324 me #a +", ":chat.test 329 me #a 1"],
        ),
        (
            CommandReply::ChannelModes { channel: a(), modes: keyed, created: NOW }.into(),
            &[":chat.test 324 me #a +intkl word 5", ":chat.test 329 me #a 1800000000"],
        ),
        (
            CommandReply::ChannelBans { channel: a(), bans: vec![ban] }.into(),
            &[
                ":chat.test 367 me #a eve!*@* bob!u@h 1800000000",
                ":chat.test 368 me #a :End of channel ban list",
            ],
        ),
        (
            CommandReply::List {
                channels: vec![Listed { channel: a(), members: 2, topic: "".into() }],
                part: whole(1),
            }
            .into(),
            &[
                ":chat.test 321 me Channel :Users  Name",
                ":chat.test 322 me #a 2 :",
                ":chat.test 323 me :End of /LIST",
            ],
        ),
        (CommandReply::Inviting { nick: nick("bob"), channel: a() }.into(), &[":chat.test 341 me bob #a"]),
        (
            CommandReply::Invitations { channels: vec![a()] }.into(),
            &[":chat.test 336 me #a", ":chat.test 337 me :End of /INVITE list"],
        ),
    ]);
}

fn names() -> Reply {
    let member = |name, ranks| Member { who: who(name), ranks };
    let members = vec![member("bob", operator()), member("eve", Ranks::default())];
    Reply::Names { channel: "#A".into(), secret: false, part: Part::whole(members.len()), members }
}

#[test]
fn names_by_capability() {
    let end = ":chat.test 366 me #A :End of /NAMES list";
    assert_eq!(rendered("", names()), [":chat.test 353 me = #A :@bob eve", end]);
    assert_eq!(rendered("multi-prefix", names()), [":chat.test 353 me = #A :@+bob eve", end]);
    assert_eq!(rendered("userhost-in-names", names()), [":chat.test 353 me = #A :@bob!u@h eve!u@h", end]);
    let none =
        Reply::Names { channel: "#x y".into(), secret: true, members: Vec::new(), part: Part::whole(0) };
    assert_eq!(rendered("", none), [":chat.test 366 me #x :End of /NAMES list"]);
    assert_eq!(rendered("", CommandReply::NoNames), [":chat.test 366 me * :End of /NAMES list"]);
}

#[test]
fn long_lists_are_split() {
    let member = |n| Member { who: who(&format!("somebody{n:03}")), ranks: Ranks::default() };
    let members: Vec<_> = (0..100).map(member).collect();
    let lines = rendered(
        "",
        Reply::Names { channel: "#a".into(), secret: true, part: Part::whole(members.len()), members },
    );
    assert_eq!(lines.len(), 4);
    let shown: usize = lines[..3].iter().map(|line| line.matches("somebody").count()).sum();
    assert_eq!(shown, 100);
    assert!(lines[..3].iter().all(|line| line.starts_with(":chat.test 353 me @ #a :somebody")));
}

#[test]
fn who_shows_flags() {
    let bot = Arc::new(Who { bot: true, ..(*who("bob")).clone() });
    let rows = vec![
        WhoRow { who: bot, channel: Some((channel("#a"), operator())), away: true, operator: true },
        WhoRow { who: who("eve"), channel: None, away: false, operator: false },
    ];
    let who = CommandReply::Who { mask: "#A".into(), part: whole(rows.len()), rows };
    let rest =
        [":chat.test 352 me * u h chat.test eve H :0 Real Name", ":chat.test 315 me #A :End of WHO list"];
    let row = |flags| format!(":chat.test 352 me #a u h chat.test bob {flags} :0 Real Name");
    assert_eq!(rendered("", who.clone()), [&row("G*@B"), rest[0], rest[1]]);
    assert_eq!(rendered("multi-prefix", who), [&row("G*@+B"), rest[0], rest[1]]);
}

fn whois(who: Arc<Who>) -> Whois {
    let (channels, away) = (Vec::new(), None);
    Whois { who, channels, away, operator: false, secure: false, idle_s: 5, since: NOW, address: None }
}

#[test]
fn people() {
    let bot = Arc::new(Who { bot: true, ..(*owner("bob")).clone() });
    let all = Whois {
        channels: vec![(channel("#a"), operator()), (channel("#b"), Ranks::default())],
        away: Some("at tea".into()),
        operator: true,
        secure: true,
        address: Some("::1".parse().expect("an address")),
        ..whois(bot)
    };
    let left = Whowas { who: who("bob"), left: NOW };
    check(vec![
        (
            CommandReply::Whois(Box::new(whois(who("eve")))).into(),
            &[
                ":chat.test 311 me eve u h * :Real Name",
                ":chat.test 312 me eve chat.test :a test server",
                ":chat.test 317 me eve 5 1800000000 :seconds idle, signon time",
            ],
        ),
        (
            CommandReply::Whois(Box::new(all)).into(),
            &[
                ":chat.test 311 me bob u h * :Real Name",
                ":chat.test 319 me bob :@#a #b",
                ":chat.test 312 me bob chat.test :a test server",
                ":chat.test 301 me bob :at tea",
                ":chat.test 313 me bob :is an IRC operator",
                ":chat.test 330 me bob bob :is logged in as",
                ":chat.test 335 me bob :is a bot",
                ":chat.test 338 me bob 0::1 :is really using this address",
                ":chat.test 671 me bob :is using a secure connection",
                ":chat.test 317 me bob 5 1800000000 :seconds idle, signon time",
            ],
        ),
        (IrcReply::EndOfWhois { mask: "bob".into() }.into(), &[":chat.test 318 me bob :End of /WHOIS list"]),
        (
            CommandReply::Whowas { nick: "Bob".into(), rows: vec![left] }.into(),
            &[
                ":chat.test 314 me bob u h * :Real Name",
                ":chat.test 312 me bob chat.test :Fri, 15 Jan 2027 08:00:00 +0000",
                ":chat.test 369 me Bob :End of WHOWAS",
            ],
        ),
        (
            CommandReply::Whowas { nick: "x".into(), rows: vec![] }.into(),
            &[":chat.test 406 me x :Nobody of that name is remembered", ":chat.test 369 me x :End of WHOWAS"],
        ),
        (
            CommandReply::Ison { nicks: vec![nick("bob"), nick("eve")] }.into(),
            &[":chat.test 303 me :bob eve"],
        ),
        (CommandReply::Ison { nicks: vec![] }.into(), &[":chat.test 303 me :"]),
        (
            CommandReply::Userhost { rows: vec![(who("bob"), true, true), (who("eve"), false, false)] }
                .into(),
            &[":chat.test 302 me :bob*=-u@h eve=+u@h"],
        ),
        (Reply::TheyAreAway { nick: nick("bob"), message: "x".into() }, &[":chat.test 301 me bob :x"]),
    ]);
}

fn person(name: &str, remarks: [bool; 3]) -> Person {
    let account = (!remarks[0]).then(|| nick(name).to_account());
    Person {
        nick: nick(name),
        account,
        deaf: remarks[1],
        muted: remarks[1],
        away: remarks[2],
        ranks: Ranks::default(),
    }
}

#[test]
fn sentences_are_notices_with_a_time_for_those_who_want_it() {
    let people = vec![person("bob", [false; 3]), person("eve", [true; 3])];
    check(vec![
        (
            Reply::People { channel: channel("#lobby"), people },
            &[
                ":chat.test NOTICE me :#lobby: 2 here",
                ":chat.test NOTICE me :bob, eve (guest, muted the room, away)",
            ],
        ),
        (
            Reply::Muted { muted: true },
            &[
                ":me MODE me +d",
                ":chat.test NOTICE me :You have muted the room: no channel message comes or goes. \
             Private messages still arrive",
                ":chat.test NOTICE me :To hear the room again: /quote i, or /mode me -d",
            ],
        ),
        (
            Reply::Notice(Notice::WhisperStored { nick: nick("bob") }),
            &[":chat.test NOTICE me :bob is not here; your whisper is kept and delivered when bob comes."],
        ),
        (
            Reply::Notice(Notice::NickServUnknown),
            &[
                ":NickServ!NickServ@chat.test NOTICE me :I do not know that word; /msg NickServ HELP shows those that I know.",
            ],
        ),
    ]);
    let timed = rendered("server-time", Reply::ServerNotice { text: "hi".into() });
    assert_eq!(timed, ["@time=2027-01-15T08:00:00.000Z :chat.test NOTICE me :hi"]);
}

#[test]
fn registration_is_answered_in_the_way_it_was_asked_for() {
    let account = nick("me").to_account();
    let made = || Reply::LoggedIn { account: account.clone(), mask: "me!u@h".into(), made: true };
    assert_eq!(
        rendered("draft/account-registration", made()),
        [
            ":chat.test REGISTER SUCCESS me :Account created; you are logged in to it",
            ":chat.test 900 me me!u@h me :You are now logged in as me"
        ]
    );
    assert!(
        rendered("", made())[0]
            .starts_with(":NickServ!NickServ@chat.test NOTICE me :The nickname me is yours")
    );
}

fn help_row(verb: &str, words: &str) -> HelpRow {
    HelpRow { verb: verb.into(), words: words.into(), for_people: false }
}

#[test]
fn the_server_about_itself() {
    check(vec![
        (
            CommandReply::Time { now: NOW }.into(),
            &[":chat.test 391 me chat.test :Fri, 15 Jan 2027 08:00:00 +0000"],
        ),
        (CommandReply::Pong { token: "".into() }.into(), &[":chat.test PONG chat.test :"]),
        (
            CommandReply::Motd { lines: Arc::default() }.into(),
            &[":chat.test 422 me :There is no message of the day"],
        ),
        (CommandReply::YouAreOperator.into(), &[":chat.test 381 me :You are now an IRC operator"]),
        (
            CommandReply::Help { subject: "join".into(), rows: vec![help_row("JOIN", "#channel")] }.into(),
            &[
                ":chat.test 704 me join :JOIN #channel",
                ":chat.test 705 me join :come into channels; 0 leaves all",
                ":chat.test 706 me join :End of /HELP",
            ],
        ),
        (
            CommandReply::Help {
                subject: "".into(),
                rows: vec![help_row("JOIN", "#channel"), help_row("LS", "")],
            }
            .into(),
            &[
                ":chat.test 704 me * :What this server understands:",
                ":chat.test 705 me * :JOIN #channel - come into channels; 0 leaves all",
                ":chat.test 705 me * :LS - who is here",
                ":chat.test 706 me * :End of /HELP",
            ],
        ),
        (Reply::Closing(CloseReason::Quit(Some("bye".into()))), &["ERROR :Closing link: Quit: bye"]),
        (
            Reply::Closing(CloseReason::Killed { by: "root".into(), reason: "spam".into() }),
            &["ERROR :Closing link: Killed by root: spam"],
        ),
        (AdminReply::Online { rows: Vec::new(), part: whole(0) }.into(), &[]),
        (AdminReply::Done { count: 1 }.into(), &[]),
    ]);
}

#[test]
fn names_of_every_script_pass() {
    let name = ChannelName::new("#日本語").expect("a channel");
    let inviting = CommandReply::Inviting { nick: Nick::new("Zoë").expect("a nickname"), channel: name };
    assert_eq!(rendered("", inviting), [":chat.test 341 me Zoë #日本語"]);
}
