//! Transcripts of the JSON face, byte for byte.

use chat_model::close_reason::CloseReason;
use chat_model::event::Event;
use chat_model::message::MessageKind;
use chat_model::mode::{Ranks, UserMode};
use chat_model::name::NameError;
use chat_model::refusal::Refusal;
use chat_model::reply::{Notice, Person, Reply};
use chat_model::who::Source;

use crate::Face;
use crate::testing::Act::{Own, Sees, Sends, Told};
use crate::testing::*;

const GREETING: &str = "{'type':'welcome','msg':'Welcome to TestNet: a room for tests. Choose a \
                        nickname to come in.~','hint':'{\\'type\\':\\'login\\',\\'msg\\':\\'NICKNAME\\'}'}";
const WELCOME: &str = "{'type':'login','success':true,'msg':'Welcome to TestNet, alice. /ls shows who is here, /help what else there is.~',\
                       'time':'2026-11-21T13:02:05.007Z','nick':'alice'}";
const NOT_LOGGED_IN: &str = "{'type':'error','msg':'You have no nickname yet; log in first.~','code':'NOT_LOGGED_IN',\
                             'hint':'{\\'type\\':\\'login\\',\\'msg\\':\\'NICKNAME\\'}'}";
const NO_SUCH_NICK: &str = "{'type':'single','success':false,'msg':'Nobody here is called eve; /ls shows who is \
                            here.~','code':'NO_SUCH_NICK','hint':'{\\'type\\':\\'ls\\',\\'msg\\':null}'}";

/// What is written out here so that it can be read: `'` is a quotation mark, `~` a line end within a string,
/// `AT ` the time of all events before their text, `STAMP` their id and time, and `’` an apostrophe.
fn spelled(text: &str) -> String {
    let newline = if text.ends_with('}') { "\n" } else { "" };
    text.replace('\'', "\"")
        .replace("AT ", "[TIME : Sat Nov 21 14:02:05 2026]~")
        .replace("STAMP", "\"id\":\"1795266125007\",\"time\":\"2026-11-21T13:02:05.007Z\"")
        .replace('~', "\\r\\n")
        .replace('’', "'")
        + newline
}

fn check_json(guest: bool, greeting: &str, transcript: Vec<(Act, &str)>) {
    let expected: Vec<String> = transcript.iter().map(|(_, expected)| spelled(expected)).collect();
    let acts = transcript.into_iter().zip(&expected).map(|((act, _), expected)| (act, expected.as_str()));
    check(Face::Json, guest, &spelled(greeting), acts.collect());
}

