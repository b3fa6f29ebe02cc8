//! A socket that hands out lines and remembers all of them.

use super::DEADLINE;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Instant;

/// A connection of one of the faces.
pub(crate) struct LineClient {
    name: String,
    stream: TcpStream,
    pending: Vec<u8>,
    /// Every line that ever came.
    seen: Vec<String>,
}

impl LineClient {
    /// Connects; `name` is only for failures.
    pub(crate) fn connect(address: SocketAddr, name: &str) -> Self {
        let stream = TcpStream::connect(address).expect("the server listens there");
        stream.set_nodelay(true).expect("a TCP socket has this option");
        Self { name: name.to_owned(), stream, pending: Vec::new(), seen: Vec::new() }
    }

    /// Sends bytes as they are. A server that is gone is found out when reading.
    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).is_ok()
    }

    /// The next line, without its end; nothing once the connection has ended.
    pub(crate) fn next_line(&mut self) -> Option<String> {
        let deadline = Instant::now() + DEADLINE;
        loop {
            if let Some(line) = self.cut_line() {
                return Some(line);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "{} got nothing in {DEADLINE:?}; {}", self.name, self.tail());
            self.stream.set_read_timeout(Some(left)).expect("the time left is not zero");
            let mut chunk = [0; 16 * 1024];
            match self.stream.read(&mut chunk) {
                Ok(0) => return None,
                Ok(read) => self.pending.extend_from_slice(&chunk[..read]),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // Killed servers reset their connections.
                Err(_) => return None,
            }
        }
    }

    fn cut_line(&mut self) -> Option<String> {
        let end = self.pending.iter().position(|byte| *byte == b'\n')?;
        let bytes = without_telnet(self.pending.drain(..=end));
        let line = String::from_utf8(bytes).expect("the server sends UTF-8");
        let line = line.trim_end_matches(['\r', '\n']).to_owned();
        self.seen.push(line.clone());
        Some(line)
    }

    /// Reads until a line satisfies `wanted` and returns that line.
    pub(crate) fn expect_where(&mut self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        loop {
            match self.next_line() {
                Some(line) if wanted(&line) => return line,
                Some(_) => {}
                None => {
                    panic!("{} was closed while it waited for {what}; {}", self.name, self.tail())
                }
            }
        }
    }

    /// Reads until the server closes; returns the last lines.
    pub(crate) fn expect_end(&mut self) -> String {
        while self.next_line().is_some() {}
        self.tail()
    }

    /// The lines so far that contain `text`.
    pub(crate) fn containing(&self, text: &str) -> impl Iterator<Item = &str> {
        self.seen.iter().map(String::as_str).filter(move |line| line.contains(text))
    }

    /// The last of what came, for a failure.
    pub(crate) fn tail(&self) -> String {
        let from = self.seen.len().saturating_sub(40);
        format!("the last lines were:\n{}", self.seen[from..].join("\n"))
    }
}

/// Leaves out what is for telnet clients: IAC, a verb and an option each. IAC never occurs in UTF-8.
fn without_telnet(bytes: impl Iterator<Item = u8>) -> Vec<u8> {
    const IAC: u8 = 255;
    let mut left_out = 0;
    let is_text = |byte: &u8| {
        if *byte == IAC {
            left_out = 3;
        }
        let text = left_out == 0;
        left_out = i32::max(left_out - 1, 0);
        text
    };
    bytes.filter(is_text).collect()
}
