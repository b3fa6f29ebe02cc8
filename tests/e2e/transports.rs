//! The same room through TLS and through WebSocket.

use crate::harness::{Config, DEADLINE, IrcClient, Server, admin_with_input, require_program, run};
use crate::scripts::client;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

fn with_listener(options: &str) -> Server {
    listener_of("irc", options)
}

fn listener_of(protocol: &str, options: &str) -> Server {
    let listener = format!("[[listen]]\nprotocol = \"{protocol}\"\naddress = \"127.0.0.1:0\"\n{options}\n");
    Server::with(Config { more: listener, ..Config::default() })
}

/// A file of a certificate that signed itself, for 127.0.0.1 and for these tests alone.
fn certificate_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/certificate").join(name)
}

fn with_tls() -> Server {
    let (certificate, key) = (certificate_file("certificate.pem"), certificate_file("key.pem"));
    with_listener(&format!("tls = {{ certificate = {certificate:?}, key = {key:?} }}"))
}

#[test]
fn over_tls_the_client_believes_the_named_certificate_and_no_other() {
    let certificate = certificate_file("certificate.pem").display().to_string();
    let server = with_tls();
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
fn over_tls_devices_are_told_apart_by_their_certificates() {
    require_program("openssl");
    let server = with_tls();
    admin_with_input(&server, &["user", "add", "alice"], "secret\n").expect_status(0);
    let mut bob = IrcClient::guest(server.irc(), "bob", "");
    let comes = |arguments: &[&str]| {
        let mut command = Command::new("openssl");
        command.args(["s_client", "-quiet", "-connect"]).arg(server.tls().to_string()).args(arguments);
        run(command, "PASS alice:secret\r\nNICK alice\r\nUSER alice 0 * :Alice\r\nQUIT\r\n").stdout
    };
    let (certificate, key) = (certificate_file("certificate.pem"), certificate_file("key.pem"));
    let paths = [certificate.display().to_string(), key.display().to_string()];
    let with_certificate = ["-cert", &paths[0], "-key", &paths[1]];
    assert!(comes(&with_certificate).contains(" 001 alice "));
    assert!(comes(&[]).contains(" 001 alice "), "a certificate is asked for, and not needed");
    bob.say("#lobby", "to all of them");
    assert!(comes(&[]).contains("to all of them"));
    assert!(!comes(&[]).contains("to all of them"), "it has had that");
    let shown = comes(&with_certificate);
    assert!(shown.contains("to all of them"), "the other device has not: {shown}");
    assert!(!comes(&with_certificate).contains("to all of them"));
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

#[test]
fn over_websocket_a_message_is_a_json_object() {
    let server = listener_of("json", "websocket = true");
    let mut alice = IrcClient::guest(server.irc(), "alice", "");
    let mut page = WebSocket::connect(server.websocket(), "text.ircv3.net");
    let object = |text: String| serde_json::from_str::<Value>(&text).expect("each message is one object");
    assert_eq!(object(page.read())["type"], "welcome");
    page.send(r#"{"type":"login","msg":"page"}"#);
    assert_eq!(object(page.read())["success"], true);
    page.send(r#"{"type":"broadcast","msg":"from a page"}"#);
    alice.expect("PRIVMSG #lobby :from a page");
    alice.say("#lobby", "hello page");
    let heard = object(page.read_until("hello page"));
    assert_eq!((&heard["type"], &heard["from"]), (&"broadcast".into(), &"alice".into()), "{heard}");
    // Two objects in one message are two calls.
    page.send(r#"{"type":"ls","msg":null}{"type":"nonsense","msg":null}"#);
    assert_eq!(object(page.read_until(r#""ls""#))["users"], json!(["alice", "page"]));
    assert!(object(page.read())["code"].is_string());
}

#[test]
fn over_websocket_every_end_says_why() {
    let server = with_listener("websocket = true");
    let connect = || WebSocket::connect(server.websocket(), "text.ircv3.net");
    let mut leaving = connect();
    leaving.send("QUIT :bye");
    leaving.read_until("ERROR");
    assert_eq!(leaving.read_close(), NORMAL);

    let mut closing = connect();
    closing.send_frame(CLOSE, &NORMAL.to_be_bytes());
    assert_eq!(closing.read_close(), NORMAL);

    let mut latin = connect();
    latin.send_frame(TEXT, b"caf\xe9");
    assert_eq!(latin.read_close(), BAD_TEXT);

    let mut endless = connect();
    endless.send_frame(TEXT, &[b'a'; 60_000]);
    endless.read_until("ERROR");
    assert_eq!(endless.read_close(), NORMAL);
    let mut large = connect();
    large.announce(TEXT, 70_000);
    assert_eq!(large.read_close(), TOO_LARGE);
}

#[test]
fn who_asks_a_websocket_for_a_page_is_told_what_it_is() {
    let server = with_listener("websocket = true");
    let mut browser = TcpStream::connect(server.websocket()).expect("the server listens");
    browser.set_read_timeout(Some(DEADLINE)).expect("a time limit is no problem");
    browser.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("the server reads");
    let mut answer = String::new();
    browser.read_to_string(&mut answer).expect("the server answers in text");
    assert!(answer.starts_with("HTTP/1.1 426 Upgrade Required\r\n"), "{answer}");
    assert!(answer.to_lowercase().contains("upgrade: websocket\r\n"), "{answer}");
    assert!(answer.ends_with("connect with a chat client that speaks WebSocket.\n"), "{answer}");
}

#[test]
fn pings_of_who_never_reads_cost_no_memory() {
    let server = with_listener("websocket = true");
    let mut pinging = WebSocket::connect(server.websocket(), "text.ircv3.net");
    pinging.0.set_write_timeout(Some(Duration::from_millis(200))).expect("a time limit is no problem");
    let before = server.resident_bytes();
    let mut pings = Vec::new();
    while pings.len() < 1 << 20 {
        pings.extend_from_slice(&[0x80 | PING, 0x80 | 125, 0, 0, 0, 0]);
        pings.extend_from_slice(&[b'p'; 125]);
    }
    // The server may also stop reading them: then there is nothing to keep either.
    let sent = (0..64).take_while(|_| pinging.0.write_all(&pings).is_ok()).count();
    let grown = server.resident_bytes().saturating_sub(before);
    assert!(grown < 8 << 20, "after {sent} MiB of pings the server has {grown} bytes more");
}

// Of RFC 6455, opcodes and the status that a close carries.
const TEXT: u8 = 1;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const NORMAL: u16 = 1000;
const BAD_TEXT: u16 = 1007;
const TOO_LARGE: u16 = 1009;

/// As much of RFC 6455 as a page needs.
struct WebSocket(TcpStream);

impl WebSocket {
    fn connect(address: SocketAddr, protocol: &str) -> Self {
        let mut socket = TcpStream::connect(address).expect("the server listens");
        socket.set_read_timeout(Some(DEADLINE)).expect("a time limit is no problem");
        let request = format!(
            "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\
             Sec-WebSocket-Protocol: unknown\r\nSec-WebSocket-Protocol: other, {protocol}\r\n\r\n"
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

    /// One text message.
    fn send(&mut self, text: &str) {
        self.send_frame(TEXT, text.as_bytes());
    }

    fn send_frame(&mut self, opcode: u8, payload: &[u8]) {
        self.announce(opcode, payload.len());
        self.0.write_all(payload).expect("the server reads");
    }

    /// The head of a frame; its mask is all zeros, which changes nothing.
    fn announce(&mut self, opcode: u8, length: usize) {
        let mut head = vec![0x80 | opcode];
        match (u8::try_from(length), u16::try_from(length)) {
            (Ok(length @ ..126), _) => head.push(0x80 | length),
            (_, Ok(length)) => {
                head.push(0x80 | 126);
                head.extend_from_slice(&length.to_be_bytes());
            }
            _ => {
                head.push(0x80 | 127);
                head.extend_from_slice(&(length as u64).to_be_bytes());
            }
        }
        head.extend_from_slice(&[0; 4]);
        self.0.write_all(&head).expect("the server reads");
    }

    fn read(&mut self) -> String {
        let (opcode, payload) = self.read_frame();
        assert_eq!(opcode, TEXT, "a text message");
        String::from_utf8(payload).expect("text is UTF-8")
    }

    /// The next frame, which is whole, as those of the server are.
    fn read_frame(&mut self) -> (u8, Vec<u8>) {
        let mut head = [0; 2];
        self.0.read_exact(&mut head).expect("the server says something");
        let length = match head[1] {
            126 => {
                let mut length = [0; 2];
                self.0.read_exact(&mut length).expect("a length");
                usize::from(u16::from_be_bytes(length))
            }
            length => usize::from(length),
        };
        let mut payload = vec![0; length];
        self.0.read_exact(&mut payload).expect("a payload of that length");
        assert_eq!(head[0] & 0x80, 0x80, "a whole frame");
        (head[0] & 0x0f, payload)
    }

    /// With which status the server closes the connection, which it then does.
    fn read_close(&mut self) -> u16 {
        let (opcode, payload) = self.read_frame();
        assert_eq!(opcode, CLOSE, "{}", String::from_utf8_lossy(&payload));
        let status = u16::from_be_bytes([payload[0], payload[1]]);
        // Who was asked to close answers; who asked is answered already.
        let _ = self.0.write_all(&[0x80 | CLOSE, 0x82, 0, 0, 0, 0, payload[0], payload[1]]);
        assert_eq!(self.0.read(&mut [0]).expect("an end, and no reset"), 0);
        status
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
