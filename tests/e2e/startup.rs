//! How the server starts, and how it says what keeps it from starting.

use crate::harness::{Config, Finished, Server, admin, run, server_path, wait};
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs the server where it is expected to end by itself.
fn server(arguments: &[&str]) -> Finished {
    let mut command = Command::new(server_path());
    command.args(arguments);
    run(command, "")
}

fn with_config(folder: &Path, text: &str, arguments: &[&str]) -> Finished {
    let file = folder.join("chat-server.toml");
    fs::write(&file, text).expect("the folder is ours");
    let file = file.display().to_string();
    server(&[&["--config", &file], arguments].concat())
}

/// One line, which says this.
fn check_error(finished: Finished, status: i32, says: &[&str]) {
    let finished = finished.expect_status(status);
    for text in says {
        assert!(finished.stderr.contains(text), "it should say \"{text}\": {finished:?}");
    }
    assert_eq!(finished.stdout, "", "it is not ready");
}

#[test]
fn a_wrong_configuration_is_refused_by_the_name_of_its_key() {
    const WRONG: &[(&str, &[&str])] = &[
        ("[server]\nlobi = \"#x\"\n", &["lobi", "lobby"]),
        ("[sever]\n", &["sever", "server"]),
        ("[server]\nlobby = 7\n", &["lobby"]),
        ("[server]\nname = \"no dots or spaces\"\n", &["name"]),
        ("[history]\nretention = \"ninety days\"\n", &["retention"]),
        ("[limits]\nline = \"16 bananas\"\n", &["line"]),
        ("[accounts]\nregistration = \"maybe\"\n", &["registration"]),
        ("[[listen]]\nprotocol = \"smtp\"\naddress = \"127.0.0.1:0\"\n", &["protocol"]),
        ("[[listen]]\nprotocol = \"irc\"\naddress = \"everywhere\"\n", &["address"]),
        ("[[listen]]\nprotocol = \"irc\"\n", &["address"]),
        ("[server\n", &["chat-server.toml"]),
    ];
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (text, says) in WRONG {
        check_error(with_config(folder.path(), text, &["--check-config"]), 2, says);
        check_error(with_config(folder.path(), text, &[]), 2, says);
    }
}

#[test]
fn a_right_configuration_is_said_to_be_right() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let text = Config::default().text(&folder.path().join("data"));
    with_config(folder.path(), &text, &["--check-config"]).expect_status(0);
    assert!(!folder.path().join("data").exists(), "checking changes nothing");
}

#[test]
fn wrong_usage_and_files_that_cannot_be_read_are_refused() {
    check_error(server(&["--colour"]), 2, &["--colour"]);
    check_error(server(&["--config", "/no/such/file.toml"]), 2, &["/no/such/file.toml"]);
}

#[test]
fn a_busy_port_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("some port is free");
    let address = taken.local_addr().expect("it is bound").to_string();
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let text = format!(
        "[server]\ndata_dir = {:?}\n[[listen]]\nprotocol = \"irc\"\naddress = \"{address}\"\n",
        folder.path().join("data")
    );
    check_error(with_config(folder.path(), &text, &[]), 1, &[&address]);
}

#[test]
fn a_second_server_on_the_same_data_directory_is_refused() {
    let first = Server::start();
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let text = Config::default().text(&first.data_dir());
    let data_dir = first.data_dir().display().to_string();
    check_error(with_config(folder.path(), &text, &[]), 1, &[&data_dir]);
}

#[test]
fn an_admin_socket_at_which_somebody_answers_is_left_alone() {
    let first = Server::start();
    let socket = first.data_dir().join("admin.sock");
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let mut text = Config::default().text(&folder.path().join("data"));
    text += &format!("[admin]\nsocket = {socket:?}\n");
    check_error(with_config(folder.path(), &text, &[]), 1, &["answers at", "admin.sock"]);
    admin(&first, &["list"]).expect_status(0);
}

