//! Commands that read the file, without a server.

use std::fs;
use std::io::{self, Write};
use std::sync::Arc;
use std::thread;

use chat_model::change::{AuditRow, BanTarget, Change, ServerBan, StoredChannel, StoredMember};
use chat_model::id::{MsgId, Stamp, Time};
use chat_model::message::{Message, MessageKind, Party, Target};
use chat_model::mode::{ChannelModes, Rank, Ranks};
use chat_model::name::{Account, ChannelName, Nick};
use chat_model::secret::PasswordHash;
use chat_model::who::{Source, Who};
use chat_store::Store;
use tempfile::TempDir;

use super::{Printed, check, console, parse, run};
use crate::commands;

/// 2026-11-21 14:02:05 in the zone of the tests.
pub(super) const NOON: i64 = 1_795_266_125_000;

fn at(seconds: i64) -> Stamp {
    let time = Time(NOON + seconds * 1000);
    Stamp { id: MsgId(time.0), time }
}

fn nick(name: &str) -> Nick {
    Nick::new(name).expect("a nickname")
}

pub(super) fn account(name: &str) -> Account {
    Account::new(name).expect("an account")
}

fn channel(name: &str) -> ChannelName {
    ChannelName::new(name).expect("a channel")
}

fn said(seconds: i64, from: &str, target: Target, kind: MessageKind, text: &str) -> Change {
    let who = Who {
        nick: nick(from),
        username: "u".into(),
        host: "192.0.2.7".into(),
        account: (from == "alice").then(|| account("Alice")),
        realname: "".into(),
        bot: false,
    };
    let from = Source::User(Arc::new(who));
    Change::Message(Arc::new(Message { at: at(seconds), from, target, kind, text: text.into(), tags: None }))
}

fn aloud(rank: Option<Rank>) -> Target {
    Target::Channel { name: channel("#lobby"), rank }
}

pub(super) fn database(changes: &[Change]) -> TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let mut store = Store::open(&directory.path().join("chat.db")).expect("a database");
    store.save(changes).expect("saved");
    store.close().expect("closed");
    directory
}

pub(super) fn talk() -> TempDir {
    let whisper = Target::User(Party { nick: nick("alice"), account: Some(account("Alice")) });
    database(&[
        said(0, "bob", aloud(None), MessageKind::Privmsg, "hello \u{1b}[2J"),
        said(1, "alice", aloud(None), MessageKind::Privmsg, "\u{1}ACTION waves\u{1}"),
        said(2, "alice", aloud(Some(Rank::Operator)), MessageKind::Notice, "日本"),
        said(3, "bob", whisper, MessageKind::Privmsg, "psst"),
    ])
}

#[test]
fn history_is_lines_for_people_without_whispers() {
    check(
        talk().path(),
        "history",
        0,
        "\
2026-11-21 14:02:05  #lobby  <bob> hello \\u{1b}[2J
2026-11-21 14:02:06  #lobby  * alice waves
2026-11-21 14:02:07  @#lobby  -alice- 日本
",
    );
}

