//! Runs programs to their end, within the deadline.

use super::{DEADLINE, LOOK_AGAIN, Server};
use serde_json::Value;
use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Instant;

/// chat-server, as built for this test.
pub(crate) fn server_path() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_chat-server"))
}

/// chat-client, as built for this test.
pub(crate) fn client_path() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_chat-client"))
}

/// What a program said, and its exit status (-1 if a signal ended it).
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Finished {
    /// Checks the exit status.
    pub(crate) fn expect_status(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// The objects of `--json`, one a line.
    pub(crate) fn rows(&self) -> Vec<Value> {
        let row = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        self.stdout.lines().map(row).collect()
    }
}

/// Runs `chat-admin` against a server.
pub(crate) fn admin(server: &Server, arguments: &[&str]) -> Finished {
    admin_with_input(server, arguments, "")
}

/// The same with something on its standard input: a password.
pub(crate) fn admin_with_input(server: &Server, arguments: &[&str], input: &str) -> Finished {
    run(admin_command(server, arguments), input)
}

/// The same, not started yet.
pub(crate) fn admin_command(server: &Server, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chat-admin"));
    command.env("LC_ALL", "C").arg("--data-dir").arg(server.data_dir()).args(arguments);
    command
}

/// Runs a program with this on its standard input.
pub(crate) fn run(mut command: Command, input: &str) -> Finished {
    let name = command.get_program().to_owned();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("cannot start {name:?}: {error}"));
    let mut stdin = child.stdin.take().expect("it is piped");
    // A program that needs no input may be gone by now.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let stdout = collect(child.stdout.take().expect("it is piped"));
    let stderr = collect(child.stderr.take().expect("it is piped"));
    let status = wait(&mut child, &name);
    Finished {
        status,
        stdout: stdout.join().expect("reading does not panic"),
        stderr: stderr.join().expect("reading does not panic"),
    }
}

/// Waits for a child within the deadline; one that does not end is killed and fails the test.
pub(crate) fn wait(child: &mut Child, name: &OsStr) -> i32 {
    let deadline = Instant::now() + DEADLINE;
    loop {
        if let Some(status) = child.try_wait().expect("the child is ours") {
            return status.code().unwrap_or(-1);
        }
        if Instant::now() > deadline {
            child.kill().expect("the child is ours");
            panic!("{name:?} did not end within {DEADLINE:?}");
        }
        thread::sleep(LOOK_AGAIN);
    }
}

fn collect(mut from: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read until an error is still worth showing.
        let _ = from.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
