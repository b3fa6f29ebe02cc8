//! A terminal of one's own for programs that need one: a tmux server on a private socket.

use super::{DEADLINE, LOOK_AGAIN, require_program};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Instant;

/// A program in a terminal of 160 × 50.
pub(crate) struct Terminal {
    name: String,
    socket: PathBuf,
}

impl Terminal {
    /// Starts a program with `HOME` and all of its own files in `home`.
    pub(crate) fn start(home: &Path, program: &Path, arguments: &[&str]) -> Self {
        require_program("tmux");
        std::fs::create_dir_all(home).expect("the folder is ours");
        let terminal = Self { name: program.display().to_string(), socket: home.join("tmux") };
        let mut command = terminal.tmux();
        command.args(["-f", "/dev/null", "new-session", "-d", "-x", "160", "-y", "50", "-c"]).arg(home);
        command.arg("env").args(["-u", "TMUX", "LC_ALL=C.UTF-8", "XDG_CONFIG_HOME=", "XDG_STATE_HOME="]);
        command.arg(format!("HOME={}", home.display())).arg(program).args(arguments);
        // The screen of a program that has ended is still worth looking at.
        command.args([";", "set-option", "remain-on-exit", "on"]);
        let status = command.status().expect("tmux was found");
        assert!(status.success(), "tmux starts {}", terminal.name);
        terminal
    }

    fn tmux(&self) -> Command {
        let mut command = Command::new("tmux");
        // `-u`: wide and accented characters, whatever the locale of the one who tests.
        command.env_remove("TMUX").arg("-u").arg("-S").arg(&self.socket);
        command
    }

    /// Types a line and presses Enter.
    pub(crate) fn type_line(&self, text: &str) {
        self.type_keys(&["-l", "--", text]);
        self.type_keys(&["Enter"]);
    }

    /// Presses keys by their tmux names.
    pub(crate) fn type_keys(&self, keys: &[&str]) {
        let status = self.tmux().arg("send-keys").args(keys).status().expect("tmux was found");
        assert!(status.success(), "tmux types into {}", self.name);
    }

    /// What is on the screen and what has scrolled off it; long lines are one line.
    pub(crate) fn screen(&self) -> String {
        let output =
            self.tmux().args(["capture-pane", "-p", "-J", "-S", "-"]).output().expect("tmux was found");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Waits until the screen satisfies `wanted`; returns it.
    pub(crate) fn expect_where(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let screen = self.screen();
            if wanted(&screen) {
                return screen;
            }
            assert!(
                Instant::now() < deadline,
                "{} did not show {what} within {DEADLINE:?}; its screen:\n{}",
                self.name,
                screen.trim_end()
            );
            thread::sleep(LOOK_AGAIN);
        }
    }

    /// Waits until some line contains `text`.
    pub(crate) fn expect(&self, text: &str) -> String {
        self.expect_where(text, |screen| screen.contains(text))
    }

    /// How many lines contain `text` now.
    pub(crate) fn count(&self, text: &str) -> usize {
        self.screen().lines().filter(|line| line.contains(text)).count()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It is a tmux server of our own, which ends by itself when nothing runs in it any more.
        let _ = self.tmux().arg("kill-server").output();
    }
}
