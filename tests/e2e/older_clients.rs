//! Programs of the older protocols, which take what one read brings for one whole thing: an object, or a text.

use crate::harness::{Config, DEADLINE, IrcClient, Server};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

/// What such a program does: `recv(1024)`, and then `json.loads` or `decode`.
struct OlderClient(TcpStream);

impl OlderClient {
    fn connect(address: SocketAddr) -> Self {
        let socket = TcpStream::connect(address).expect("the server listens");
        socket.set_read_timeout(Some(DEADLINE)).expect("a time limit is no problem");
        Self(socket)
    }

    fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).expect("the server reads");
    }

    fn read_text(&mut self) -> String {
        let mut buffer = [0; 1024];
        let count = self.0.read(&mut buffer).expect("the server says something");
        assert!(count > 0, "the server closed the connection");
        String::from_utf8(buffer[..count].to_vec()).expect("what one read brings is text")
    }

    fn read_object(&mut self) -> Value {
        let text = self.read_text();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: one object in one read: {text}"))
    }
}

#[test]
fn what_answers_a_json_client_comes_alone() {
    let server = Server::start();
    let mut bob = OlderClient::connect(server.json());
    assert_eq!(bob.read_object()["type"], "welcome");
    bob.send(json!({"type": "login", "msg": "bob"}).to_string().as_bytes());
    assert_eq!(bob.read_object()["success"], true);
    for (sent, answered) in [("ls", "ls"), ("help", "help"), ("ignore", "ignore"), ("zork", "error")] {
        bob.send(json!({"type": sent, "msg": null}).to_string().as_bytes());
        assert_eq!(bob.read_object()["type"], answered);
    }
    bob.send(json!({"type": "ignore", "msg": null}).to_string().as_bytes());
    assert_eq!(bob.read_object()["muted"], false);
    bob.send(json!({"type": "broadcast", "msg": "hello"}).to_string().as_bytes());
    assert_eq!(bob.read_object()["text"], "hello");
}

#[test]
fn a_further_session_is_answered_by_one_object() {
    let server = Server::start();
    let mut alice = IrcClient::guest(server.irc(), "alice", "");
    alice.send("PRIVMSG NickServ :REGISTER secret");
    alice.expect(" 900 ");
    let mut script = OlderClient::connect(server.json());
    assert_eq!(script.read_object()["type"], "welcome");
    script.send(json!({"type": "login", "msg": "alice", "password": "secret"}).to_string().as_bytes());
    assert_eq!(script.read_object()["account"], "alice");
    alice.send("PRIVMSG #lobby :hello");
    assert_eq!(script.read_object()["text"], "hello");
}

#[test]
fn a_guest_of_a_room_that_speaks_chinese_reads_whole_characters() {
    let server = Server::with(Config { guest: true, ..Config::default() });
    let mut alice = IrcClient::guest(server.irc(), "alice", "echo-message");
    let line = "聊天室里的每个人都说中文".repeat(10);
    for _ in 0..20 {
        alice.send(&format!("PRIVMSG #lobby :{line}"));
        alice.expect("PRIVMSG #lobby");
    }
    let mut guest = OlderClient::connect(server.plain());
    assert!(guest.read_text().contains("Welcome"));
    guest.send("你好".as_bytes());
    alice.expect("PRIVMSG #lobby :你好");
    alice.send("PRIVMSG #lobby :你也好");
    let text = guest.read_text();
    assert!(text.contains("<alice> 你也好") && text.lines().count() == 1, "{text}");
}
