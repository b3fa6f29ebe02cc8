//! What the server does by itself to keep its file in order, and how it says so.

use crate::harness::{DEADLINE, IrcClient, LOOK_AGAIN, Server, admin};
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

/// Waits until the audit log has a line of this action, and returns it.
fn audited(server: &Server, action: &str) -> serde_json::Value {
    let deadline = Instant::now() + DEADLINE;
    loop {
        let rows = admin(server, &["audit", "--json"]).expect_status(0).rows();
        if let Some(row) = rows.into_iter().find(|row| row["kind"] == action) {
            return row;
        }
        assert!(Instant::now() < deadline, "the audit log should have a line \"{action}\"");
        thread::sleep(LOOK_AGAIN);
    }
}

#[test]
fn a_shorter_retention_counts_at_once_loudly_and_on_record() {
    let mut server = Server::start();
    let mut alice = IrcClient::guest(server.irc(), "alice", "echo-message");
    for text in ["one", "two", "three"] {
        alice.say("#lobby", text);
        alice.expect(text);
    }
    // The shortest retention that there may be: afterwards all three are older.
    thread::sleep(Duration::from_secs(1));
    server.reload("[history]\nretention = \"1s\"\n");
    server.expect_log("retention under [history] is shorter now");
    let row = audited(&server, "expire");
    assert_eq!((&row["by"], &row["text"]), (&"irc.test".into(), &"3 messages".into()), "{row}");
    server.expect_log("were deleted messages=3");
    assert_eq!(admin(&server, &["history", "--json"]).expect_status(0).stdout, "");
}

#[test]
fn damage_is_found_at_the_start_and_said_with_what_to_do() {
    let mut server = Server::start();
    let mut alice = IrcClient::guest(server.irc(), "alice", "echo-message");
    for number in 0..200 {
        let text = format!("{number} {}", "long ".repeat(60));
        alice.say("#lobby", &text);
        alice.expect(&text);
    }
    server.stop();
    let database = server.data_dir().join("chat.db");
    let mut bytes = fs::read(&database).expect("it is there");
    let last = bytes.len() / 4096 - 1;
    bytes[(last - 1) * 4096..].fill(0xff);
    fs::write(&database, &bytes).expect("the file is ours");
    server.start_again();
    server.expect_log("ERROR");
    let log = server.log();
    assert!(log.contains("the database is damaged") && log.contains("restore a backup"), "{log}");
    server.kill();
}

#[test]
fn a_database_that_is_taken_away_is_missed_before_anything_is_lost() {
    let server = Server::start();
    let mut alice = IrcClient::guest(server.irc(), "alice", "echo-message");
    let mut bob = IrcClient::guest(server.irc(), "bob", "");
    let (database, away) = (server.data_dir().join("chat.db"), server.data_dir().join("away.db"));
    fs::rename(&database, &away).expect("the file is ours");
    server.expect_log("was deleted, renamed or replaced");
    alice.say("#lobby", "nobody would ever find this");
    alice.expect("nothing was sent or changed");
    fs::rename(&away, &database).expect("the file is ours");
    server.expect_log("the disk takes writes again");
    alice.say("#lobby", "this is kept");
    bob.expect("this is kept");
    assert_eq!(bob.count("nobody would ever find this"), 0);
}

#[test]
fn guests_whom_a_reload_puts_out_are_told_and_on_record() {
    let mut server = Server::start();
    let mut alice = IrcClient::guest(server.irc(), "alice", "");
    let mut bob = IrcClient::guest(server.irc(), "bob", "");
    server.reload("[accounts]\nguests = false\n");
    for guest in [&mut alice, &mut bob] {
        guest.expect("Guests are not allowed any more");
        guest.expect_end();
    }
    let row = audited(&server, "reload");
    let (by, whom, who) = ("irc.test".into(), "guests put out".into(), "2: alice, bob".into());
    assert_eq!((&row["by"], &row["target"], &row["text"]), (&by, &whom, &who), "{row}");
}
