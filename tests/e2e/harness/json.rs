//! A script that speaks the JSON protocol.

use super::line_client::LineClient;
use serde_json::{Value, json};
use std::net::SocketAddr;

/// A connection of the JSON face.
pub(crate) struct JsonClient {
    lines: LineClient,
}

impl JsonClient {
    /// Connects and logs in, with a password if it has one.
    pub(crate) fn login(address: SocketAddr, nick: &str, password: Option<&str>) -> Self {
        let mut client = Self { lines: LineClient::connect(address, nick) };
        client.expect("welcome");
        let mut login = json!({ "type": "login", "msg": nick });
        if let Some(password) = password {
            login["password"] = password.into();
        }
        client.send(&login);
        let answer = client.expect("login");
        assert_eq!(answer["success"], true, "{nick} may log in: {answer}");
        client
    }

    /// Sends one object.
    pub(crate) fn send(&mut self, object: &Value) {
        self.send_bytes(object.to_string().as_bytes());
    }

    /// Sends something that need not be an object.
    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) {
        self.lines.send_bytes(bytes);
    }

    /// The next object; nothing once the connection has ended.
    pub(crate) fn next(&mut self) -> Option<Value> {
        Some(parse(&self.lines.next_line()?))
    }

    /// Says something to the room.
    pub(crate) fn say(&mut self, text: &str) {
        self.send(&json!({ "type": "broadcast", "msg": text }));
    }

    /// Whispers.
    pub(crate) fn whisper(&mut self, nick: &str, text: &str) {
        self.send(&json!({ "type": "sendto", "nickname": nick, "msg": text }));
    }

    /// Reads until an object of this type comes.
    pub(crate) fn expect(&mut self, kind: &str) -> Value {
        self.expect_where(kind, |object| object["type"] == kind)
    }

    /// Reads until an object contains `text`.
    pub(crate) fn expect_containing(&mut self, text: &str) -> Value {
        parse(&self.lines.expect_where(text, |line| line.contains(text)))
    }

    fn expect_where(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let line = self.lines.expect_where(what, |line| wanted(&parse(line)));
        parse(&line)
    }

    /// The nicknames that `ls` tells, which also waits for everything that was to come before.
    pub(crate) fn users(&mut self) -> Vec<String> {
        self.send(&json!({ "type": "ls", "msg": null }));
        let answer = self.expect("ls");
        let users = answer["users"].as_array().expect("ls has users");
        let mut nicks: Vec<String> = users.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        nicks.sort();
        nicks
    }

    /// How many objects so far contain `text`.
    pub(crate) fn count(&mut self, text: &str) -> usize {
        self.users();
        self.lines.containing(text).count()
    }

    /// Reads to the end of the connection; returns the last lines.
    pub(crate) fn expect_end(&mut self) -> String {
        self.lines.expect_end()
    }
}

fn parse(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("not an object ({error}): {line}"))
}