#[test]
fn a_socket_that_a_dead_server_has_left_is_taken_away() {
    let mut server = Server::start();
    server.kill();
    assert!(server.data_dir().join("admin.sock").exists());
    server.start_again();
    admin(&server, &["list"]).expect_status(0);
}

#[test]
fn an_admin_socket_that_was_lost_is_made_again_by_a_reload() {
    let mut server = Server::start();
    fs::remove_file(server.data_dir().join("admin.sock")).expect("it is ours");
    admin(&server, &["list"]).expect_status(3);
    server.signal(Signal::HUP);
    server.expect_log("the admin socket was gone, and was made again");
    admin(&server, &["list"]).expect_status(0);
    server.stop();
    assert!(!server.data_dir().join("admin.sock").exists());
}

/// A server whose certificate is a pipe starts only as far as somebody writes into that.
#[test]
fn a_reload_that_is_asked_for_too_early_is_no_end() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let (pipe, data_dir) = (folder.path().join("pipe"), folder.path().join("data"));
    let made = Command::new("mkfifo").arg(&pipe).status().expect("mkfifo is part of every system");
    assert!(made.success());
    let file = folder.path().join("chat-server.toml");
    let text = format!(
        "[server]\ndata_dir = {data_dir:?}\n[[listen]]\nprotocol = \"irc\"\naddress = \"127.0.0.1:0\"\n\
         tls = {{ certificate = {pipe:?}, key = {pipe:?} }}\n"
    );
    fs::write(&file, text).expect("the folder is ours");
    let mut child = Command::new(server_path())
        .arg("--config")
        .arg(&file)
        .stderr(Stdio::piped())
        .spawn()
        .expect("cargo has built chat-server");
    // Opening a pipe waits for whoever reads it: from here on the server is amid its start.
    let certificate = fs::OpenOptions::new().write(true).open(&pipe).expect("the server reads it");
    kill_process(Pid::from_child(&child), Signal::HUP).expect("it is ours");
    drop(certificate);
    // There was no certificate in the pipe, and that is what ends it.
    assert_eq!(wait(&mut child, server_path().as_os_str()), 1);
}

#[test]
fn a_database_of_a_newer_version_is_refused_and_not_touched() {
    // Where SQLite keeps `user_version`: file format, section 1.3.
    const USER_VERSION: std::ops::Range<usize> = 60..64;
    let mut server = Server::start();
    server.stop();
    let database = server.data_dir().join("chat.db");
    let mut bytes = fs::read(&database).expect("the server made it");
    bytes[USER_VERSION].copy_from_slice(&9999_u32.to_be_bytes());
    fs::write(&database, &bytes).expect("the file is ours");
    let config = server.config_file().display().to_string();
    check_error(self::server(&["--config", &config]), 1, &["newer", "chat.db"]);
    assert_eq!(fs::read(&database).expect("it is still there"), bytes, "not a byte was changed");
}

#[test]
fn a_database_that_others_could_read_is_private_again() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut server = Server::start();
    server.stop();
    let database = server.data_dir().join("chat.db");
    fs::set_permissions(&database, fs::Permissions::from_mode(0o644)).expect("it is ours");
    fs::set_permissions(server.data_dir(), fs::Permissions::from_mode(0o755)).expect("it is ours");
    server.start_again();
    let mode = fs::metadata(&database).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    let log = server.log();
    assert!(log.contains("others could read this file; it is private now"), "{log}");
    assert!(log.contains("others may enter the data directory"), "{log}");
}

#[test]
fn files_are_private_to_the_user_of_the_server() {
    use std::os::unix::fs::PermissionsExt as _;
    let server = Server::start();
    let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(&server.data_dir()), 0o700);
    for file in ["chat.db", "admin.sock"] {
        assert_eq!(mode(&server.data_dir().join(file)), 0o600, "{file}");
    }
}
