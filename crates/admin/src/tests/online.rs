//! Commands that need a server.

use chat_model::change::{BanTarget, Change, ServerBan};
use chat_model::id::Time;

use super::fake::FakeServer;
use super::offline::{NOON, account, database};
use super::{check, run, run_with};

/// One command line, what it must ask the server, what that says, and what must come out.
struct Case<'a> {
    line: &'a str,
    request: &'a str,
    answers: &'a [&'a str],
    status: u8,
    output: &'a str,
}

#[track_caller]
fn check_case(case: &Case<'_>) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let server = FakeServer::start(directory.path(), &[case.answers]);
    let outcome = run(directory.path(), case.line);
    assert_eq!(server.requests(), [case.request], "{}", case.line);
    assert_eq!(outcome.output, case.output, "{}", case.line);
    assert_eq!(outcome.status, case.status, "{}", case.line);
}

const DONE: &[&str] = &[r#"{"type":"done","count":1}"#];

#[test]
fn orders_are_carried_out_and_said_to_be() {
    let cases = [
        (
            "kick bob no spamming, please",
            r#"{"verb":"KICK","words":["bob","no spamming, please"]}"#,
            "bob was put out, 1 session closed\n",
        ),
        ("kick bob", r#"{"verb":"KICK","words":["bob"]}"#, "bob was put out, 1 session closed\n"),
        (
            "ban spam* --for 3d go away",
            r#"{"verb":"BAN","words":["nick","spam*","259200","go away"]}"#,
            "nick spam* is banned until ",
        ),
        (
            "ban 192.0.2.7",
            r#"{"verb":"BAN","words":["address","192.0.2.7/32","0"]}"#,
            "address 192.0.2.7 is banned for ever; 1 session was closed\n",
        ),
        (
            "ban --account mallory spam",
            r#"{"verb":"BAN","words":["account","mallory","0","spam"]}"#,
            "account mallory is banned for ever; 1 session was closed\n",
        ),
        (
            "ban 192.0.2.7/24",
            r#"{"verb":"BAN","words":["address","192.0.2.0/24","0"]}"#,
            "address 192.0.2.0/24 is banned for ever; 1 session was closed\n",
        ),
        (
            "unban mallory --account",
            r#"{"verb":"UNBAN","words":["account","mallory"]}"#,
            "account mallory is no longer banned\n",
        ),
        (
            "unban 300.1.1.1",
            r#"{"verb":"UNBAN","words":["nick","300.1.1.1"]}"#,
            "nick 300.1.1.1 is no longer banned\n",
        ),
        ("say #lobby hello all", r##"{"verb":"SAY","words":["#lobby","hello all"]}"##, "said to #lobby\n"),
        (
            "user delete carol",
            r#"{"verb":"USERDEL","words":["carol"]}"#,
            "account carol was deleted; what it said stays in the history; 1 session closed\n",
        ),
        ("--json kick bob", r#"{"verb":"KICK","words":["bob"]}"#, "{\"count\":1,\"done\":true}\n"),
    ];
    for (line, request, output) in cases {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let server = FakeServer::start(directory.path(), &[DONE]);
        let outcome = run(directory.path(), line);
        assert_eq!(server.requests(), [request], "{line}");
        assert!(outcome.output.starts_with(output), "{line}: {}", outcome.output);
        assert_eq!(outcome.status, 0, "{line}");
    }
}

#[test]
fn a_password_is_the_first_line_of_stdin() {
    for (line, verb, output) in [
        ("user add carol", "USERADD", "account carol was made\n"),
        ("user passwd carol", "PASSWD", "account carol has a new password; 1 session closed\n"),
    ] {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let server = FakeServer::start(directory.path(), &[DONE]);
        let outcome = run_with(directory.path(), line, " pass  word \r\nanother line\n");
        assert_eq!(server.requests(), [format!(r#"{{"verb":"{verb}","words":["carol"," pass  word "]}}"#)]);
        assert_eq!((outcome.status, outcome.output.as_str()), (0, output));
    }
}

#[test]
fn who_goes_on_as_a_guest_is_named() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let done = r#"{"type":"done","count":2,"guests":["eve","guest1234"]}"#;
    let _server = FakeServer::start(directory.path(), &[&[done]]);
    let outcome = run(directory.path(), "user delete eve");
    assert!(outcome.output.contains("; still here as guest: eve, guest1234 ("), "{}", outcome.output);
}

#[test]
fn an_invitation_is_a_new_code_that_is_told_with_its_use() {
    let invite = |line: &str| {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let server = FakeServer::start(directory.path(), &[DONE]);
        let outcome = run(directory.path(), line);
        assert_eq!(outcome.status, 0, "{line}: {}", outcome.output);
        let request: serde_json::Value = serde_json::from_str(&server.requests()[0]).expect("JSON");
        assert_eq!(request["verb"], "INVITATION");
        let code = request["words"][0].as_str().expect("a code").to_owned();
        (code, request["words"][1].clone(), outcome.output)
    };
    let (code, seconds, output) = invite("user invite");
    assert_eq!(seconds, "604800");
    assert!(output.starts_with(&format!("{code} makes one account, until ")), "{output}");
    assert!(output.contains(&format!("/register PASSWORD {code}\n")), "{output}");
    let (other, seconds, output) = invite("user invite --for 2h --json");
    assert_eq!(seconds, "7200");
    assert_ne!(code, other);
    let row: serde_json::Value = serde_json::from_str(&output).expect("one object");
    assert_eq!(row["code"], other.as_str());
    assert!(row["expires"].as_str().is_some_and(|time| time.ends_with('Z')), "{output}");
}

#[test]
fn an_invitation_for_no_length_of_time_is_a_slip_and_asks_for_nothing() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for (length, expected) in [("soon", "is no length of time"), ("200y", "is too long")] {
        let outcome = run(directory.path(), &format!("user invite --for {length}"));
        assert_eq!(outcome.status, 2, "{length}");
        assert!(outcome.output.contains(expected), "{}", outcome.output);
    }
}

#[test]
fn an_empty_password_is_refused_before_anything_is_asked() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let server = FakeServer::start(directory.path(), &[]);
    let outcome = run_with(directory.path(), "user add carol", "\n");
    assert!(server.requests().is_empty());
    assert_eq!(outcome.status, 1);
    assert_eq!(outcome.output, "chat-admin: a password needs at least one character; nothing was changed\n");
}

#[test]
fn what_the_server_refuses_is_said_with_a_hint() {
    check_case(&Case {
        line: "kick bob",
        request: r#"{"verb":"KICK","words":["bob"]}"#,
        answers: &[r#"{"type":"refused","code":"NO_SUCH_NICK","msg":"there is no bob\u001b[2J"}"#],
        status: 1,
        output: "chat-admin: there is no bob\\u{1b}[2J\n  hint: `chat-admin list` shows who is on\n",
    });
    check_case(&Case {
        line: "kick bob --json",
        request: r#"{"verb":"KICK","words":["bob"]}"#,
        answers: &[r#"{"type":"refused","code":"STRANGE","msg":"no"}"#],
        status: 1,
        output: "{\"code\":\"STRANGE\",\"error\":\"no\",\"hint\":null}\n",
    });
}

const ONLINE: &[&str] = &[
    r##"{"type":"row","nick":"日本","account":"alice","address":"192.0.2.7","client":"irc+plain","channels":["@#lobby","#dev"],"idle_s":4000,"since":"2026-11-21T13:02:05Z"}"##,
    r##"{"type":"row","nick":"bob","account":null,"address":null,"client":"json\u001b[1m","channels":[],"idle_s":7,"since":"2026-11-21T13:02:05.123Z"}"##,
    r#"{"type":"done","count":2}"#,
];

#[test]
fn who_is_on_is_a_table_for_people() {
    check_case(&Case {
        line: "list",
        request: r#"{"verb":"ONLINE","words":[]}"#,
        answers: ONLINE,
        status: 0,
        output: "\
NICK  ACCOUNT  ADDRESS    CLIENT         IDLE   SINCE                CHANNELS
日本  alice    192.0.2.7  irc+plain      1h 6m  2026-11-21 14:02:05  @#lobby #dev
bob   (guest)  (local)    json\\u{1b}[1m  7s     2026-11-21 14:02:05
2 users
",
    });
}

#[test]
fn who_is_on_is_json_lines_for_machines() {
    check_case(&Case {
        line: "list --json",
        request: r#"{"verb":"ONLINE","words":[]}"#,
        answers: ONLINE,
        status: 0,
        output: r##"{"nick":"日本","account":"alice","address":"192.0.2.7","client":"irc+plain","channels":["@#lobby","#dev"],"idle_s":4000,"since":"2026-11-21T13:02:05Z"}
{"nick":"bob","account":null,"address":null,"client":"json\u001b[1m","channels":[],"idle_s":7,"since":"2026-11-21T13:02:05.123Z"}
"##,
    });
}

#[test]
fn channels_are_listed_and_none_is_said_in_words() {
    check_case(&Case {
        line: "list --channels",
        request: r#"{"verb":"CHANNELS","words":[]}"#,
        answers: &[
            r##"{"type":"row","channel":"#lobby","members":12,"modes":"+nt","topic":"cats, mostly","bans":0,"created":"2026-11-21T13:02:05Z"}"##,
            r#"{"type":"done","count":1}"#,
        ],
        status: 0,
        output: "\
CHANNEL  MEMBERS  MODES  BANS  CREATED              TOPIC
#lobby   12       +nt    0     2026-11-21 14:02:05  cats, mostly
1 channel
",
    });
    check_case(&Case {
        line: "list",
        request: r#"{"verb":"ONLINE","words":[]}"#,
        answers: &[r#"{"type":"done","count":0}"#],
        status: 0,
        output: "nobody is on\n",
    });
}

#[test]
fn the_log_is_shown_and_followed_until_the_server_goes() {
    const LINES: &[&str] = &[
        r#"{"type":"row","time":"2026-11-21T13:02:05Z","level":"INFO","text":"came","nick":"bob","account":null,"online":3}"#,
        r#"{"type":"row","time":"2026-11-21T13:02:06Z","level":"WARN","text":"refused","why":"two words"}"#,
    ];
    let shown = "\
2026-11-21 14:02:05 INFO  came account=- nick=bob online=3
2026-11-21 14:02:06 WARN  refused why=\"two words\"
";
    check_case(&Case {
        line: "log -n 5",
        request: r#"{"verb":"LOG","words":["5"]}"#,
        answers: &[LINES[0], LINES[1], r#"{"type":"done","count":2}"#],
        status: 0,
        output: shown,
    });
    check_case(&Case {
        line: "log --follow -n 0",
        request: r#"{"verb":"LOG","words":["0","follow"]}"#,
        answers: &[
            r#"{"type":"notice","msg":"The server is going down."}"#,
            r#"{"type":"farewell","msg":"The server is going down; connect again later."}"#,
        ],
        status: 3,
        output: "chat-admin: the server has closed the connection: The server is going down; connect again later.\n",
    });
    check_case(&Case {
        line: "log --follow -n 5",
        request: r#"{"verb":"LOG","words":["5","follow"]}"#,
        answers: LINES,
        status: 3,
        output: &format!("{shown}chat-admin: the server has closed the connection\n"),
    });
}

#[test]
fn something_that_is_no_server_is_told_from_one() {
    check_case(&Case {
        line: "kick bob",
        request: r#"{"verb":"KICK","words":["bob"]}"#,
        answers: &["220 mail.example ESMTP"],
        status: 3,
        output: "chat-admin: what answers there speaks otherwise; chat-server and chat-admin must be of one version\n",
    });
}

#[test]
fn without_a_server_the_status_is_3_and_the_hint_says_how_to_find_it() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let expected = "chat-admin: no server answers at DIR/admin.sock\n  \
                    hint: start chat-server, or say where it is with --socket, --data-dir or --config\n";
    for line in [
        "kick bob",
        "list",
        "ban bob",
        "unban bob",
        "say #a hi",
        "user add x",
        "user invite",
        "user delete x",
        "log",
    ] {
        check(directory.path(), line, 3, expected);
    }
}

#[test]
fn reading_whispers_is_audited_by_the_server_first() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    chat_store::Store::open(&directory.path().join("chat.db")).expect("a database").close().expect("closed");
    let server = FakeServer::start(directory.path(), &[DONE]);
    let outcome = run(directory.path(), "history --whispers --from bob --grep x");
    let request = r#"{"verb":"AUDIT","words":["history --whispers","direct messages","from bob, grep x"]}"#;
    assert_eq!(server.requests(), [request]);
    assert_eq!((outcome.status, outcome.output.as_str()), (0, "nothing was found\n"));
}

#[test]
fn whispers_that_cannot_be_audited_are_not_shown() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    chat_store::Store::open(&directory.path().join("chat.db")).expect("a database").close().expect("closed");
    let server = FakeServer::start(
        directory.path(),
        &[&[r#"{"type":"refused","code":"STORAGE_UNAVAILABLE","msg":"nothing can be stored now"}"#]],
    );
    let outcome = run(directory.path(), "history --whispers");
    server.requests();
    assert_eq!(outcome.status, 1);
    assert!(
        outcome.output.starts_with("chat-admin: nothing can be stored now\n  hint: make room"),
        "{}",
        outcome.output
    );
}

#[test]
fn a_ban_in_place_of_an_earlier_one_says_so() {
    let earlier = |target, expires| {
        Change::ServerBan(ServerBan {
            target,
            reason: "".into(),
            setter: "admin root".into(),
            created: Time(NOON),
            expires,
        })
    };
    let directory = database(&[
        earlier(BanTarget::Nick("spam*".parse().expect("a mask")), None),
        earlier(BanTarget::Account(account("Mallory")), None),
        earlier(BanTarget::Network("192.0.2.0/24".parse().expect("a network")), None),
        earlier(BanTarget::Nick("over".parse().expect("a mask")), Some(Time(1))),
    ]);
    let replaced = "; this replaces the ban that admin root set 2026-11-21 14:02:05\n";
    for (line, expected) in [
        ("ban SPAM*", replaced),
        ("ban --account mallory", replaced),
        ("ban 192.0.2.7/24", replaced),
        ("ban over", "1 session was closed\n"),
        ("ban mallory", "1 session was closed\n"),
        ("ban --json spam*", "{\"count\":1,\"done\":true,\"replaced\":true}\n"),
        ("ban --json over", "{\"count\":1,\"done\":true,\"replaced\":false}\n"),
    ] {
        let server = FakeServer::start(directory.path(), &[DONE]);
        let outcome = run(directory.path(), line);
        server.requests();
        std::fs::remove_file(directory.path().join("admin.sock")).expect("removed");
        assert!(outcome.output.ends_with(expected), "{line}: {}", outcome.output);
    }
}
