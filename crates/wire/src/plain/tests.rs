//! Transcripts: what is typed and what happens, and what is shown and asked for because of it.

use std::sync::Arc;

use chat_model::close_reason::CloseReason;
use chat_model::event::Event;
use chat_model::invitation::Registration;
use chat_model::message::{Message, MessageKind, Target};
use chat_model::mode::{ChannelFlag, ModeChange, Rank, Ranks, UserMode};
use chat_model::name::NameError;
use chat_model::refusal::Refusal;
use chat_model::reply::{CommandReply, HelpRow, IrcReply, Member, Notice, Part, Person, Reply, Topic};
use chat_model::sent::Sent;
use chat_model::who::Source;

use crate::testing::Act::{Own, Sees, Sends, Told};
use crate::testing::*;
use crate::{Context, Contexts, Face};

const GREETING: &str = "This is TestNet: a room for tests.\r\nNickname: ";
const WELCOME: &str = "*** Welcome to TestNet, alice. 2 people are here.\r\n\
    *** Type and press Enter to talk; /help shows the commands, /quit leaves.\r\n\
    *** /register PASSWORD keeps this nickname for you.\r\n\
    *** Be kind.\r\n";

fn owned(name: &str) -> Reply {
    refused("ENTER", Refusal::NickOwned { nick: nick(name) })
}

fn wrong() -> Reply {
    refused("ENTER", Refusal::LoginFailed)
}

/// A transcript that begins in the room.
fn check_in_room(transcript: Vec<(Act, &str)>) {
    let mut whole = vec![(Sends("alice\n"), "<ENTER|alice>"), (Told(welcome("alice")), WELCOME)];
    whole.extend(transcript);
    check(Face::Plain, false, GREETING, whole);
}

fn check_events(cases: Vec<(Event, &str)>) {
    check_in_room(cases.into_iter().map(|(event, line)| (Sees(event), line)).collect());
}

#[test]
fn a_refused_nickname_is_explained_and_another_one_asked_for() {
    let bad = Refusal::BadNick { nick: "two words".into(), why: NameError::BadCharacter { found: ' ' } };
    let taken = Refusal::NickInUse { nick: nick("bob") };
    check(
        Face::Plain,
        false,
        GREETING,
        vec![
            (Sends("\r\n"), "Nickname: "),
            (Sends(" two words \r\n"), "<ENTER|two words>"),
            (
                Told(refused("ENTER", bad)),
                "\"two words\" cannot be a nickname: ' ' cannot be part of a name.\r\nNickname: ",
            ),
            (Sends("bob\n"), "<ENTER|bob>"),
            (
                Told(refused("ENTER", taken)),
                "The nickname bob is taken at the moment; choose another one.\r\nNickname: ",
            ),
            (
                Sends("/help\n"),
                "Type the name that others shall know you by: one word, beginning with a letter. If it is \
             registered, its password is asked for next. /quit leaves.\r\nNickname: ",
            ),
            (Sends("alice\n"), "<ENTER|alice>"),
            (Told(welcome("alice")), WELCOME),
            (Sends("hello\n"), "<PRIVMSG|#lobby|hello>"),
        ],
    );
}

#[test]
fn a_registered_nickname_is_asked_for_its_password_without_echo() {
    let asked = "alice is registered. If it is yours, type its password; else just Enter.\r\n\
                 <echo off>\rPassword: ";
    let again = "\r\nThat is not the password of alice. Try again, or just Enter.\r\n<echo off>\rPassword: ";
    let full = refused("ENTER", Refusal::StorageUnavailable);
    check(
        Face::Plain,
        false,
        GREETING,
        vec![
            (Sends("alice\r\n"), "<ENTER|alice>"),
            (Told(owned("alice")), asked),
            (Sends("\r\n"), "\r\n<echo on>\rNickname: "),
            (Sends("alice\r\n"), "<ENTER|alice>"),
            (Told(owned("alice")), asked),
            (Sends("one two \r\n"), "<ENTER|alice|one two >"),
            (Told(wrong()), again),
            (Sends("2\r\n"), "<ENTER|alice|2>"),
            (
                Told(full),
                "\r\nThe server cannot store anything at the moment, so nothing was sent or changed; try again later.\r\n<echo off>\rPassword: ",
            ),
            (Sends("3\r\n"), "<ENTER|alice|3>"),
            (Told(wrong()), again),
            (Sends("right\r\n"), "<ENTER|alice|right>"),
            (
                Told(welcome("alice=")),
                "\r\n<echo on>\r*** Welcome to TestNet, alice. 2 people are here.\r\n\
             *** Type and press Enter to talk; /help shows the commands, /quit leaves.\r\n*** Be kind.\r\n",
            ),
        ],
    );
}

