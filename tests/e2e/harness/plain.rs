//! Someone at `nc`.

use super::line_client::LineClient;
use std::net::SocketAddr;

/// A connection of the plain text face.
pub(crate) struct PlainClient {
    nick: String,
    lines: LineClient,
    syncs: u32,
}

impl PlainClient {
    /// Connects and takes a nickname that nobody owns.
    pub(crate) fn guest(address: SocketAddr, nick: &str) -> Self {
        let mut client = Self::raw(address, nick);
        client.send(nick);
        client.enter()
    }

    /// Connects and takes the nickname of an account.
    pub(crate) fn owner(address: SocketAddr, nick: &str, password: &str) -> Self {
        let mut client = Self::raw(address, nick);
        client.send(nick);
        client.send(password);
        client.enter()
    }

    /// Only connects.
    pub(crate) fn raw(address: SocketAddr, nick: &str) -> Self {
        Self { nick: nick.to_owned(), lines: LineClient::connect(address, nick), syncs: 0 }
    }

    fn enter(mut self) -> Self {
        self.expect("Welcome");
        self.sync();
        self
    }

    /// Types a line.
    pub(crate) fn send(&mut self, line: &str) {
        self.send_piece(&format!("{line}\n"));
    }

    /// Sends something that need not be a line.
    pub(crate) fn send_piece(&mut self, piece: &str) {
        self.lines.send_bytes(piece.as_bytes());
    }

    /// Reads until a line contains `text`.
    pub(crate) fn expect(&mut self, text: &str) -> String {
        self.lines.expect_where(text, |line| line.contains(text))
    }

    /// Waits until everything has come that the server had for this client.
    pub(crate) fn sync(&mut self) {
        self.syncs += 1;
        let token = format!("sync-{}-{}", self.nick, self.syncs);
        self.send(&format!("/ping {token}"));
        self.expect(&token);
    }

    /// How many lines so far contain `text`.
    pub(crate) fn count(&mut self, text: &str) -> usize {
        self.sync();
        self.lines.containing(text).count()
    }

    /// Reads to the end of the connection; returns the last lines.
    pub(crate) fn expect_end(&mut self) -> String {
        self.lines.expect_end()
    }
}
