//! The same room through TLS and through WebSocket.

use crate::harness::{Config, DEADLINE, IrcClient, Server};
use crate::scripts::client;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;

fn with_listener(options: &str) -> Server {
    let listener = format!("[[listen]]\nprotocol = \"irc\"\naddress = \"127.0.0.1:0\"\n{options}\n");
    Server::with(Config { more: listener, ..Config::default() })
}

#[test]
fn over_tls_the_client_believes_the_named_certificate_and_no_other() {
    // A certificate that signed itself, for 127.0.0.1 and for these tests alone.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/certificate");
    let file = |name: &str| folder.join(name).display().to_string();
    let (certificate, key) = (file("certificate.pem"), file("key.pem"));
    let server = with_listener(&format!("tls = {{ certificate = {certificate:?}, key = {key:?} }}"));
    let mut alice = IrcClient::guest(server.irc(), "alice", "");
    let target = format!("ircs://script@{}", server.tls());
    client(&server, &[&target, "--tls-ca", &certificate], "sealed\n").expect_status(0);
    assert_eq!(alice.count("PRIVMSG #lobby :sealed"), 1);
    let refused = client(&server, &[&target], "not sent\n").expect_status(3);
    assert!(refused.stderr.contains("--tls-ca"), "it says what to do: {refused:?}");
    assert!(refused.stderr.contains("nobody whom this system trusts"), "{refused:?}");
    let in_the_clear = client(&server, &[&format!("ircs://script@{}", server.irc())], "").expect_status(3);
    assert!(in_the_clear.stderr.contains("this port does not speak TLS"), "{in_the_clear:?}");
    assert!(alice.shown("not sent").is_empty());
}

#[test]
fn over_websocket_a_message_is_a_line() {
    let server = with_listener("websocket = true");
    let mut alice = IrcClient::guest(server.irc(), "alice", "");
    let mut browser = WebSocket::connect(server.websocket(), "text.ircv3.net");
    browser.send("NICK browser");
    browser.send("USER browser 0 * :from a page");
    browser.read_until("366 browser #lobby");
    browser.send("PRIVMSG #lobby :from a page");
    // What the page is answered comes after what the others are shown.
    browser.send("PING done");
    browser.read_until("PONG irc.test");
    assert_eq!(alice.count("browser@127.0.0.1 PRIVMSG #lobby :from a page"), 1);
    alice.send("PRIVMSG #lobby :hello page");
    let line = browser.read_until("hello page");
    assert!(!line.ends_with(['\r', '\n']), "a message has no line end: {line:?}");
}

/// As much of RFC 6455 as a page needs.
struct WebSocket(TcpStream);

impl WebSocket {
    fn connect(address: SocketAddr, protocol: &str) -> Self {
        let mut socket = TcpStream::connect(address).expect("the server listens");
        socket.set_read_timeout(Some(DEADLINE)).expect("a time limit is no problem");
        let request = format!(
            "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\
             Sec-WebSocket-Protocol: unknown, {protocol}\r\n\r\n"
        );
        socket.write_all(request.as_bytes()).expect("the server reads");
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            socket.read_exact(&mut byte).expect("the server answers");
            answer.push(byte[0]);
        }
        let answer = String::from_utf8_lossy(&answer).to_lowercase();
        assert!(answer.starts_with("http/1.1 101"), "{answer}");
        assert!(answer.contains(&format!("sec-websocket-protocol: {protocol}")), "{answer}");
        Self(socket)
    }

    /// One text message; its mask is all zeros, which changes nothing.
    fn send(&mut self, text: &str) {
        let length = u8::try_from(text.len()).ok().filter(|length| *length < 126).expect("a short line");
        let mut frame = vec![0x81, 0x80 | length, 0, 0, 0, 0];
        frame.extend_from_slice(text.as_bytes());
        self.0.write_all(&frame).expect("the server reads");
    }

    fn read(&mut self) -> String {
        let mut head = [0; 2];
        self.0.read_exact(&mut head).expect("the server says something");
        assert_eq!(head[0], 0x81, "a whole text message");
        let length = match head[1] {
            126 => {
                let mut length = [0; 2];
                self.0.read_exact(&mut length).expect("a length");
                usize::from(u16::from_be_bytes(length))
            }
            length => usize::from(length),
        };
        let mut text = vec![0; length];
        self.0.read_exact(&mut text).expect("a text of that length");
        String::from_utf8(text).expect("text is UTF-8")
    }

    /// The first message that has this in it.
    fn read_until(&mut self, wanted: &str) -> String {
        loop {
            let line = self.read();
            if line.contains(wanted) {
                return line;
            }
        }
    }
}
