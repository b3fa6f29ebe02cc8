//! Transcripts of the JSON face, byte for byte.

use chat_model::event::Event;
use chat_model::message::MessageKind;
use chat_model::mode::Ranks;
use chat_model::name::NameError;
use chat_model::refusal::Refusal;
use chat_model::reply::{Farewell, Notice, Person, Reply};
use chat_model::who::Source;

use crate::Face;
use crate::testing::Act::{Own, Sees, Sends, Told};
use crate::testing::*;

const GREETING: &str = r#"{"type":"welcome","msg":"Welcome to TestNet: a room for tests. Log in with {\"type\":\"login\",\"msg\":\"NICKNAME\"}.\r\n"}
"#;
const WELCOME: &str = r#"{"type":"login","success":true,"msg":"Welcome to TestNet, alice.\r\n","time":"2026-11-21T13:02:05.007Z","nick":"alice"}
"#;
const NOT_LOGGED_IN: &str = r#"{"type":"error","msg":"You are not logged in yet; send {\"type\":\"login\",\"msg\":\"NICKNAME\"} first.\r\n","code":"NOT_LOGGED_IN"}
"#;
/// Of all messages here; the id is that of [`id_after`] zero seconds.
const STAMP: &str = r#""id":"1882472972295340032","time":"2026-11-21T13:02:05.007Z""#;

/// An object as it is sent, with `STAMP` filled in.
fn object(text: &str) -> String {
    format!("{}\n", text.replace("STAMP", STAMP))
}

