//! What an operator does from the shell, and what those concerned see of it.

use crate::harness::{Config, Finished, IrcClient, JsonClient, PlainClient, Server, admin, admin_with_input};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

#[test]
fn kick_shows_its_reason_through_every_face() {
    let server = Server::start();
    let mut irc = IrcClient::guest(server.irc(), "alice", "");
    let mut plain = PlainClient::guest(server.plain(), "bob");
    let mut json = JsonClient::login(server.json(), "carol", None);
    for nick in ["alice", "bob", "carol"] {
        admin(&server, &["kick", nick, "enough", "of", nick]).expect_status(0);
    }
    for (nick, end) in
        [("alice", irc.expect_end()), ("bob", plain.expect_end()), ("carol", json.expect_end())]
    {
        assert!(end.contains(&format!("enough of {nick}")), "{end}");
    }
    assert_eq!(admin(&server, &["list", "--json"]).expect_status(0).stdout, "");
}

#[test]
fn a_ban_puts_out_keeps_out_and_can_be_lifted() {
    let server = Server::start();
    let mut mallory = IrcClient::guest(server.irc(), "mallory", "");
    admin(&server, &["ban", "mallory", "knows", "why"]).expect_status(0);
    assert!(mallory.expect_end().contains("knows why"));
    let mut mallory = PlainClient::raw(server.plain(), "mallory");
    mallory.send("mallory");
    mallory.expect("knows why");
    admin(&server, &["unban", "mallory"]).expect_status(0);
    PlainClient::guest(server.plain(), "mallory");
    admin(&server, &["unban", "mallory"]).expect_status(1);
}

#[test]
fn say_speaks_in_the_name_of_the_server() {
    let server = Server::start();
    let mut alice = IrcClient::guest(server.irc(), "alice", "");
    let mut bob = PlainClient::guest(server.plain(), "bob");
    admin(&server, &["say", "#lobby", "down", "for", "tea", "at", "five"]).expect_status(0);
    alice.expect("down for tea at five");
    bob.expect("down for tea at five");
    admin(&server, &["say", "bob", "and", "you", "only"]).expect_status(0);
    bob.expect("and you only");
    assert_eq!(alice.count("and you only"), 0);
    admin(&server, &["say", "#nowhere", "hello"]).expect_status(1);
}

#[test]
fn whispers_are_not_shown_to_operators_unless_asked_for_and_audited() {
    let server = Server::start();
    let mut alice = IrcClient::guest(server.irc(), "alice", "echo-message");
    let _bob = IrcClient::guest(server.irc(), "bob", "");
    alice.say("bob", "between us");
    alice.expect("between us");
    let history = |more: &[&str]| admin(&server, &[&["history", "--json", "-n", "100"], more].concat());
    assert!(!history(&[]).expect_status(0).stdout.contains("between us"));
    assert!(!audit(&server).stdout.contains("whispers"));
    assert!(history(&["--whispers"]).expect_status(0).stdout.contains("between us"));
    assert!(audit(&server).stdout.contains("whispers"));
}

fn audit(server: &Server) -> Finished {
    admin(server, &["audit", "--json"]).expect_status(0)
}

#[test]
fn accounts_can_be_made_changed_and_deleted() {
    let server = Server::start();
    admin_with_input(&server, &["user", "add", "alice"], "first\n").expect_status(0);
    admin_with_input(&server, &["user", "add", "alice"], "first\n").expect_status(1);
    IrcClient::owner(server.irc(), "alice", "first", "");
    admin_with_input(&server, &["user", "passwd", "alice"], "second\n").expect_status(0);
    PlainClient::owner(server.plain(), "alice", "second");
    admin(&server, &["user", "delete", "alice"]).expect_status(0);
    PlainClient::guest(server.plain(), "alice");
    assert_eq!(admin(&server, &["user", "list", "--json"]).expect_status(0).stdout, "");
    let log = server.log();
    for password in ["first", "second"] {
        assert!(!log.contains(password) && !audit(&server).stdout.contains(password));
    }
}

#[test]
fn the_exit_status_tells_what_happened_and_files_are_read_without_a_server() {
    let mut server = Server::start();
    let mut alice = IrcClient::guest(server.irc(), "alice", "echo-message");
    alice.say("#lobby", "for later");
    alice.expect("for later");
    admin(&server, &["kick", "nobody"]).expect_status(1);
    admin(&server, &["kick"]).expect_status(2);
    server.stop();
    admin(&server, &["kick", "alice"]).expect_status(3);
    assert!(admin(&server, &["history", "--json"]).expect_status(0).stdout.contains("for later"));
    for offline in [&["audit"][..], &["bans"], &["user", "list"]] {
        admin(&server, offline).expect_status(0);
    }
}

#[test]
fn the_server_is_found_by_its_configuration_too() {
    let server = Server::start();
    let mut command = Command::new(env!("CARGO_BIN_EXE_chat-admin"));
    command.arg("list").arg("--config").arg(server.config_file());
    crate::harness::run(command, "").expect_status(0);
}

#[test]
fn a_backup_of_a_busy_server_is_a_room_that_can_be_opened() {
    let server = Server::start();
    let mut alice = IrcClient::guest(server.irc(), "alice", "echo-message");
    for number in 0..20 {
        alice.say("#lobby", &format!("before {number}."));
    }
    alice.expect("before 19.");
    let copies = tempfile::tempdir().expect("a temporary folder can be made");
    let copy = copies.path().join("chat.db");
    let busy = AtomicBool::new(true);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while busy.load(Ordering::SeqCst) {
                alice.say("#lobby", "meanwhile");
                alice.expect("meanwhile");
            }
        });
        let copied = admin(&server, &["backup", &copy.display().to_string()]);
        busy.store(false, Ordering::SeqCst);
        copied.expect_status(0);
    });
    assert!(audit(&server).stdout.contains(r#""kind":"backup""#));
    let config = Config { data_dir: Some(copies.path().into()), ..Config::default() };
    let restored = Server::with(config);
    let history = admin(&restored, &["history", "--json", "-n", "1000000"]).expect_status(0).stdout;
    for number in 0..20 {
        assert!(history.contains(&format!("before {number}.")), "{number}");
    }
}
