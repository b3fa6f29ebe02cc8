//! What the network and simple programs do to each face: pieces, floods, readers that do not read.

use crate::harness::{Config, IrcClient, JsonClient, PlainClient, Server, admin};
use serde_json::json;

#[test]
fn a_guest_listener_asks_nothing_and_takes_lines_however_they_end() {
    let server = Server::with(Config { guest: true, ..Config::default() });
    let mut alice = IrcClient::guest(server.irc(), "alice", "");
    for (piece, text) in [
        ("with LF\n", "with LF"),
        ("with CR LF\r\n", "with CR LF"),
        ("without an end", "without an end"),
        ("GET WELL", "GET WELL"),
    ] {
        let mut guest = PlainClient::raw(server.plain(), "guest");
        guest.expect("/help shows the commands");
        guest.send_piece(piece);
        let line = alice.expect(&format!("PRIVMSG #lobby :{text}"));
        assert!(line.source.starts_with("guest") && line.text() == text, "{line:?}");
    }
}

#[test]
fn a_web_page_cannot_speak() {
    let server = Server::start();
    let mut alice = IrcClient::guest(server.irc(), "alice", "");
    for (address, name) in [(server.plain(), "plain"), (server.json(), "json"), (server.irc(), "irc")] {
        let mut page = PlainClient::raw(address, name);
        page.send_piece("POST / HTTP/1.1\r\nHost: localhost\r\n\r\nevil\nhello\n");
        assert!(page.expect_end().contains("This is a chat server and not a web server"), "{name}");
    }
    alice.send("PING done");
    alice.expect("PONG");
    assert!(alice.shown("evil").is_empty());
}

#[test]
fn what_is_pasted_into_nc_is_answered_line_by_line_in_its_order() {
    let server = Server::start();
    let mut zoe = PlainClient::raw(server.plain(), "zoe");
    zoe.send_piece("zoe\n/register a long password\nfirst\n/nosuch\n@\n/ls\nlast\nexit\n");
    for answer in
        ["Welcome", "zoe is yours", "<zoe> first", "/nosuch", "@nick text", "1 on #lobby", "<zoe> last"]
    {
        zoe.expect(answer);
    }
    assert!(zoe.expect_end().contains("Goodbye"));
}

#[test]
fn json_objects_may_be_cut_anywhere() {
    let server = Server::start();
    let mut alice = IrcClient::guest(server.irc(), "alice", "");
    let mut bob = JsonClient::login(server.json(), "bob", None);
    let text = "größe {\"}\" 日本";
    let two =
        format!("{}  {}", json!({ "type": "broadcast", "msg": text }), json!({ "type": "ls", "msg": null }));
    for byte in two.as_bytes() {
        bob.send_bytes(&[*byte]);
    }
    assert_eq!(bob.expect("broadcast")["text"], text);
    assert_eq!(bob.expect("ls")["users"], json!(["alice", "bob"]));
    alice.expect(text);
}

#[test]
fn json_mistakes_are_answered_and_the_connection_stays() {
    let server = Server::start();
    let mut bob = JsonClient::login(server.json(), "bob", None);
    for mistake in ["{\"type\":\"zork\"}", "not an object\n", "{\"type\":\"broadcast\",\"msg\":7}"] {
        bob.send_bytes(mistake.as_bytes());
        let error = bob.expect("error");
        assert!(error["msg"].is_string() && error["code"].is_string(), "{mistake}: {error}");
    }
    bob.say("still here");
    bob.expect_containing("still here");
    let endless = format!("{{\"type\":\"broadcast\",\"msg\":\"{}", "x".repeat(100_000));
    bob.send_bytes(endless.as_bytes());
    bob.expect("error");
    bob.expect_end();
}

#[test]
fn a_flood_is_read_later_and_not_dropped() {
    let more = "[limits]\nflood_burst = 5\nflood_rate = 100\n".into();
    let server = Server::with(Config { more, ..Config::default() });
    let mut bob = IrcClient::guest(server.irc(), "bob", "");
    let mut alice = IrcClient::guest(server.irc(), "alice", "");
    let lines: Vec<String> = (0..60).map(|number| format!("PRIVMSG #lobby :number {number}.")).collect();
    alice.send(&lines.join("\r\n"));
    for number in 0..60 {
        let line = bob.expect("PRIVMSG");
        assert_eq!(line.text(), format!("number {number}."));
    }
}

#[test]
fn far_over_the_flood_limit_the_session_is_closed_with_a_reason() {
    let more = "[limits]\nreceive_queue = \"8 KiB\"\n".into();
    let server = Server::with(Config { more, ..Config::default() });
    let mut bob = IrcClient::guest(server.irc(), "bob", "");
    let mut alice = IrcClient::guest(server.irc(), "alice", "");
    alice.send(&"PRIVMSG #lobby :far too much\r\n".repeat(1000));
    let end = alice.expect_end();
    assert!(end.contains("ERROR :"), "{end}");
    bob.expect("alice!");
    bob.expect("QUIT");
}

#[test]
fn one_who_does_not_read_is_closed_and_the_others_notice_nothing() {
    const BATCHES: usize = 300;
    let more = "[limits]\nflood = false\nsend_queue = \"64 KiB\"\n".into();
    let server = Server::with(Config { more, ..Config::default() });
    let _slow = IrcClient::guest(server.irc(), "slow", "");
    let mut bob = IrcClient::guest(server.irc(), "bob", "");
    let mut alice = IrcClient::guest(server.irc(), "alice", "");
    let batch = format!("PRIVMSG #lobby :{}\r\n", "x".repeat(400)).repeat(100);
    let mut left = false;
    for number in 0..BATCHES {
        alice.send(&format!("{batch}PRIVMSG #lobby :batch {number}."));
        let line =
            bob.expect_where(|line| line.text() == format!("batch {number}.") || line.command == "QUIT");
        left = line.command == "QUIT";
        if left {
            assert!(line.source.starts_with("slow!"), "{line:?}");
            break;
        }
    }
    assert!(left, "the one who reads nothing is closed at last");
    let rows = admin(&server, &["list", "--json"]).expect_status(0).rows();
    assert_eq!(rows.len(), 2, "{rows:?}");
}

#[test]
fn every_refusal_is_in_the_log_also_those_that_a_face_makes_itself() {
    let server = Server::start();
    let mut bob = JsonClient::login(server.json(), "bob", None);
    bob.send(&json!({ "type": "sendto", "nickname": "alice,carol", "msg": "a list is no nickname" }));
    assert_eq!(bob.expect("single")["success"], json!(false));
    assert!(server.log().contains("code=\"NO_SUCH_NICK\""), "{}", server.log());
    let mut alice = IrcClient::guest(server.irc(), "alice", "");
    alice.send("CAP NONSENSE");
    alice.expect(" 410 ");
    assert!(server.log().contains("code=\"INVALID_CAP_COMMAND\""), "{}", server.log());
}