#[test]
fn telnet_is_answered_where_it_waits_for_an_answer() {
    let (cx, mut accepted) = (Contexts::new(&context()), crate::Accepted::default());
    let mut framer = crate::Framer::new(Face::Plain, 200);
    let mut session = crate::Session::new(Face::Plain, false);
    let mut sent = |bytes: &[u8]| {
        let mut frames = Vec::new();
        framer.push(bytes, &mut frames);
        frames.into_iter().for_each(|frame| session.accept(frame, &cx, &mut accepted));
        let said = accepted.sent.drain(..).map(|sent| match sent {
            Sent::Answered(bytes) => bytes.to_vec(),
            other => panic!("{other:?}"),
        });
        said.flatten().collect::<Vec<u8>>()
    };
    // Ctrl-C: telnet shows nothing more until its timing mark is answered.
    assert_eq!(sent(b"\xff\xf4\xff\xfd\x06"), b"/quit leaves.\r\nNickname: \xff\xfc\x06");
    assert_eq!(sent(b"\xff\xf6"), b"Yes, the server is there.\r\nNickname: ");
    assert_eq!(sent(b"\xff\xfb\x1f"), b"\xff\xfe\x1f", "no window sizes");
    assert_eq!(sent(b"\xff\xfd\x01\xff\xfe\x01\xff\xfc\x1f"), b"", "the answers to our own");
}

#[test]
fn the_password_of_the_server_is_asked_for_and_kept_out_of_sight() {
    let asked = "This server has a password of its own; its operator knows it.\r\n\
                 <echo off>\rPassword of the server: ";
    let again = format!("\r\n{asked}");
    let refusal = || refused("ENTER", Refusal::ServerPassword);
    check(
        Face::Plain,
        false,
        GREETING,
        vec![
            (Sends("alice\r\n"), "<ENTER|alice>"),
            (Told(refusal()), asked),
            (Sends("1\r\n"), "<PASS|1><ENTER|alice>"),
            (Told(refused("PASS", Refusal::ServerPassword)), ""),
            (Told(refusal()), &again),
            (Sends("2\r\n"), "<PASS|2><ENTER|alice>"),
            (
                Told(owned("alice")),
                "\r\nalice is registered. If it is yours, type its password; else just Enter.\r\n\
                                <echo off>\rPassword: ",
            ),
            (
                Told(Reply::Closing(CloseReason::RegisterTimeout)),
                "\r\n<echo on>\r*** That took too long; connect again and choose a nickname.\r\n",
            ),
        ],
    );
}

#[test]
fn leaving_works_from_the_first_prompt_on() {
    for word in ["exit\n", "/quit\n"] {
        check(
            Face::Plain,
            false,
            GREETING,
            vec![
                (Sends(word), "<QUIT>"),
                (Told(Reply::Closing(CloseReason::Quit(None))), "\r\n*** Goodbye.\r\n"),
            ],
        );
    }
    check_in_room(vec![
        (Sends("exit\n"), "<QUIT>"),
        (Own(quits("alice", CloseReason::Quit(None))), ""),
        (Told(Reply::Closing(CloseReason::Quit(None))), "*** Goodbye.\r\n"),
        (Told(Reply::Closing(CloseReason::Closed)), ""),
    ]);
}

