//! A chat-server of one's own, in a folder of its own.

use super::program::{server_path, wait};
use super::{DEADLINE, LOOK_AGAIN};
use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Instant;
use tempfile::TempDir;

/// What a test wants changed in the configuration.
pub(crate) struct Config {
    /// More lines under `[server]`.
    pub(crate) server: String,
    /// More tables.
    pub(crate) more: String,
    /// Instead of a folder inside the server's own.
    pub(crate) data_dir: Option<PathBuf>,
    /// Whether the plain and json listeners ask nothing.
    pub(crate) guest: bool,
    /// Ports of irc, plain and json; 0 is any.
    pub(crate) ports: [u16; 3],
}

impl Default for Config {
    fn default() -> Self {
        Self {
            server: String::new(),
            more: "[limits]\nflood = false\n".into(),
            data_dir: None,
            guest: false,
            ports: [0; 3],
        }
    }
}

impl Config {
    /// The file.
    pub(crate) fn text(&self, data_dir: &Path) -> String {
        let mut text = format!("[server]\nname = \"irc.test\"\ndata_dir = {data_dir:?}\n{}\n", self.server);
        for (protocol, port) in ["irc", "plain", "json"].iter().zip(self.ports) {
            let guest = self.guest && *protocol != "irc";
            text += &format!(
                "[[listen]]
protocol = \"{protocol}\"
address = \"127.0.0.1:{port}\"
"
            );
            text += if guest {
                "guest = true
"
            } else {
                ""
            };
        }
        text + &self.more
    }
}

/// A running server. Dropping it kills it and removes its folder; a failing test shows its log first.
pub(crate) struct Server {
    config: Config,
    folder: TempDir,
    running: Running,
}

struct Running {
    child: Child,
    addresses: BTreeMap<String, SocketAddr>,
}

impl Server {
    /// Starts one with the usual configuration: all faces, no flood limit.
    pub(crate) fn start() -> Self {
        Self::with(Config::default())
    }

    /// Starts one.
    pub(crate) fn with(config: Config) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let running = spawn(&config, folder.path());
        Self { config, folder, running }
    }

    /// Stops it as an operator would, and checks that it ends in order.
    pub(crate) fn stop(&mut self) {
        self.signal(Signal::TERM);
        self.expect_exit(0);
    }

    /// Waits until it has ended with this status.
    pub(crate) fn expect_exit(&mut self, expected: i32) {
        let status = wait(&mut self.running.child, server_path().as_os_str());
        assert_eq!(status, expected, "the exit status of the server");
    }

    /// Kills it as a power cut would.
    pub(crate) fn kill(&mut self) {
        self.running.child.kill().expect("the server is ours");
        self.running.child.wait().expect("the server is ours");
    }

    /// Starts it again after [`Self::stop`] or [`Self::kill`], on other ports unless they are fixed.
    pub(crate) fn start_again(&mut self) {
        self.running = spawn(&self.config, self.folder.path());
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.running.child), signal).expect("the server is ours");
    }

    /// Changes its configuration while it runs.
    pub(crate) fn reload(&mut self, more: &str) {
        self.config.more = more.to_owned();
        fs::write(self.config_file(), self.config.text(&self.data_dir())).expect("the folder is ours");
        self.signal(Signal::HUP);
    }

    /// Memory that it takes at the moment.
    pub(crate) fn resident_bytes(&self) -> u64 {
        let path = format!("/proc/{}/status", self.pid());
        let status = std::fs::read_to_string(path).expect("the server runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("Linux tells it");
        let kib: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number of KiB");
        kib * 1024
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.running.child.id()
    }

    /// Where it speaks IRC.
    pub(crate) fn irc(&self) -> SocketAddr {
        self.running.addresses["irc"]
    }

    /// Where it speaks plain text.
    pub(crate) fn plain(&self) -> SocketAddr {
        self.running.addresses["plain"]
    }

    /// Where it speaks JSON.
    pub(crate) fn json(&self) -> SocketAddr {
        self.running.addresses["json"]
    }

    /// Where it speaks over WebSocket, if it was told to.
    pub(crate) fn websocket(&self) -> SocketAddr {
        self.running.addresses["WebSocket"]
    }

    /// Where it speaks IRC over TLS, if it was told to.
    pub(crate) fn tls(&self) -> SocketAddr {
        self.running.addresses["TLS"]
    }

    /// Where it serves its metrics, if it was told to.
    pub(crate) fn metrics(&self) -> SocketAddr {
        self.running.addresses["metrics"]
    }

    /// Where its database and admin socket are.
    pub(crate) fn data_dir(&self) -> PathBuf {
        data_dir(&self.config, self.folder.path())
    }

    /// Its configuration file.
    pub(crate) fn config_file(&self) -> PathBuf {
        self.folder.path().join("chat-server.toml")
    }

    /// A folder that lives as long as the server, for the files of clients.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Waits until it has logged this.
    pub(crate) fn expect_log(&self, text: &str) {
        let deadline = Instant::now() + DEADLINE;
        while !self.log().contains(text) {
            assert!(Instant::now() < deadline, "the log should say \"{text}\"");
            thread::sleep(LOOK_AGAIN);
        }
    }

    /// Everything that it has logged since the first start.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).expect("the log was made at the start")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("the log of the server:\n{}", self.log());
        }
        // It may have ended already.
        let _ = self.running.child.kill();
        let _ = self.running.child.wait();
    }
}

fn data_dir(config: &Config, folder: &Path) -> PathBuf {
    config.data_dir.clone().unwrap_or_else(|| folder.join("data"))
}

fn spawn(config: &Config, folder: &Path) -> Running {
    let file = folder.join("chat-server.toml");
    fs::write(&file, config.text(&data_dir(config, folder))).expect("the folder is ours");
    let log_file = folder.join("log");
    let log = File::options().create(true).append(true).open(&log_file).expect("the folder is ours");
    let mut child = Command::new(server_path())
        .arg("--config")
        .arg(&file)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .expect("cargo has built chat-server");
    let lines = lines(child.stdout.take().expect("it is piped"));
    match read_addresses(&lines) {
        Some(addresses) => Running { child, addresses },
        None => {
            let _ = child.kill();
            let _ = child.wait();
            panic!(
                "the server was not ready in time; its log:\n{}",
                fs::read_to_string(log_file).unwrap_or_default()
            )
        }
    }
}

/// Reads in a thread, so that waiting for a line can have a deadline. The thread ends with the server.
fn lines(stdout: ChildStdout) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            // Nobody listens any more after `ready`; reading goes on so that the server never waits.
            let _ = sender.send(line);
        }
    });
    lines
}

/// Takes `listening PROTOCOL ADDRESS` and `listening PROTOCOL ADDRESS over WebSocket` until `ready`; nothing if the server ends before, or takes too long.
fn read_addresses(lines: &Receiver<String>) -> Option<BTreeMap<String, SocketAddr>> {
    let mut addresses = BTreeMap::new();
    loop {
        let line = lines.recv_timeout(DEADLINE).ok()?;
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["ready"] => return Some(addresses),
            // The admin socket has a path instead of an address.
            ["listening", name, address] | ["listening", _, address, "over" | "with", name] => {
                if let Ok(address) = address.parse() {
                    addresses.insert((*name).to_owned(), address);
                }
            }
            _ => {}
        }
    }
}
