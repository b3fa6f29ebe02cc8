//! Places at the door: who has none is told so, and nobody has one without its being counted.

use crate::harness::{Config, DEADLINE, IrcClient, LOOK_AGAIN, Server, admin, server_path};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

/// What a server says to a new connection first.
fn greeting(address: SocketAddr) -> String {
    let mut socket = TcpStream::connect(address).expect("the server listens");
    socket.set_read_timeout(Some(DEADLINE)).expect("a time limit is no problem");
    let mut bytes = [0; 512];
    let count = socket.read(&mut bytes).expect("the server says something");
    String::from_utf8_lossy(&bytes[..count]).into_owned()
}

#[test]
fn who_has_not_shaken_hands_yet_takes_a_place_already() {
    let websocket = "[[listen]]\nprotocol = \"irc\"\naddress = \"127.0.0.1:0\"\nwebsocket = true\n";
    let limits = "[limits]\nconnections_per_address = 1\n";
    let server = Server::with(Config { more: format!("{websocket}{limits}"), ..Config::default() });
    // The two ports are looked after by tasks of their own: a greeting may be faster than a silent connection, which
    // then has no place. But sooner or later one of them is there while nobody is greeted.
    let mut silent = Vec::new();
    let deadline = Instant::now() + DEADLINE;
    loop {
        silent.push(TcpStream::connect(server.websocket()).expect("the server listens"));
        if greeting(server.plain()).contains("too many connections") {
            break;
        }
        assert!(Instant::now() < deadline, "the silent connection is counted");
        thread::sleep(LOOK_AGAIN);
    }
}

#[test]
fn who_finds_no_place_is_told_so_in_its_own_words() {
    let more = "[limits]\nconnections_per_address = 1\n".into();
    let server = Server::with(Config { more, ..Config::default() });
    let _only = IrcClient::guest(server.irc(), "alice", "");
    let refusals = [
        (server.irc(), "ERROR :Closing link: Too many connections; try again later\r\n"),
        (server.plain(), "\r\n*** There are too many connections; close one or try again later.\r\n"),
        (
            server.json(),
            "{\"type\":\"error\",\"msg\":\"There are too many connections; close one or try again later.\\r\\n\",\"code\":\"TOO_MANY_CONNECTIONS\"}\n",
        ),
    ];
    for (address, words) in refusals {
        assert_eq!(greeting(address), words);
    }
}

#[test]
fn who_comes_and_goes_without_end_is_told_to_wait() {
    let more = "[limits]\nconnection_burst = 2\nconnection_rate = 1\n".into();
    let server = Server::with(Config { more, ..Config::default() });
    for _ in 0..2 {
        assert!(greeting(server.plain()).contains("Nickname:"));
    }
    let refusals = [
        (server.irc(), "ERROR :Closing link: Too many new connections from your address; wait a minute\r\n"),
        (
            server.plain(),
            "\r\n*** There were too many new connections from your address; wait a minute and try again.\r\n",
        ),
    ];
    for (address, words) in refusals {
        assert_eq!(greeting(address), words);
    }
    server.expect_log("limit=\"connection_rate\"");
    assert_eq!(admin(&server, &["list"]).expect_status(0).stderr, "");
}

/// What Prometheus is told.
fn metrics(server: &Server) -> String {
    let mut socket = TcpStream::connect(server.metrics()).expect("the server listens");
    socket.set_read_timeout(Some(DEADLINE)).expect("a time limit is no problem");
    socket.write_all(b"GET /metrics HTTP/1.1\r\n\r\n").expect("it reads");
    let mut text = String::new();
    socket.read_to_string(&mut text).expect("it answers and closes");
    text
}

#[test]
fn every_limit_that_is_met_shows_in_the_metrics() {
    let more = "[limits]\nconnection_burst = 2\nconnection_rate = 1\nchannels_per_user = 1\n\
                stored_per_hour = \"1 MiB\"\nreceive_queue = \"4 MiB\"\nflood_burst = 10000\n\
                address_burst = \"4 MiB\"\n\
                [metrics]\naddress = \"127.0.0.1:0\"\n"
        .into();
    let server = Server::with(Config { more, ..Config::default() });
    let mut alice = IrcClient::guest(server.irc(), "alice", "");
    alice.send("JOIN #another");
    alice.expect(" 405 ");
    // Each counts for more than its text, and an hour's worth does not come back so soon.
    for _ in 0..2000 {
        alice.send(&format!("PRIVMSG #lobby :{:x<400}", ""));
    }
    alice.expect("wait a few minutes");
    let mut bob = IrcClient::guest(server.irc(), "bob", "");
    bob.send("QUIT");
    bob.expect("ERROR");
    assert!(greeting(server.plain()).contains("wait a minute"));
    let text = metrics(&server);
    assert!(text.contains("chat_refusals_total{code=\"TOO_MUCH_STORED\"} "), "in\n{text}");
    for line in [
        "chat_refusals_total{code=\"TOO_MANY_CHANNELS\"} 1",
        "chat_connections_refused_total{limit=\"connection_rate\"} 1",
        "chat_connections_closed_total{reason=\"QUIT\"} 1",
    ] {
        assert!(text.contains(line), "{line} should be in\n{text}");
    }
}

#[test]
fn a_server_that_cannot_say_that_it_is_ready_ends() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file = folder.path().join("chat-server.toml");
    let text = Config::default().text(&folder.path().join("data"));
    std::fs::write(&file, text).expect("the folder is ours");
    let mut command = Command::new(server_path());
    let mut server = command
        .arg("--config")
        .arg(&file)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the server starts");
    drop(server.stdout.take());
    let deadline = Instant::now() + DEADLINE;
    let status = loop {
        match server.try_wait().expect("the server is ours") {
            Some(status) => break status,
            None if Instant::now() < deadline => thread::sleep(LOOK_AGAIN),
            None => {
                server.kill().expect("the server is ours");
                panic!("it goes on without a port");
            }
        }
    };
    assert_eq!(status.code(), Some(1));
}