#[test]
fn how_to_make_an_account_is_told_where_one_can() {
    let cases = [
        (Registration::Open, "*** /register PASSWORD keeps this nickname for you.\r\n"),
        (Registration::Invite, "*** /register PASSWORD CODE keeps this nickname for you.\r\n"),
        (Registration::Closed, ""),
    ];
    for (registration, words) in cases {
        let expected = WELCOME.replace("*** /register PASSWORD keeps this nickname for you.\r\n", words);
        let acts = vec![(Sends("alice\n"), "<ENTER|alice>"), (Told(welcome("alice")), &*expected)];
        check_in(&Context { registration, ..context() }, Face::Plain, false, GREETING, acts);
    }
}

#[test]
fn a_line_is_a_message_a_command_or_a_whisper() {
    let whisper = "*** A whisper needs a nickname and a text: @nick text\r\n";
    check_in_room(vec![
        (Sends("hi all \n"), "<PRIVMSG|#lobby|hi all >"),
        (Sends("\n  \n"), ""),
        (Sends("  indented\n"), "<PRIVMSG|#lobby|  indented>"),
        (Sends("exit, stage left\n"), "<PRIVMSG|#lobby|exit, stage left>"),
        (Sends("@bob psst,  you\n"), "<PRIVMSG|bob|psst,  you>"),
        (Sends("@NickServ help\n"), "<PRIVMSG|NickServ|help>"),
        (Sends("@bob\n"), whisper),
        (Sends("@\n"), whisper),
        (Sends("@ bob hi\n"), whisper),
        (Sends("@bob,#lobby hi\n"), "*** Nobody here is called bob,#lobby; /ls shows who is here.\r\n"),
        (Sends("/ls\n"), "<ls >"),
        (Sends("/I\n"), "<I >"),
        (Sends("/h\n"), "<HELP >"),
        (Sends("/topic #dev new  words\n"), "<topic #dev new  words>"),
        (Sends(" /lss\n"), "<lss >"),
        (
            Told(refused("LSS", Refusal::UnknownCommand { verb: "lss".into(), nearest: Some("LS".into()) })),
            "*** There is no /lss; did you mean /ls? Nothing was sent.\r\n",
        ),
        (Sends("/\n"), "*** A / needs a command right after it; /help shows them.\r\n"),
        (Sends("/register\n"), "*** /register needs a password after it: /register PASSWORD\r\n"),
        (Sends("/register my pass phrase\n"), "<register my pass phrase>"),
        (Sends("/quit so long\n"), "<quit so long>"),
    ]);
}

#[test]
fn a_guest_is_asked_nothing_and_has_a_few_commands() {
    let refused_command = "*** Guests have /ls, /help, /i, /lang, /me and /quit, and @nick text whispers. Nothing was sent.\r\n";
    check(
        Face::Plain,
        true,
        "<ENTER|||0>",
        vec![
            (Sends("early\n"), "<PRIVMSG|#lobby|early>"),
            (
                Told(welcome("guest1234")),
                "*** Welcome to TestNet, guest1234. 2 people are here.\r\n\
             *** Type and press Enter to talk; /help shows the commands, /quit leaves.\r\n*** Be kind.\r\n",
            ),
            (Own(says("guest1234", "#lobby", "early")), ""),
            (Sends("exit now\n"), "<PRIVMSG|#lobby|exit now>"),
            (Sends("exit\n"), "<QUIT>"),
            (Sends("@bob hi\n"), "<PRIVMSG|bob|hi>"),
            (Sends("/LS\n"), "<LS >"),
            (Sends(" /register secret\n"), refused_command),
            (Sends("/msg #lobby hi\n"), refused_command),
            (Sends("/\n"), "*** A / needs a command right after it; /help shows them.\r\n"),
        ],
    );
    check(
        Face::Plain,
        true,
        "<ENTER|||0>",
        vec![
            (
                Told(refused("ENTER", Refusal::GuestsNotAllowed { registration: Registration::Open })),
                "This server has no guests; log in with an account and its password.\r\n",
            ),
            (Sends("hi\n"), "<ENTER|||0><PRIVMSG|#lobby|hi>"),
        ],
    );
}

