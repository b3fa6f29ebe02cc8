//! What the server does by itself to keep its file in order, and how it says so.

use crate::harness::{DEADLINE, IrcClient, LOOK_AGAIN, Server, admin};
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