/// A transcript that begins in the room.
fn check_in_room(transcript: Vec<(Act, &str)>) {
    let mut whole = vec![
        (Sends(r#"{"type":"login","msg":"alice"}"#), "<ENTER|alice||0>"),
        (Told(welcome("alice")), WELCOME),
    ];
    whole.extend(transcript);
    check(Face::Json, false, GREETING, whole);
}

fn check_events(cases: Vec<(Event, &str)>) {
    let cases: Vec<_> = cases
        .into_iter()
        .map(|(event, text)| (event, if text.is_empty() { String::new() } else { object(text) }))
        .collect();
    check_in_room(cases.iter().map(|(event, text)| (Sees(event.clone()), text.as_str())).collect());
}

#[test]
fn a_login_is_answered_and_may_be_tried_again() {
    let bad = Refusal::BadNick { nick: "two words".into(), why: NameError::BadCharacter { found: ' ' } };
    check(
        Face::Json,
        false,
        GREETING,
        vec![
            (
                Sends(r#"{"type":"login","msg":null}"#),
                "{\"type\":\"login\",\"success\":false,\"msg\":\"A nickname is needed: one word, beginning with a letter.\\r\\n\",\"code\":\"NO_NICKNAME_GIVEN\"}\n",
            ),
            (Sends(r#"{"type":"login","msg":"two words"}"#), "<ENTER|two words||0>"),
            (
                Told(refused("ENTER", bad)),
                "{\"type\":\"login\",\"success\":false,\"msg\":\"\\\"two words\\\" cannot be a nickname: ' ' cannot be part of a name.\\r\\n\",\"code\":\"BAD_NICK\"}\n",
            ),
            (
                Sends(r#"{"type":"login","msg":"alice","password":"p","history":5,"server_password":"s"}"#),
                "<PASS|s><ENTER|alice|p|5>",
            ),
            (Told(refused("PASS", Refusal::ServerPassword)), ""),
            (
                Told(refused("ENTER", Refusal::LoginFailed)),
                "{\"type\":\"login\",\"success\":false,\"msg\":\"The nickname and the password do not fit together; try again.\\r\\n\",\"code\":\"LOGIN_FAILED\"}\n",
            ),
            (Sends(r#"{"type":"login","msg":"alice","password":"q"}"#), "<ENTER|alice|q|0>"),
            (Told(welcome("alice=")), &WELCOME.replace("}\n", ",\"account\":\"alice\"}\n")),
            (
                Own(joins("alice=", "#lobby", true)),
                &object(
                    r#"{"type":"system_msg","msg":"[TIME : Sat Nov 21 14:02:05 2026]\r\n[ SYSTEM ] : alice came in\r\n",STAMP,"event":"joined","nick":"alice","text":"alice came in","account":"alice"}"#,
                ),
            ),
            (Sends(r#"{"type":"login","msg":"bob"}"#), "<ENTER|bob||0>"),
            (
                Told(refused("ENTER", Refusal::AlreadyRegistered)),
                "{\"type\":\"error\",\"msg\":\"You are logged in already; that is possible only once on a connection.\\r\\n\",\"code\":\"ALREADY_REGISTERED\"}\n",
            ),
            (Sends(r#"{"type":"ls"}"#), "<LS>"),
        ],
    );
}

#[test]
fn nothing_but_a_login_works_before_it() {
    check(
        Face::Json,
        false,
        GREETING,
        vec![
            (Sends(r#"{"type":"broadcast","msg":"hi"}"#), NOT_LOGGED_IN),
            (Sends(r#"{"type":"ls","msg":null}{"type":"help","msg":null}"#), &NOT_LOGGED_IN.repeat(2)),
            // Right behind a login, the engine judges, because it knows how that went.
            (
                Sends(r#"{"type":"login","msg":"bob"}{"type":"broadcast","msg":"hi"}"#),
                "<ENTER|bob||0><PRIVMSG|#lobby|hi>",
            ),
            (
                Told(refused("ENTER", Refusal::NickInUse { nick: nick("bob") })),
                "{\"type\":\"login\",\"success\":false,\"msg\":\"The nickname bob is taken at the moment; choose another one.\\r\\n\",\"code\":\"NICK_IN_USE\"}\n",
            ),
            (Told(refused("PRIVMSG", Refusal::NotRegistered)), NOT_LOGGED_IN),
            (Sends(r#"{"type":"sendto","nickname":"a b","msg":"hi"}"#), NOT_LOGGED_IN),
            (Sends(r#"{"type":"quit"}"#), "<QUIT>"),
        ],
    );
}

#[test]
fn each_refusal_comes_under_the_type_of_its_request() {
    let broadcast = r#"{"type":"broadcast","msg":"x"}"#;
    let muted = || refused("PRIVMSG", Refusal::CannotSendMuted { channel: channel("#lobby") });
    let no_such = || refused("PRIVMSG", Refusal::NoSuchNick { nick: "eve".into() });
    let full = || refused("PRIVMSG", Refusal::StorageUnavailable);
    let muted_answer = "{\"type\":\"broadcast\",\"success\":false,\"msg\":\"Muted people cannot send; {\\\"type\\\":\\\"ignore\\\",\\\"msg\\\":null} ends the mute. Nothing was sent.\\r\\n\",\"code\":\"MUTED\"}\n";
    let no_such_answer = "{\"type\":\"single\",\"success\":false,\"msg\":\"Nobody here is called eve; the type ls tells who is here.\\r\\n\",\"code\":\"NO_SUCH_NICK\"}\n";
    let full_answer = |kind: &str| {
        format!(
            "{{\"type\":\"{kind}\",\"success\":false,\"msg\":\"The server cannot store anything at the moment, so nothing was sent or changed; try again later.\\r\\n\",\"code\":\"STORAGE_UNAVAILABLE\"}}\n"
        )
    };
    let receipt = object(
        r#"{"type":"single","msg":"[TIME : Sat Nov 21 14:02:05 2026]\r\n[ alice CHATTING TO bob ] : x\r\n",STAMP,"from":"alice","to":"bob","text":"x"}"#,
    );
    check_in_room(vec![
        (Sends(broadcast), "<PRIVMSG|#lobby|x>"),
        (Sends(r#"{"type":"sendto","nickname":"eve","msg":"x"}"#), "<PRIVMSG|eve|x>"),
        (Told(muted()), muted_answer),
        (Told(no_such()), no_such_answer),
        (Sends(broadcast), "<PRIVMSG|#lobby|x>"),
        (Sends(r#"{"type":"sendto","nickname":"bob","msg":"x"}"#), "<PRIVMSG|bob|x>"),
        (Sends(r#"{"type":"sendto","nickname":"bob","msg":"x"}"#), "<PRIVMSG|bob|x>"),
        (Told(full()), &full_answer("broadcast")),
        (Own(says("alice", "bob", "x")), &receipt),
        (Told(full()), &full_answer("single")),
        (
            Sends(r#"{"type":"sendto","nickname":"bob,#lobby","msg":"x"}"#),
            &no_such_answer.replace("eve", "bob,#lobby"),
        ),
        (Sends(r#"{"type":"sendto","msg":"x"}"#), &no_such_answer.replace("eve", "")),
        (
            Sends(r#"{"type":"broadcast","msg":"\n"}"#),
            "{\"type\":\"broadcast\",\"success\":false,\"msg\":\"There is no text to send; write something after it.\\r\\n\",\"code\":\"NO_TEXT\"}\n",
        ),
        (
            Sends(r#"{"type":"dance","msg":"x"}"#),
            "{\"type\":\"error\",\"msg\":\"There is no type \\\"dance\\\"; the types are login, broadcast, sendto, ls, help, ignore, quit.\\r\\n\",\"code\":\"UNKNOWN_COMMAND\"}\n",
        ),
        (
            Sends("[]\n"),
            "{\"type\":\"error\",\"msg\":\"That was not a JSON object and was not read: it begins with something else than {.\\r\\n\",\"code\":\"INVALID_JSON\"}\n",
        ),
        (Sends(broadcast), "<PRIVMSG|#lobby|x>"),
    ]);
}

#[test]
fn messages_and_notices_are_told_to_the_letter() {
    let id = id_after(0);
    let kicked = Event::Kicked {
        id,
        by: Source::Server,
        channel: channel("#lobby"),
        nick: nick("bob"),
        reason: "spam".into(),
    };
    check_events(vec![
        (
            says("bob=", "#lobby", "héllo \"日本\" 👋"),
            r##"{"type":"broadcast","msg":"[TIME : Sat Nov 21 14:02:05 2026]\r\n[bob] : héllo \"日本\" 👋\r\n",STAMP,"from":"bob","to":"#lobby","text":"héllo \"日本\" 👋","account":"bob"}"##,
        ),
        (
            says("bob", "alice", "psst"),
            r#"{"type":"single","msg":"[TIME : Sat Nov 21 14:02:05 2026]\r\n[ bob CHATTING TO alice ] : psst\r\n",STAMP,"from":"bob","to":"alice","text":"psst"}"#,
        ),
        (
            says("bob", "#dev", "hi"),
            r##"{"type":"broadcast","msg":"[TIME : Sat Nov 21 14:02:05 2026]\r\n[bob @ #dev] : hi\r\n",STAMP,"from":"bob","to":"#dev","channel":"#dev","text":"hi"}"##,
        ),
        (
            says("bob", "#lobby", "\x01ACTION waves\x01"),
            r##"{"type":"broadcast","msg":"[TIME : Sat Nov 21 14:02:05 2026]\r\n[bob] : * bob waves\r\n",STAMP,"from":"bob","to":"#lobby","text":"waves","action":true}"##,
        ),
        (
            says("bob", "#lobby", "\x1b[31m"),
            r##"{"type":"broadcast","msg":"[TIME : Sat Nov 21 14:02:05 2026]\r\n[bob] : ^[[31m\r\n",STAMP,"from":"bob","to":"#lobby","text":"\u001b[31m"}"##,
        ),
        (says("bob", "#lobby", "\x01VERSION\x01"), ""),
        (Event::Message(message("bob", "#lobby", MessageKind::Tagmsg, "")), ""),
        (
            Event::Message(message("bob", "#lobby", MessageKind::Notice, "note")),
            r##"{"type":"broadcast","msg":"[TIME : Sat Nov 21 14:02:05 2026]\r\n[bob] : note\r\n",STAMP,"from":"bob","to":"#lobby","text":"note","notice":true}"##,
        ),
        (
            joins("bob", "#lobby", true),
            r#"{"type":"system_msg","msg":"[TIME : Sat Nov 21 14:02:05 2026]\r\n[ SYSTEM ] : bob came in\r\n",STAMP,"event":"joined","nick":"bob","text":"bob came in"}"#,
        ),
        (joins("bob", "#dev", false), ""),
        (
            quits("bob", "bye\x07"),
            r#"{"type":"system_msg","msg":"[TIME : Sat Nov 21 14:02:05 2026]\r\n[ SYSTEM ] : bob left (bye^G)\r\n",STAMP,"event":"left","nick":"bob","text":"bob left (bye\u0007)"}"#,
        ),
        (
            kicked,
            r#"{"type":"system_msg","msg":"[TIME : Sat Nov 21 14:02:05 2026]\r\n[ SYSTEM ] : bob was put out by chat.test (spam)\r\n",STAMP,"event":"kicked","nick":"bob","text":"bob was put out by chat.test (spam)"}"#,
        ),
        (
            Event::Renamed { id, who: who("bob"), nick: nick("rob") },
            r#"{"type":"system_msg","msg":"[TIME : Sat Nov 21 14:02:05 2026]\r\n[ SYSTEM ] : bob is called rob now\r\n",STAMP,"event":"renamed","nick":"bob","to":"rob","text":"bob is called rob now"}"#,
        ),
    ]);
}

#[test]
fn answers_are_one_object_each() {
    let person =
        |name| Person { nick: nick(name), account: None, muted: false, away: false, ranks: Ranks::default() };
    let people = vec![person("alice"), person("Zoë")];
    let stored = Notice::WhisperStored { nick: nick("bob") };
    let past = message_after(-60, "bob", "#lobby", MessageKind::Privmsg, "old");
    check_in_room(vec![
        (Sends(r#"{"type":"ls","msg":null}{"type":"ignore","msg":null}"#), "<LS><I>"),
        (
            Told(Reply::People { channel: channel("#lobby"), people }),
            "{\"type\":\"ls\",\"msg\":\"[ SYSTEM ] ALIVE USER : \\r\\nalice,\\r\\nZoë,\\r\\n\",\"time\":\"2026-11-21T13:02:05.007Z\",\"users\":[\"alice\",\"Zoë\"]}\n",
        ),
        (
            Told(Reply::Muted { muted: true }),
            "{\"type\":\"ignore\",\"success\":true,\"msg\":\"The room is muted: you get none of its messages and cannot send to it.\\r\\n\",\"muted\":true}\n",
        ),
        (
            Told(Reply::Muted { muted: false }),
            "{\"type\":\"ignore\",\"success\":true,\"msg\":\"The room is open again.\\r\\n\",\"muted\":false}\n",
        ),
        (
            Told(Reply::Notice(stored)),
            "{\"type\":\"system_msg\",\"msg\":\"[TIME : Sat Nov 21 14:02:05 2026]\\r\\n[ SYSTEM ] : bob is not here; your whisper is kept and delivered when bob comes.\\r\\n\",\"time\":\"2026-11-21T13:02:05.007Z\",\"text\":\"bob is not here; your whisper is kept and delivered when bob comes.\"}\n",
        ),
        (
            Told(Reply::Missed { channel: Some(channel("#lobby")), messages: vec![past] }),
            "{\"type\":\"broadcast\",\"msg\":\"[TIME : Sat Nov 21 14:01:05 2026]\\r\\n[bob] : old\\r\\n\",\"id\":\"1882472909380780032\",\"time\":\"2026-11-21T13:01:05.007Z\",\"from\":\"bob\",\"to\":\"#lobby\",\"text\":\"old\",\"past\":true}\n",
        ),
        (
            Told(Reply::Farewell(Farewell::Killed { by: "chat.test".into(), reason: "spam".into() })),
            "{\"type\":\"error\",\"msg\":\"You were put out by chat.test: spam\\r\\n\",\"code\":\"KILLED\"}\n",
        ),
        (Told(Reply::Farewell(Farewell::Closed)), ""),
    ]);
}

#[test]
fn an_object_over_the_limit_is_an_error_and_the_end() {
    let long = format!(r#"{{"type":"broadcast","msg":"{}"}}"#, "x".repeat(200));
    check_in_room(vec![
        (
            Sends(long.leak()),
            "{\"type\":\"error\",\"msg\":\"That was longer than 200 bytes and was not read; send less at once.\\r\\n\",\"code\":\"LINE_TOO_LONG\"}\n<close>",
        ),
        (Told(Reply::Farewell(Farewell::LineTooLong)), ""),
    ]);
}

#[test]
fn a_guest_is_logged_in_at_once_and_shown_nothing_of_the_past() {
    let greeting = "{\"type\":\"welcome\",\"msg\":\"Welcome to TestNet: a room for tests.\\r\\n\"}\n<ENTER>";
    let past = message_after(-60, "bob", "#lobby", MessageKind::Privmsg, "old");
    check(
        Face::Json,
        true,
        greeting,
        vec![
            (Sends(r#"{"type":"broadcast","msg":"early"}"#), "<PRIVMSG|#lobby|early>"),
            (Told(welcome("guest1234")), &WELCOME.replace("alice", "guest1234")),
            (Told(Reply::Missed { channel: Some(channel("#lobby")), messages: vec![past] }), ""),
            (
                Sends(r#"{"type":"help","msg":null}"#),
                &format!(
                    "{{\"type\":\"help\",\"msg\":{}}}\n",
                    serde_json::to_string(super::HELP).expect("a string")
                ),
            ),
        ],
    );
}