#[test]
fn a_guest_is_greeted_with_as_much_as_is_read_at_once() {
    let motd = Arc::new(vec!["聊天".repeat(50).into(); 9]);
    let welcome = match welcome("guest1234") {
        Reply::Welcome { who, modes, counts, started, attached, .. } => {
            Reply::Welcome { who, modes, muted: false, counts, motd, started, attached }
        }
        other => other,
    };
    for (guest, lines) in [(true, 2), (false, 9)] {
        let (mut session, mut out) = (crate::Session::new(Face::Plain, guest), Vec::new());
        session.reply(&welcome, NOW, &Contexts::new(&context()), &mut out);
        let text = String::from_utf8(out).expect("UTF-8");
        assert_eq!(text.lines().filter(|line| line.contains("聊天")).count(), lines);
        assert!(text.len() <= 1024 || !guest, "{}", text.len());
    }
}

#[test]
fn without_a_room_a_message_needs_a_channel() {
    let cx = crate::Context { lobby: None, ..context() };
    check_in(
        &cx,
        Face::Plain,
        false,
        GREETING,
        vec![
            (Sends("alice\n"), "<ENTER|alice>"),
            (Told(welcome("alice")), WELCOME),
            (Sends("hi\n"), "*** There is no common room here; /join #channel, then /msg #channel text.\r\n"),
            (Sees(says("bob", "#lobby", "hi")), "[14:02] #lobby <bob> hi\r\n"),
        ],
    );
}

#[test]
fn a_line_that_cannot_be_read_is_answered_and_the_prompt_comes_again() {
    let mut long = "x".repeat(201);
    long.push('\n');
    let too_long = "That was longer than 200 bytes and was not read; send less at once.\r\n";
    check(
        Face::Plain,
        false,
        GREETING,
        vec![
            (Sends(long.leak()), &format!("\r\n*** {too_long}Nickname: ")),
            (Sends("alice\n"), "<ENTER|alice>"),
        ],
    );
}

#[test]
fn what_people_say_shows_who_where_and_when() {
    let notice = |to| Event::Message(message("bob", to, MessageKind::Notice, "note"));
    let ops = Message {
        target: Target::Channel { name: channel("#lobby"), rank: Some(Rank::Operator) },
        ..Message::clone(&message("bob", "#lobby", MessageKind::Privmsg, "ops only"))
    };
    let from_server = Message {
        from: Source::Server,
        ..Message::clone(&message("bob", "#lobby", MessageKind::Notice, "backup at ten"))
    };
    check_events(vec![
        (says("bob", "#lobby", "hi"), "[14:02] <bob> hi\r\n"),
        (says("bob", "#Lobby", "hi"), "[14:02] <bob> hi\r\n"),
        (says("bob", "#dev", "hi"), "[14:02] #dev <bob> hi\r\n"),
        (says("bob", "alice", "psst"), "[14:02] [bob -> alice] psst\r\n"),
        (says("bob", "#lobby", "\x01ACTION waves\x01"), "[14:02] * bob waves\r\n"),
        (says("bob", "#dev", "\x01ACTION waves"), "[14:02] #dev * bob waves\r\n"),
        (says("bob", "alice", "\x01ACTION waves\x01"), "[14:02] [bob -> alice] * bob waves\r\n"),
        (says("bob", "alice", "\x01VERSION\x01"), ""),
        (notice("#lobby"), "[14:02] -bob- note\r\n"),
        (notice("alice"), "[14:02] -bob -> alice- note\r\n"),
        (Event::Message(ops.into()), "[14:02] @#lobby <bob> ops only\r\n"),
        (Event::Message(from_server.into()), "[14:02] -chat.test- backup at ten\r\n"),
        (Event::Message(message("bob", "#lobby", MessageKind::Tagmsg, "")), ""),
        (
            says("bob", "#lobby", "\x1b]0;title\x07 \u{202e}evil\tb"),
            "[14:02] <bob> ^[]0;title^G \u{fffd}evil b\r\n",
        ),
    ]);
}

