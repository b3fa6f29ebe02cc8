//! Signals: an orderly end, and a configuration read again.

use crate::harness::{Config, DEADLINE, IrcClient, JsonClient, LOOK_AGAIN, PlainClient, Server};
use rustix::process::Signal;
use std::fs;
use std::thread;
use std::time::Instant;

#[test]
fn sigterm_tells_every_client_and_loses_nothing() {
    let mut server = Server::start();
    let mut irc = IrcClient::guest(server.irc(), "alice", "draft/chathistory batch message-tags server-time");
    let mut plain = PlainClient::guest(server.plain(), "bob");
    let mut json = JsonClient::login(server.json(), "carol", None);
    irc.say("#lobby", "last words");
    plain.expect("last words");
    json.expect_containing("last words");
    server.stop();
    assert!(irc.expect_end().contains("ERROR :"), "IRC is told");
    let told = plain.expect_end();
    assert!(told.contains("server is going down"), "plain text is told: {told}");
    let told = json.expect_end();
    assert!(told.contains("server is going down"), "JSON is told: {told}");

    server.start_again();
    let mut irc = IrcClient::guest(server.irc(), "alice", "draft/chathistory batch message-tags server-time");
    let said = irc.whole_history("#lobby", None);
    assert_eq!(said.iter().filter(|line| line.text() == "last words").count(), 1);
}

#[test]
fn ctrl_c_ends_it_in_order_too() {
    let mut server = Server::start();
    server.signal(Signal::INT);
    server.expect_exit(0);
}

#[test]
fn sighup_reads_the_configuration_again_and_says_what_it_cannot_change() {
    let server = Server::start();
    let data_dir = server.data_dir();
    let mut changed = Config { server: "motd = \"tea at five\"\n".into(), ..Config::default() };
    changed.more += "[[listen]]\nprotocol = \"irc\"\naddress = \"127.0.0.1:1\"\n";
    fs::write(server.config_file(), changed.text(&data_dir)).expect("the folder is ours");
    server.signal(Signal::HUP);
    wait_for_log(&server, "was read again");
    assert!(server.log().contains("[[listen]]"), "what needs a restart is named");
    let mut alice = IrcClient::guest(server.irc(), "alice", "");
    assert_eq!(alice.count("tea at five"), 1, "the message of the day was read again");

    fs::write(server.config_file(), "[server]\nlobi = \"#x\"\n").expect("the folder is ours");
    server.signal(Signal::HUP);
    wait_for_log(&server, "lobi");
    alice.sync();
}

#[test]
fn sighup_tells_who_wants_to_know_which_capabilities_go_and_come() {
    let mut server = Server::start();
    let mut alice = IrcClient::guest(server.irc(), "alice", "cap-notify");
    let mut bob = IrcClient::guest(server.irc(), "bob", "");
    server.reload("[accounts]\nregistration = \"closed\"\n");
    alice.expect("CAP alice DEL :draft/account-registration");
    server.reload("[accounts]\nregistration = \"open\"\n");
    alice.expect("CAP alice NEW :draft/account-registration");
    assert_eq!(bob.count(" CAP "), 0, "who has not asked is not told");
}

fn wait_for_log(server: &Server, text: &str) {
    let deadline = Instant::now() + DEADLINE;
    while !server.log().contains(text) {
        assert!(Instant::now() < deadline, "the log should say \"{text}\"");
        thread::sleep(LOOK_AGAIN);
    }
}
