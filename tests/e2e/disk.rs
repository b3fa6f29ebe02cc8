//! A full disk: nothing is lost, nobody is thrown out, and it goes on when there is room again.

use crate::harness::{Config, DEADLINE, IrcClient, LOOK_AGAIN, Server, require};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Instant;
use tempfile::TempDir;

/// A file system of 8 MiB.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn mount() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"])
            .arg(folder.path())
            .status()
            .is_ok_and(|status| status.success());
        require("mount", mounted);
        Self(folder)
    }

    /// Takes all the room that is left.
    fn fill(&self) -> PathBuf {
        let path = self.0.path().join("filler");
        let mut file = File::create(&path).expect("the disk is ours");
        while file.write_all(&[0; 4096]).is_ok() {}
        path
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily, since the server may still be closing its files.
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}

#[test]
fn a_full_disk_refuses_what_must_be_stored_and_recovers_by_itself() {
    let disk = SmallDisk::mount();
    let config = Config {
        data_dir: Some(disk.path().join("data")),
        more: "[limits]\nflood = false\ndisk_free = \"64 KiB\"\n".into(),
        ..Config::default()
    };
    let server = Server::with(config);
    let mut alice = IrcClient::guest(server.irc(), "alice", "echo-message standard-replies");
    let mut bob = IrcClient::guest(server.irc(), "bob", "");
    say_until(&mut alice, "before", true);
    let filler = disk.fill();
    say_until(&mut alice, "full", false);
    bob.send("NAMES #lobby");
    bob.expect(" 353 ");
    fs::remove_file(filler).expect("the disk is ours");
    say_until(&mut alice, "after", true);

    bob.expect("after");
    let stored = crate::harness::admin(&server, &["history", "--json", "-n", "1000000"]).expect_status(0);
    let stored: Vec<String> =
        stored.rows().iter().filter_map(|row| row["text"].as_str()).map(str::to_owned).collect();
    for text in &stored {
        assert_eq!(bob.count(&format!(":{text}")), 1, "who was there saw just what is stored");
    }
}

/// Says one thing after the other until it is shown, or until it is refused.
fn say_until(client: &mut IrcClient, what: &str, shown: bool) {
    let deadline = Instant::now() + DEADLINE;
    for number in 0.. {
        let text = format!("{what} {number}.");
        client.say("#lobby", &text);
        let answer = loop {
            let line = client.next().expect("nobody is thrown out");
            if line.text() == text || ["FAIL", "NOTICE", "404", "400"].contains(&line.command.as_str()) {
                break line;
            }
        };
        if (answer.text() == text) == shown {
            return;
        }
        assert!(Instant::now() < deadline, "{what}: the last answer was {answer:?}");
        thread::sleep(LOOK_AGAIN);
    }
}
