//! How an operator watches a server that runs: its numbers for Prometheus, and its own log as it grows.

use crate::harness::{Config, DEADLINE, IrcClient, LOOK_AGAIN, Server, admin_command};
use rustix::process::Signal;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Instant;

#[test]
fn metrics_count_what_happens() {
    let more = "[limits]\nflood = false\n[metrics]\naddress = \"127.0.0.1:0\"\n";
    let server = Server::with(Config { more: more.into(), ..Config::default() });
    let mut alice = IrcClient::guest(server.irc(), "alice", "echo-message");
    let _bob = IrcClient::guest(server.irc(), "bob", "");
    for text in ["one", "two", "three"] {
        alice.say("#lobby", text);
        alice.expect(text);
    }
    alice.say("nobody", "psst");
    alice.expect(" 401 ");
    let page = page_with(server.metrics(), "chat_users 2");
    for number in [
        "chat_connections 2",
        "chat_channels 1",
        "chat_messages_total 3",
        "chat_storage_available 1",
        "chat_refusals_total{code=\"NO_SUCH_NICK\"} 1",
    ] {
        assert!(page.lines().any(|line| line == number), "{number}:\n{page}");
    }
    assert!(page.ends_with("# EOF\n"), "the page is whole:\n{page}");
    let elsewhere = get(server.metrics(), "/users");
    assert!(elsewhere.starts_with("HTTP/1.1 404 ") && elsewhere.contains("/metrics"), "{elsewhere}");
}

/// The page as soon as it has this line: who is on is counted once a second.
fn page_with(address: SocketAddr, wanted: &str) -> String {
    let deadline = Instant::now() + DEADLINE;
    loop {
        let page = get(address, "/metrics");
        assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
        if page.lines().any(|line| line == wanted) {
            return page;
        }
        assert!(Instant::now() < deadline, "{wanted} should be there:\n{page}");
        thread::sleep(LOOK_AGAIN);
    }
}

fn get(address: SocketAddr, path: &str) -> String {
    let mut scraper = TcpStream::connect(address).expect("the server listens");
    scraper.set_read_timeout(Some(DEADLINE)).expect("a time limit is no problem");
    write!(scraper, "GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").expect("the server reads");
    let mut answer = String::new();
    scraper.read_to_string(&mut answer).expect("the server answers in text");
    answer
}

#[test]
fn the_log_is_followed_from_what_was_to_what_comes() {
    let mut server = Server::start();
    server.reload("[history]\nretention = \"90d\"\n");
    server.expect_log("was read again");
    let follower = Follower::start(&server);
    follower.expect("was read again");
    server.signal(Signal::HUP);
    follower.expect("was read again");
    server.stop();
    follower.expect_end();
}

/// `chat-admin log --follow`, line by line.
struct Follower {
    child: Child,
    lines: Receiver<String>,
}

impl Follower {
    fn start(server: &Server) -> Self {
        let mut command = admin_command(server, &["log", "--follow", "--json"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("chat-admin was built");
        let stdout = child.stdout.take().expect("it is piped");
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            // The test may have seen enough.
            BufReader::new(stdout).lines().map_while(Result::ok).all(|line| sender.send(line).is_ok())
        });
        Self { child, lines }
    }

    /// Waits for an object whose text has this in it.
    fn expect(&self, text: &str) {
        loop {
            let line = self.lines.recv_timeout(DEADLINE).expect("the log is followed");
            let object: serde_json::Value = serde_json::from_str(&line).expect("a line is an object");
            if object["text"].as_str().is_some_and(|said| said.contains(text)) {
                return;
            }
        }
    }

    /// It ends with the server, and says that this was not its doing.
    fn expect_end(mut self) {
        assert_eq!(crate::harness::wait(&mut self.child, "chat-admin".as_ref()), 3);
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        // It has ended, unless the test has failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