/// A transcript that begins in the room.
fn check_in_room(transcript: Vec<(Act, &str)>) {
    let mut whole = vec![
        (Sends(r#"{"type":"login","msg":"alice"}"#), "<ENTER|alice||0>"),
        (Told(welcome("alice")), WELCOME),
    ];
    whole.extend(transcript);
    check_json(false, GREETING, whole);
}

fn check_events(cases: Vec<(Event, &str)>) {
    check_in_room(cases.into_iter().map(|(event, object)| (Sees(event), object)).collect());
}

#[test]
fn a_login_is_answered_and_may_be_tried_again() {
    let bad = Refusal::BadNick { nick: "two words".into(), why: NameError::BadCharacter { found: ' ' } };
    let transcript = vec![
        (
            Sends(r#"{"type":"login","msg":null}"#),
            "{'type':'login','success':false,'msg':'A nickname is needed: one word, beginning with a letter.~',\
             'code':'NO_NICKNAME_GIVEN'}",
        ),
        (Sends(r#"{"type":"login","msg":"two words"}"#), "<ENTER|two words||0>"),
        (
            Told(refused("ENTER", bad)),
            "{'type':'login','success':false,'msg':'\\'two words\\' cannot be a nickname: \
             ’ ’ cannot be part of a name.~','code':'BAD_NICK'}",
        ),
        (
            Sends(r#"{"type":"login","msg":"alice","password":"p","history":5,"server_password":"s"}"#),
            "<PASS|s><ENTER|alice|p|5>",
        ),
        (Told(refused("PASS", Refusal::ServerPassword)), ""),
        (
            Told(refused("ENTER", Refusal::LoginFailed)),
            "{'type':'login','success':false,'msg':'The nickname and the password do not fit together; \
             try again.~','code':'LOGIN_FAILED'}",
        ),
        (Sends(r#"{"type":"login","msg":"alice","password":"q"}"#), "<ENTER|alice|q|0>"),
        (
            Told(welcome("alice=")),
            "{'type':'login','success':true,'msg':'Welcome to TestNet, alice. /ls shows who is here, /help what else there is.~',\
             'time':'2026-11-21T13:02:05.007Z','nick':'alice','account':'alice'}",
        ),
        (Own(joins("alice=", "#lobby", true)), ""),
        (Sends(r#"{"type":"login","msg":"bob"}"#), "<ENTER|bob||0>"),
        (
            Told(refused("ENTER", Refusal::AlreadyRegistered)),
            "{'type':'error','msg':'You are logged in already; that is possible only once on a connection.~',\
             'code':'ALREADY_REGISTERED'}",
        ),
        (Sends(r#"{"type":"ls"}"#), "<LS>"),
    ];
    check_json(false, GREETING, transcript);
}

#[test]
fn a_login_tells_when_the_room_is_still_muted() {
    let mut welcome = welcome("alice");
    if let Reply::Welcome { muted, .. } = &mut welcome {
        *muted = true;
    }
    let transcript = vec![
        (Sends(r#"{"type":"login","msg":"alice"}"#), "<ENTER|alice||0>"),
        (
            Told(welcome),
            "{'type':'login','success':true,'msg':'Welcome to TestNet, alice. /ls shows who is here, /help what else there is.~\
             The room is muted: you get none of its messages and cannot send to it. /i opens it again.~',\
             'time':'2026-11-21T13:02:05.007Z','nick':'alice','muted':true}",
        ),
    ];
    check_json(false, GREETING, transcript);
}

#[test]
fn nothing_but_a_login_works_before_it() {
    let transcript = vec![
        (Sends(r#"{"type":"broadcast","msg":"hi"}"#), NOT_LOGGED_IN),
        (Sends(r#"{"type":"ls","msg":null}"#), NOT_LOGGED_IN),
        (Sends(r#"{"type":"help","msg":null}"#), NOT_LOGGED_IN),
        // Right behind a login, the engine judges, because it knows how that went.
        (
            Sends(r#"{"type":"login","msg":"bob"}{"type":"broadcast","msg":"hi"}"#),
            "<ENTER|bob||0><PRIVMSG|#lobby|hi>",
        ),
        (
            Told(refused("ENTER", Refusal::NickInUse { nick: nick("bob") })),
            "{'type':'login','success':false,'msg':'The nickname bob is taken at the moment; choose another \
             one.~','code':'NICK_IN_USE'}",
        ),
        (Told(refused("PRIVMSG", Refusal::NotRegistered)), NOT_LOGGED_IN),
        (Sends(r#"{"type":"sendto","nickname":"a b","msg":"hi"}"#), NOT_LOGGED_IN),
        (Sends(r#"{"type":"quit"}"#), "<QUIT>"),
    ];
    check_json(false, GREETING, transcript);
}

#[test]
fn each_refusal_comes_under_the_type_of_its_request() {
    let broadcast = || Sends(r#"{"type":"broadcast","msg":"x"}"#);
    let sendto = || Sends(r#"{"type":"sendto","nickname":"bob","msg":"x"}"#);
    let muted = refused("PRIVMSG", Refusal::CannotSendMuted { channel: channel("#lobby") });
    let full = || Told(refused("PRIVMSG", Refusal::StorageUnavailable));
    let full_answer = "{'type':'broadcast','success':false,'msg':'The server cannot store anything at the \
                       moment, so nothing was sent or changed; try again later.~','code':'STORAGE_UNAVAILABLE'}";
    check_in_room(vec![
        (broadcast(), "<PRIVMSG|#lobby|x>"),
        (Sends(r#"{"type":"sendto","nickname":"eve","msg":"x"}"#), "<PRIVMSG|eve|x>"),
        (
            Told(muted),
            "{'type':'broadcast','success':false,'msg':'You muted the room, so you cannot send to it; /i opens it again. \
             Nothing was sent.~','code':'MUTED','hint':'{\\'type\\':\\'ignore\\',\\'msg\\':null}'}",
        ),
        (Told(refused("PRIVMSG", Refusal::NoSuchNick { nick: "eve".into() })), NO_SUCH_NICK),
        (broadcast(), "<PRIVMSG|#lobby|x>"),
        (sendto(), "<PRIVMSG|bob|x>"),
        (sendto(), "<PRIVMSG|bob|x>"),
        (full(), full_answer),
        (
            Own(says("alice", "bob", "x")),
            "{'type':'single','msg':'AT [ alice CHATTING TO bob ] : x~',STAMP,'from':'alice','to':'bob','text':'x'}",
        ),
        (full(), &full_answer.replace("broadcast", "single")),
    ]);
}

#[test]
fn what_cannot_be_sent_is_refused_before_the_engine_is_asked() {
    check_in_room(vec![
        (
            Sends(r##"{"type":"sendto","nickname":"eve,#lobby","msg":"x"}"##),
            &NO_SUCH_NICK.replace("eve", "eve,#lobby"),
        ),
        (
            Sends(r#"{"type":"sendto","msg":"x"}"#),
            "{'type':'single','success':false,'msg':'It does not say to whom; name a channel or a nickname.~',\
             'code':'NO_RECIPIENT'}",
        ),
        (Sends(r#"{"type":"sendto","nickname":"nickserv","msg":"help"}"#), "<PRIVMSG|nickserv|help>"),
        (
            Sends(r#"{"type":"login","msg":"a","history":"x"}"#),
            "{'type':'login','success':false,'msg':'\\'history\\' does not fit there; it should be a whole number \
             from 0 on.~','code':'INVALID_PARAMS'}",
        ),
        (
            Sends(r#"{"type":"broadcast","msg":"\n"}"#),
            "{'type':'broadcast','success':false,'msg':'There is no text to send; write something after it.~',\
             'code':'NO_TEXT'}",
        ),
        (
            Sends(r#"{"type":"dance","msg":"x"}"#),
            "{'type':'error','msg':'There is no type \\'dance\\'; the types are login, broadcast, sendto, ls, \
             help, ignore, lang, quit.~','code':'UNKNOWN_COMMAND'}",
        ),
        (
            Sends(r#"{"type":"broadcast","msg":["x"]}"#),
            "{'type':'error','msg':'\\'msg\\' does not fit there; it should be a string.~',\
             'code':'INVALID_PARAMS'}",
        ),
        (
            Sends("[]\n"),
            "{'type':'error','msg':'That was not a JSON object and was not read: it begins with something \
             else than {.~','code':'INVALID_JSON'}",
        ),
        (Sends(r#"{"type":"broadcast","msg":"x"}"#), "<PRIVMSG|#lobby|x>"),
    ]);
}

#[test]
fn messages_are_told_to_the_letter() {
    check_events(vec![
        (
            says("bob=", "#lobby", "héllo 日本 👋"),
            "{'type':'broadcast','msg':'AT [bob] : héllo 日本 👋~',STAMP,'from':'bob','to':'#lobby',\
             'text':'héllo 日本 👋','account':'bob'}",
        ),
        (
            says("bob", "alice", "psst"),
            "{'type':'single','msg':'AT [ bob CHATTING TO alice ] : psst~',STAMP,'from':'bob','to':'alice',\
             'text':'psst'}",
        ),
        (
            says("bob", "#dev", "hi"),
            "{'type':'broadcast','msg':'AT [bob @ #dev] : hi~',STAMP,'from':'bob','to':'#dev',\
             'channel':'#dev','text':'hi'}",
        ),
        (
            says("bob", "#lobby", "\x01ACTION waves\x01"),
            "{'type':'broadcast','msg':'AT [bob] : * bob waves~',STAMP,'from':'bob','to':'#lobby',\
             'text':'waves','action':true}",
        ),
        (
            says("bob", "#lobby", "\x1b[31m"),
            "{'type':'broadcast','msg':'AT [bob] : ^[[31m~',STAMP,'from':'bob','to':'#lobby',\
             'text':'\\u001b[31m'}",
        ),
        (
            Event::Message(message("bob", "#lobby", MessageKind::Notice, "note")),
            "{'type':'broadcast','msg':'AT [bob] : note~',STAMP,'from':'bob','to':'#lobby','text':'note',\
             'notice':true}",
        ),
        (says("bob", "#lobby", "\x01VERSION\x01"), ""),
        (Event::Message(message("bob", "#lobby", MessageKind::Tagmsg, "")), ""),
    ]);
}

#[test]
fn a_sender_gets_a_receipt_whatever_was_sent() {
    check_in_room(vec![(
        Own(says("alice", "#lobby", "\x01VERSION\x01")),
        "{'type':'broadcast','msg':'AT [alice] : ^AVERSION^A~',STAMP,'from':'alice','to':'#lobby',\
         'text':'\\u0001VERSION\\u0001'}",
    )]);
}

#[test]
fn comings_and_goings_are_told_to_the_letter() {
    let at = at(0);
    let (by, reason) = (Source::Server, "spam".into());
    let kicked = Event::Kicked { at, by, channel: channel("#lobby"), nick: nick("bob"), reason };
    check_events(vec![
        (
            joins("bob", "#lobby", true),
            "{'type':'system_msg','msg':'AT [ SYSTEM ] : bob came in~',STAMP,'event':'joined','nick':'bob',\
             'text':'bob came in'}",
        ),
        (joins("bob", "#dev", false), ""),
        (
            quits("bob", CloseReason::Quit(Some("bye\x07".into()))),
            "{'type':'system_msg','msg':'AT [ SYSTEM ] : bob left (Quit: bye^G)~',STAMP,'event':'left','nick':'bob',\
             'text':'bob left (Quit: bye\\u0007)'}",
        ),
        (
            kicked,
            "{'type':'system_msg','msg':'AT [ SYSTEM ] : bob was put out by chat.test (spam)~',STAMP,\
             'event':'kicked','nick':'bob','text':'bob was put out by chat.test (spam)'}",
        ),
        (
            Event::Renamed { at, who: who("bob"), nick: nick("rob") },
            "{'type':'system_msg','msg':'AT [ SYSTEM ] : bob is called rob now~',STAMP,'event':'renamed',\
             'nick':'bob','to':'rob','text':'bob is called rob now'}",
        ),
    ]);
}

#[test]
fn answers_are_one_object_each() {
    let (account, ranks) = (None, Ranks::default());
    let person = |name| Person {
        nick: nick(name),
        account: account.clone(),
        deaf: false,
        muted: false,
        away: false,
        ranks,
    };
    let people = vec![person("alice"), person("Zoë")];
    let stored = Notice::WhisperStored { nick: nick("bob") };
    let messages = vec![message_after(-60, "bob", "#lobby", MessageKind::Privmsg, "old")];
    let killed = CloseReason::Killed { by: "chat.test".into(), reason: "spam".into() };
    check_in_room(vec![
        (Sends(r#"{"type":"ls","msg":null}{"type":"ignore","msg":null}"#), "<LS><I>"),
        (
            Told(Reply::People { channel: channel("#lobby"), people }),
            "{'type':'ls','msg':'[ SYSTEM ] ALIVE USER : ~alice,~Zoë,~','time':'2026-11-21T13:02:05.007Z',\
             'users':['alice','Zoë']}",
        ),
        (
            Told(Reply::Muted { muted: true }),
            "{'type':'ignore','success':true,'msg':'The room is muted: you get none of its messages and \
             cannot send to it. /i opens it again.~','muted':true}",
        ),
        (
            Told(Reply::UserModeChanged { changes: vec![(UserMode::Deaf, false)] }),
            "{'type':'ignore','success':true,'msg':'The room is open again.~','muted':false}",
        ),
        (
            Told(Reply::Notice(stored)),
            "{'type':'system_msg','msg':'AT [ SYSTEM ] : bob is not here; your whisper is kept and delivered \
             when bob comes.~','time':'2026-11-21T13:02:05.007Z','text':'bob is not here; your whisper is kept \
             and delivered when bob comes.'}",
        ),
        (
            Told(Reply::Missed { channel: Some(channel("#lobby")), messages }),
            "{'type':'broadcast','msg':'[TIME : Sat Nov 21 14:01:05 2026]~[bob] : old~',\
             'id':'1795266065007','time':'2026-11-21T13:01:05.007Z','from':'bob','to':'#lobby',\
             'text':'old','past':true}",
        ),
        (
            Told(Reply::Closing(killed)),
            "{'type':'error','msg':'You were put out by chat.test: spam~','code':'KILLED'}",
        ),
        (Told(Reply::Closing(CloseReason::Closed)), ""),
    ]);
}

#[test]
fn an_object_over_the_limit_is_an_error_and_the_end() {
    let long = format!(r#"{{"type":"broadcast","msg":"{}"}}"#, "x".repeat(200));
    check_in_room(vec![
        (Sends(long.leak()), "<close>"),
        (
            Told(Reply::Closing(CloseReason::LineTooLong { bytes_max: 200 })),
            "{'type':'error','msg':'That was longer than 200 bytes and was not read; connect again and send less at \
             once.~','code':'LINE_TOO_LONG'}",
        ),
    ]);
}

#[test]
fn a_guest_is_logged_in_at_once_and_asks_for_nothing_of_the_past() {
    let welcomed = WELCOME.replace("alice", "guest1234");
    let transcript = vec![
        (Sends(r#"{"type":"broadcast","msg":"early"}"#), "<PRIVMSG|#lobby|early>"),
        (Told(welcome("guest1234")), &welcomed),
        (Sends(r#"{"type":"ls","msg":null}"#), "<LS>"),
    ];
    check_json(true, "<ENTER|||0>", transcript);
}

#[test]
fn help_tells_a_person_what_to_type_and_a_program_every_type() {
    for kind in super::TYPES.iter().filter(|kind| **kind != "login") {
        let start = format!("{{\"type\":\"{kind}\"");
        assert!(super::OBJECTS.iter().any(|object| object.starts_with(&start)), "{kind}");
    }
    for object in super::OBJECTS {
        serde_json::from_str::<serde_json::Value>(object).expect("JSON");
    }
    let help = super::answers::help(&super::OBJECTS, &context());
    for typed in ["/ls - ", "/help - ", "/i - ", "@NICK text - "] {
        assert!(help.msg.lines().any(|line| line.starts_with(typed)), "{typed}");
    }
    assert!(!help.msg.contains('{'));
}