#[test]
fn comings_and_goings_are_told_without_control_characters() {
    let (at, who, lobby) = (at(0), who("bob"), channel("#lobby"));
    let by = || Source::User(who.clone());
    let parted = |reason: Option<&str>| Event::Parted {
        at,
        who: who.clone(),
        channel: channel("#lobby"),
        reason: reason.map(Into::into),
    };
    let kicked = Event::Kicked {
        at,
        by: Source::Server,
        channel: lobby.clone(),
        nick: nick("eve"),
        reason: "spam\x07".into(),
    };
    let topic = |topic: &str| Event::Topic { at, by: by(), channel: channel("#dev"), topic: topic.into() };
    let changes = vec![
        ModeChange::Rank { rank: Rank::Operator, on: true, nick: nick("alice") },
        ModeChange::Flag { flag: ChannelFlag::Moderated, on: false },
        ModeChange::Key(Some("hidden".into())),
    ];
    check_events(vec![
        (joins("bob", "#lobby", true), "[14:02] *** bob came in\r\n"),
        (joins("bob", "#dev", false), "[14:02] #dev *** bob came in\r\n"),
        (parted(None), "[14:02] *** bob left\r\n"),
        (parted(Some("bye\x1b[2J")), "[14:02] *** bob left (bye^[[2J)\r\n"),
        (
            quits("bob", CloseReason::PingTimeout { seconds: 90 }),
            "[14:02] *** bob left (Ping timeout: 90 seconds)\r\n",
        ),
        (kicked, "[14:02] *** eve was put out by chat.test (spam^G)\r\n"),
        (Event::Renamed { at, who: who.clone(), nick: nick("rob") }, "[14:02] *** bob is called rob now\r\n"),
        (topic("new\tone"), "[14:02] #dev *** bob set the topic: new one\r\n"),
        (topic(""), "[14:02] #dev *** bob removed the topic\r\n"),
        (
            Event::ChannelMode { at, by: by(), channel: lobby, changes },
            "[14:02] *** bob set +o alice -m +k\r\n",
        ),
        (
            Event::Invited {
                at,
                by: who.clone(),
                channel: channel("#dev"),
                nick: nick("alice"),
                to_members: false,
            },
            "[14:02] *** bob invites you to #dev; /join #dev goes there\r\n",
        ),
        (Event::Away { at, who: who.clone(), message: Some("lunch".into()) }, ""),
    ]);
}

#[test]
fn ones_own_messages_are_shown_as_the_receipt_and_ones_own_arrival_is_not() {
    check_in_room(vec![
        (Own(joins("alice", "#lobby", true)), ""),
        (Own(joins("alice", "#dev", false)), "[14:02] #dev *** alice came in\r\n"),
        (Own(says("alice", "#lobby", "hi")), "[14:02] <alice> hi\r\n"),
        (Own(says("alice", "bob", "psst")), "[14:02] [alice -> bob] psst\r\n"),
        (
            Told(Reply::Notice(Notice::WhisperStored { nick: nick("bob") })),
            "*** bob is not here; your whisper is kept and delivered when bob comes.\r\n",
        ),
    ]);
}

#[test]
fn what_was_missed_stands_between_two_lines_with_the_day_where_it_changes() {
    let day = 86_400;
    let said = |seconds, text| message_after(seconds, "bob", "#lobby", MessageKind::Privmsg, text);
    let lobby = || Some(channel("#lobby"));
    let messages = vec![
        said(-2 * day, "old"),
        said(-2 * day + 60, "older"),
        said(-60, "\x01VERSION\x01"),
        said(-60, "new"),
    ];
    check_in_room(vec![
        (
            Told(Reply::Missed { channel: lobby(), messages }),
            "--- earlier messages: 3 ---\r\n--- Thursday, 19 November 2026 ---\r\n[14:02] <bob> old\r\n\
             [14:03] <bob> older\r\n--- Saturday, 21 November 2026 ---\r\n[14:01] <bob> new\r\n--- now ---\r\n",
        ),
        (
            Told(Reply::Missed { channel: Some(channel("#dev")), messages: vec![said(-60, "x")] }),
            "--- #dev earlier messages: 1 ---\r\n[14:01] <bob> x\r\n--- now ---\r\n",
        ),
        (
            Told(Reply::Missed {
                channel: None,
                messages: vec![message_after(-60, "bob", "alice", MessageKind::Privmsg, "psst")],
            }),
            "--- whispers to you meanwhile: 1 ---\r\n[14:01] [bob -> alice] psst\r\n--- now ---\r\n",
        ),
        (Told(Reply::Missed { channel: lobby(), messages: vec![] }), ""),
    ]);
}