#[test]
fn what_programs_say_to_each_other_is_told_from_talk() {
    let privmsg = |n, text| said(n, "evil", aloud(None), MessageKind::Privmsg, text);
    let directory = database(&[
        privmsg(0, "\u{1}VERSION\u{1}"),
        privmsg(1, "\u{1}DCC SEND virus.exe 1 2 3"),
        said(2, "bob", aloud(None), MessageKind::Notice, "\u{1}VERSION irssi\u{1b}[2J\u{1}"),
        privmsg(3, "\u{1}ACTION \u{1b}waves"),
    ]);
    check(
        directory.path(),
        "history",
        0,
        "\
2026-11-21 14:02:05  #lobby  * evil asks for VERSION
2026-11-21 14:02:06  #lobby  * evil asks for DCC SEND virus.exe 1 2 3
2026-11-21 14:02:07  #lobby  * bob answers VERSION irssi\\u{1b}[2J
2026-11-21 14:02:08  #lobby  * evil \\u{1b}waves
",
    );
    let raw = run(directory.path(), "history --json").output;
    assert!(raw.contains(r#""text":"\u0001VERSION\u0001""#), "{raw}");
}

#[test]
fn history_is_narrowed_by_options_and_the_hash_may_be_left_out() {
    let directory = talk();
    let bob = "2026-11-21 14:02:05  #lobby  <bob> hello \\u{1b}[2J\n";
    let waves = "2026-11-21 14:02:06  #lobby  * alice waves\n";
    for (line, expected) in [
        ("history lobby --from BOB", bob),
        ("history #lobby --grep HELLO", bob),
        ("history -n 1 --until 2026-11-21_14:02:05", bob),
        ("history --since 2026-11-21_14:02:06 --until 2026-11-21_14:02:06", waves),
        ("history lobby --grep nowhere", "nothing was found\n"),
        ("history --json lobby --grep nowhere", ""),
    ] {
        check(directory.path(), line, 0, expected);
    }
}

#[test]
fn a_channel_that_never_was_is_told_from_one_where_nothing_was_said() {
    let quiet = StoredChannel {
        name: channel("#quiet"),
        created: Time(NOON),
        modes: ChannelModes::initial(),
        topic: None,
        last_used: Time(NOON),
    };
    let directory = database(&[Change::Channel(quiet)]);
    check(directory.path(), "history quiet", 0, "nothing was found\n");
    for line in
        ["history nosuch", "history quiet nosuch", "history --follow nosuch", "history --whispers nosuch"]
    {
        check(
            directory.path(),
            line,
            1,
            "chat-admin: there is no channel #nosuch, and nothing is kept of one\n  \
             hint: `chat-admin list --channels` shows which there are\n",
        );
    }
    check(directory.path(), "audit", 0, "the audit log is empty\n");
}

#[test]
fn history_is_json_lines_for_machines() {
    let id = at(0).id;
    let alice = at(2).id;
    let expected = format!(
        r##"{{"id":"{id}","time":"2026-11-21T13:02:05.000Z","kind":"privmsg","channel":"#lobby","nick":"bob","account":null,"address":"192.0.2.7","to":"#lobby","to_account":null,"text":"hello \u001b[2J","ended":false}}
{{"id":"{alice}","time":"2026-11-21T13:02:07.000Z","kind":"notice","channel":"#lobby","nick":"alice","account":"Alice","address":"192.0.2.7","to":"@#lobby","to_account":null,"text":"日本","ended":false}}
"##
    );
    let directory = talk();
    let lines = run(directory.path(), "history --json").output;
    let lines: Vec<_> = lines.lines().collect();
    assert_eq!(format!("{}\n{}\n", lines[0], lines[2]), expected);
}

#[test]
fn reading_whispers_without_a_server_goes_into_the_audit_log_of_the_file() {
    let directory = talk();
    let whisper = "2026-11-21 14:02:08  bob -> alice  <bob> psst\n";
    check(directory.path(), "history --whispers --grep psst", 0, whisper);
    let audit = run(directory.path(), "audit --json").output;
    let row: serde_json::Value = serde_json::from_str(&audit).expect("one row");
    assert_eq!(row["kind"], "history --whispers");
    assert_eq!(row["target"], "direct messages");
    assert_eq!(row["text"], "grep psst");
    assert!(row["by"].as_str().is_some_and(|by| by.starts_with("admin ")), "{audit}");
}

/// A reader that has had enough when it is told to stop.
struct UntilStop(Printed);

impl Write for UntilStop {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if String::from_utf8_lossy(bytes).contains("stop") {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        self.0.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn following_prints_everything_once_in_its_order() {
    let directory = database(&[]);
    let path = directory.path().join("chat.db");
    let texts: Vec<_> = (0..9).map(|n| format!("message {n}")).chain(["stop".to_owned()]).collect();
    let writer = thread::spawn({
        let texts = texts.clone();
        move || {
            let mut store = Store::open(&path).expect("opened");
            for (n, text) in (0..).zip(&texts) {
                let change = said(n, "bob", aloud(None), MessageKind::Privmsg, text);
                store.save(&[change]).expect("saved");
            }
        }
    });
    let cli = parse(directory.path(), "history --follow").expect("valid");
    let printed = Printed::default();
    let remarks = Printed::default();
    let mut console = console(UntilStop(printed.clone()), "", false);
    console.err = Box::new(remarks.clone());
    let ended = commands::run(&cli, &mut console);
    writer.join().expect("written");
    assert!(ended.expect_err("stopped").is_closed_pipe());
    let output = String::from_utf8(printed.0.borrow().clone()).expect("UTF-8");
    let found: Vec<_> = output.lines().map(|line| line.split_once("<bob> ").expect("a message").1).collect();
    assert_eq!(found, texts[..9]);
    let remarks = String::from_utf8(remarks.0.borrow().clone()).expect("UTF-8");
    assert_eq!(remarks, "chat-admin: no server runs there; what is said is shown as soon as one does\n");
}

/// Does something when a text is printed.
struct When<F, W>(&'static str, F, W);

impl<F: FnMut(), W: Write> Write for When<F, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if String::from_utf8_lossy(bytes).contains(self.0) {
            self.1();
        }
        self.2.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn following_goes_on_in_the_database_that_was_put_in_the_place_of_the_old_one() {
    let aloud = |n, text| said(n, "bob", aloud(None), MessageKind::Privmsg, text);
    let (old, restored) = (database(&[aloud(0, "before")]), database(&[aloud(0, "before")]));
    let path = old.path().join("chat.db");
    let cli = parse(old.path(), "history --follow").expect("valid");
    let printed = Printed::default();
    let replace = {
        let path = path.clone();
        move || fs::rename(restored.path().join("chat.db"), &path).expect("put in place")
    };
    let mut console = console(When("before", replace, UntilStop(printed.clone())), "", false);
    let write_more = move || {
        let mut store = Store::open(&path).expect("opened");
        store.save(&[aloud(1, "after"), aloud(2, "stop")]).expect("saved");
    };
    console.err = Box::new(When("was replaced", write_more, io::sink()));
    let ended = commands::run(&cli, &mut console);
    assert!(ended.expect_err("stopped").is_closed_pipe());
    let output = String::from_utf8(printed.0.borrow().clone()).expect("UTF-8");
    let found: Vec<_> = output.lines().map(|line| line.split_once("<bob> ").expect("a message").1).collect();
    assert_eq!(found, ["before", "after"]);
}

#[test]
fn bans_are_listed_but_for_those_that_ran_out() {
    let ban = |target, reason: &str, expires: Option<i64>| {
        Change::ServerBan(ServerBan {
            target,
            reason: reason.into(),
            setter: "admin root".into(),
            created: Time(NOON),
            expires: expires.map(Time),
        })
    };
    let far = 32_503_680_000_000;
    let directory = database(&[
        ban(BanTarget::Nick("spam*".parse().expect("a mask")), "spam", None),
        ban(BanTarget::Account(account("Carl")), "", None),
        ban(BanTarget::Account(account("Mallory")), "", Some(1)),
        ban(BanTarget::Network("192.0.2.7/32".parse().expect("a network")), "flood", Some(far)),
    ]);
    check(
        directory.path(),
        "bans",
        0,
        "\
KIND     WHOM       UNTIL                SET                  BY          REASON
nick     spam*      for ever             2026-11-21 14:02:05  admin root  spam
account  Carl       for ever             2026-11-21 14:02:05  admin root  -
address  192.0.2.7  3000-01-01 01:00:00  2026-11-21 14:02:05  admin root  flood
",
    );
    check(
        directory.path(),
        "bans --json",
        0,
        r#"{"kind":"nick","nick":"spam*","text":"spam","by":"admin root","time":"2026-11-21T13:02:05.000Z","expires":null}
{"kind":"account","account":"Carl","text":null,"by":"admin root","time":"2026-11-21T13:02:05.000Z","expires":null}
{"kind":"address","address":"192.0.2.7","text":"flood","by":"admin root","time":"2026-11-21T13:02:05.000Z","expires":"3000-01-01T00:00:00.000Z"}
"#,
    );
}

fn accounts() -> TempDir {
    let member = StoredMember {
        channel: channel("#lobby"),
        account: account("Alice"),
        joined: true,
        ranks: Ranks::from_letters("o"),
        delivered: at(0).id,
    };
    let new = |name: &str| Change::Account {
        account: account(name),
        hash: PasswordHash::new("$argon2id$hidden"),
        created: at(0),
    };
    let lobby = StoredChannel {
        name: channel("#Lobby"),
        created: Time(NOON),
        modes: ChannelModes::initial(),
        topic: None,
        last_used: Time(NOON),
    };
    database(&[
        new("Alice"),
        new("bob"),
        new("carl"),
        Change::Channel(lobby),
        Change::Member(member),
        Change::Presence { account: account("alice"), last_here: None },
        Change::Presence { account: account("bob"), last_here: Some(at(60).time) },
    ])
}

#[test]
fn accounts_are_listed_and_shown() {
    let directory = accounts();
    let cases = [
        (
            "user list",
            "\
ACCOUNT  CREATED              LAST HERE
Alice    2026-11-21 14:02:05  now
bob      2026-11-21 14:02:05  2026-11-21 14:03:05
carl     2026-11-21 14:02:05  never
",
        ),
        (
            "user list --json",
            "\
{\"account\":\"Alice\",\"created\":\"2026-11-21T13:02:05.000Z\",\"online\":true,\"seen\":null}
{\"account\":\"bob\",\"created\":\"2026-11-21T13:02:05.000Z\",\"online\":false,\"seen\":\"2026-11-21T13:03:05.000Z\"}
{\"account\":\"carl\",\"created\":\"2026-11-21T13:02:05.000Z\",\"online\":false,\"seen\":null}
",
        ),
        (
            "user show ALICE",
            "\
account    Alice
created    2026-11-21 14:02:05
last here  now
channels   @#Lobby
",
        ),
        (
            "user show bob --json",
            "{\"account\":\"bob\",\"channels\":[],\"created\":\"2026-11-21T13:02:05.000Z\",\
             \"online\":false,\"seen\":\"2026-11-21T13:03:05.000Z\"}\n",
        ),
        (
            "user show carl --json",
            "{\"account\":\"carl\",\"channels\":[],\"created\":\"2026-11-21T13:02:05.000Z\",\
             \"online\":false,\"seen\":null}\n",
        ),
    ];
    for (line, expected) in cases {
        check(directory.path(), line, 0, expected);
    }
    check(
        directory.path(),
        "user show carol",
        1,
        "chat-admin: there is no account carol\n  hint: `chat-admin user list` shows which there are\n",
    );
}

#[test]
fn the_audit_log_is_a_table() {
    let row = |seconds, action: &str| {
        Change::Audit(AuditRow {
            at: at(seconds),
            actor: "admin root".into(),
            action: action.into(),
            target: "bob".into(),
            detail: "spamming".into(),
        })
    };
    let directory = database(&[row(0, "kick"), row(1, "ban")]);
    let last = "\
TIME                 BY          ACTION  TARGET  DETAIL
2026-11-21 14:02:06  admin root  ban     bob     spamming
";
    check(directory.path(), "audit -n 1", 0, last);
    check(directory.path(), "audit --since 2026-11-21_14:02:06", 0, last);
    check(directory.path(), "audit --since 2126-11-21", 0, "nothing was done since then\n");
}

#[test]
fn empty_tables_say_so_in_words() {
    let directory = database(&[]);
    for (line, expected) in [
        ("history", "nothing was found\n"),
        ("bans", "nobody is banned\n"),
        ("audit", "the audit log is empty\n"),
        ("user list", "there are no accounts yet; make one with: chat-admin user add NAME\n"),
        ("bans --json", ""),
    ] {
        check(directory.path(), line, 0, expected);
    }
}

#[test]
fn without_a_database_the_status_is_3() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let expected = "chat-admin: there is no database at DIR/chat.db; chat-server makes it when it is first started\n  \
                    hint: say where the server keeps its files with --data-dir or --config\n";
    for line in ["history", "history --whispers", "bans", "audit", "user list", "user show x"] {
        check(directory.path(), line, 3, expected);
        assert!(!directory.path().join("chat.db").exists(), "{line}");
    }
}

#[test]
fn words_that_make_no_sense_have_status_2_and_say_what_would() {
    let directory = database(&[]);
    let cases = [
        ("", "Usage: chat-admin"),
        ("kik bob", "unrecognized subcommand 'kik'"),
        ("kick", "required arguments were not provided"),
        ("say #lobby", "<TEXT>..."),
        ("history --since soon", "\"soon\" is no time; write a span back"),
        ("history --until x", "is no time"),
        ("history --since 1h --until 2h", "--since is later than --until"),
        ("history a,b", "\"#a,b\" is no channel: ',' cannot be part of a name"),
        ("history --from #a", "\"#a\" is no nickname"),
        ("history -n many", "invalid value 'many'"),
        ("audit --since x", "is no time"),
        ("ban bob --for ever", "\"ever\" is no length of time"),
        ("ban a!b@c", "is a mask for bans of channels"),
        (
            "ban 300.1.1.1",
            "\"300.1.1.1\" is no address and no nickname: a name cannot begin with '3'; write an address",
        ),
        ("ban 1.2.3.4/33", "\"1.2.3.4/33\" is no address and no nickname: '/' cannot be part of a name"),
        ("ban 2001:db8::/129", "is no address and no nickname: ':' cannot be part of a name"),
        ("ban --nick 192.0.2.7", "\"192.0.2.7\" is no nickname: a name cannot begin with '1'"),
        ("ban --account two_words", "\"two words\" is no account name: ' ' cannot be part"),
        ("ban bob --nick --account", "cannot be used with"),
        ("user show #x", "\"#x\" is no account name"),
    ];
    for (line, expected) in cases {
        let outcome = run(directory.path(), line);
        assert_eq!(outcome.status, 2, "{line}: {}", outcome.output);
        assert!(outcome.output.contains(expected), "{line}: {}", outcome.output);
    }
}
