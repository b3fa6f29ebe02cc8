//! chat-client in a pipe: it sends the lines, says how that went, and ends.

use crate::harness::{DEADLINE, Finished, IrcClient, LOOK_AGAIN, Server, Terminal, client_path, run, wait};
use rustix::process::{Pid, Signal, kill_process};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Runs chat-client in a home of its own, with these lines on its standard input.
pub(crate) fn client(server: &Server, arguments: &[&str], input: &str) -> Finished {
    run(command(server, arguments), input)
}

pub(crate) fn command(server: &Server, arguments: &[&str]) -> Command {
    let mut command = Command::new(client_path());
    let home = server.folder().join("script");
    command.env("LC_ALL", "C").env("HOME", home).env_remove("XDG_CONFIG_HOME").env_remove("XDG_STATE_HOME");
    command.args(arguments);
    command
}

#[test]
fn lines_from_a_pipe_are_sent_and_confirmed() {
    let server = Server::start();
    let mut alice = IrcClient::guest(server.irc(), "alice", "");
    let target = format!("script@{}", server.irc());
    client(&server, &[&target], "first line\n@alice psst\nsecond line\n").expect_status(0);
    for text in ["#lobby :first line", "alice :psst", "#lobby :second line"] {
        assert_eq!(alice.count(&format!("PRIVMSG {text}")), 1, "{text}");
    }
}

#[test]
fn a_refused_line_is_told_by_the_exit_status() {
    let server = Server::start();
    let mut alice = IrcClient::guest(server.irc(), "alice", "");
    let target = format!("script@{}", server.irc());
    let finished = client(&server, &[&target], "@nobody psst\n/zork\nlast line\n").expect_status(1);
    assert!(finished.stderr.contains("nobody"), "{finished:?}");
    assert!(alice.shown("zork").is_empty(), "a line with a slash is never sent");
    assert_eq!(alice.count("last line"), 1);
}

#[test]
fn json_shows_what_the_client_sees() {
    let server = Server::start();
    let target = format!("script@{}", server.irc());
    let finished = client(&server, &["--json", &target], "from a pipe\n").expect_status(0);
    let said: Vec<_> = finished.rows().into_iter().filter(|row| row["text"] == "from a pipe").collect();
    let [said] = said.as_slice() else { panic!("it is shown once: {finished:?}") };
    assert_eq!((&said["type"], &said["nick"]), (&"message".into(), &"script".into()));
    assert!(said["id"].is_string(), "{said}");
}

#[test]
fn whoever_is_terminated_says_goodbye() {
    let server = Server::start();
    let mut alice = IrcClient::guest(server.irc(), "alice", "");
    for signal in [Signal::TERM, Signal::HUP] {
        let mut command = command(&server, &[&format!("script@{}", server.irc())]);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().expect("chat-client was built");
        alice.expect_where(|line| line.command == "JOIN" && line.source.starts_with("script!"));
        kill_process(Pid::from_child(&child), signal).expect("the client is ours");
        assert_eq!(wait(&mut child, "chat-client".as_ref()), 1, "there may have been more to say");
        let quit = alice.expect_where(|line| line.command == "QUIT");
        assert_eq!(quit.text(), "Quit: leaving");
    }
}

#[test]
fn a_simple_terminal_shows_what_is_typed_again_after_ctrl_c() {
    let server = Server::start();
    let client = client_path().display();
    let line = format!("trap : INT; TERM=dumb {client} alice@{}; stty -a", server.irc());
    let terminal = Terminal::start(&server.folder().join("alice"), "/bin/sh".as_ref(), &["-c", &line]);
    terminal.expect("now talking to #lobby");
    terminal.type_line("/password");
    terminal.expect("password of alice");
    terminal.type_keys(&["C-c"]);
    terminal.expect("never mind then");
    terminal.type_line("seen again");
    terminal.expect("<alice> seen again");
    terminal.type_keys(&["C-c"]);
    let settings = terminal.expect("echoe");
    assert!(settings.contains(" echo "), "{settings}");
}

#[test]
fn no_bell_is_written_into_a_file() {
    let server = Server::start();
    let folder = server.folder().join("alice");
    let line = format!("{} alice@{} > seen", client_path().display(), server.irc());
    let mut bob = IrcClient::guest(server.irc(), "bob", "");
    let terminal = Terminal::start(&folder, "/bin/sh".as_ref(), &["-c", &line]);
    bob.expect_where(|line| line.command == "JOIN" && line.source.starts_with("alice!"));
    bob.say("alice", "psst");
    bob.say("#lobby", "alice: hello");
    let deadline = Instant::now() + DEADLINE;
    let seen = loop {
        let seen = std::fs::read_to_string(folder.join("seen")).unwrap_or_default();
        if seen.contains("alice: hello") {
            break seen;
        }
        assert!(Instant::now() < deadline, "{seen}\n{}", terminal.screen());
        std::thread::sleep(LOOK_AGAIN);
    };
    assert!(seen.contains("[bob -> alice] psst") && !seen.contains('\u{7}'), "{seen:?}");
}

#[test]
fn a_server_that_is_not_there_and_wrong_usage_have_their_own_status() {
    let mut server = Server::start();
    let target = format!("script@{}", server.irc());
    server.stop();
    client(&server, &[&target], "hello\n").expect_status(3);
    client(&server, &["--colour"], "").expect_status(2);
}