#[test]
fn answers_say_what_people_need() {
    let muted = |muted| Reply::Muted { muted };
    let deaf = |deaf| Reply::UserModeChanged { changes: vec![(UserMode::Deaf, deaf)] };
    let person = |name: &str, muted, account: Option<&str>| Person {
        nick: nick(name),
        account: account.map(|name| nick(name).to_account()),
        deaf: muted,
        muted,
        away: false,
        ranks: Ranks::from_letters(if muted { "o" } else { "" }),
    };
    let people = vec![person("alice", true, None), person("bob", false, Some("bob"))];
    let row =
        |verb: &str, words: &str, for_people| HelpRow { verb: verb.into(), words: words.into(), for_people };
    let rows =
        vec![row("LS", "", true), row("TOPIC", "#channel [text]", true), row("JOIN", "#channel", false)];
    let topic = Topic { text: "tea".into(), setter: "bob!b@host".into(), time: NOW };
    check_in_room(vec![
        (
            Told(muted(true)),
            "*** The room is muted: you see none of its messages and send none. /i opens it again.\r\n",
        ),
        (
            Told(refused("PRIVMSG", Refusal::CannotSendMuted { channel: channel("#lobby") })),
            "*** You muted the room, so you cannot send to it; /i opens it again. Nothing was sent.\r\n",
        ),
        (Told(muted(false)), "*** The room is open again.\r\n"),
        (
            Told(deaf(true)),
            "*** You hear no messages of channels now (mode +d), and may speak; -d ends that.\r\n",
        ),
        (Told(deaf(false)), "*** The room is open again.\r\n"),
        (
            Told(Reply::People { channel: channel("#lobby"), people }),
            "*** 2 on #lobby: alice (operator, guest, muted the room), bob\r\n",
        ),
        (
            Told(Reply::Names {
                channel: "#lobby".into(),
                secret: false,
                members: ["alice", "bob"]
                    .map(|name| Member { who: who(name), ranks: Ranks::default() })
                    .into(),
                part: Part::whole(2),
            }),
            "*** Here: alice, bob\r\n",
        ),
        (
            Told(Reply::Topic { channel: channel("#lobby"), topic: Some(topic) }),
            "*** Topic of #lobby: tea (set by bob, 2026-11-21 14:02)\r\n",
        ),
        (
            Told(CommandReply::Help { subject: "".into(), rows: rows.clone() }.into()),
            "*** /ls                     who is here\r\n\
             *** /topic #channel [text]  read or set what a channel is about\r\n\
             *** /register PASSWORD      make this nickname yours\r\n\
             *** @nick text              whisper: only nick sees it\r\n\
             *** anything else           is said to the room\r\n",
        ),
        (
            Told(CommandReply::Help { subject: "join".into(), rows: rows[2..].to_vec() }.into()),
            "*** /join #channel  come into channels; 0 leaves all\r\n",
        ),
        (
            Told(Reply::LoggedIn {
                account: nick("alice").to_account(),
                mask: "alice!u@h".into(),
                made: true,
            }),
            "*** alice is yours: from now on this nickname takes your password.\r\n\
             *** You are logged in as alice.\r\n",
        ),
        (Told(Reply::ServerNotice { text: "hi\x1b".into() }), "[14:02] -chat.test- hi^[\r\n"),
        (Told(IrcReply::YouAre { who: who("al") }.into()), ""),
        (
            Told(Reply::Closing(CloseReason::Killed { by: "chat.test".into(), reason: "spam".into() })),
            "*** You were put out by chat.test: spam\r\n",
        ),
    ]);
}

#[test]
fn a_password_never_shows_in_debug_output() {
    let (cx, mut accepted) = (context(), crate::Accepted::default());
    let mut session = super::Session::new(false);
    let line = |text| crate::Frame::Call(chat_model::call::Call::new("LINE", &[text]));
    session.accept(line("alice"), &cx, &mut accepted);
    session.reply(&owned("alice"), NOW, &cx, &mut Vec::new());
    session.accept(line("hunter2"), &cx, &mut accepted);
    assert!(!format!("{session:?}{accepted:?}").contains("hunter2"));
}
