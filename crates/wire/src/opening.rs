//! The first line of a connection: whether a client of this server speaks there, or a program that takes it for
//! something else. Web pages can make a browser send whatever they like behind a request line, which must never come
//! to be said in a room.

use chat_model::close_reason::OtherProtocol;
use std::fmt;

/// The most bytes of a first line that are looked at; a client's own first line is shorter, or no such line.
const OPENING_BYTES_MAX: usize = 1024;

/// How those that are known at once begin.
const SIGNATURES: [(&[u8], OtherProtocol); 5] = [
    // A handshake record, of whichever version.
    (b"\x16\x03", OtherProtocol::Tls),
    (b"SSH-1.", OtherProtocol::Ssh),
    (b"SSH-2.0-", OtherProtocol::Ssh),
    (b"PROXY TCP", OtherProtocol::Proxy),
    (b"PROXY UNKNOWN", OtherProtocol::Proxy),
];

/// How version 2 of the PROXY protocol begins: line ends, which are nothing in every face, and a word.
const PROXY_V2_BLANK: &[u8] = b"\r\n\r\n\0\r\n";
const PROXY_V2_WORD: &[u8] = b"QUIT\n";

/// Methods that a request may have whose line is not whole.
const METHODS: [&str; 9] = ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];

/// What is known of the first line so far.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It may be either.
    Open,
    /// Nothing strange is in it: these bytes are the client's.
    Ours(Vec<u8>),
    /// It is not for this server.
    Other(OtherProtocol),
}

/// What came of a connection before its first line was known to be one of ours.
#[derive(Default)]
pub(crate) struct Opening {
    /// Line ends before the first line. They are not held back: people press Enter to see whether anybody is there.
    blank: Vec<u8>,
    held: Vec<u8>,
}

/// What is held back may be a password.
impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opening").field("held_bytes", &self.held.len()).finish_non_exhaustive()
    }
}

impl Opening {
    /// How many bytes of these come before the first line, and go on at once.
    pub(crate) fn skip_blank(&mut self, bytes: &[u8]) -> usize {
        if !self.held.is_empty() {
            return 0;
        }
        let count = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n' | 0)).count();
        let room = (PROXY_V2_BLANK.len() + 1).saturating_sub(self.blank.len());
        self.blank.extend_from_slice(&bytes[..count.min(room)]);
        count
    }

    /// Takes more of the first line.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Verdict {
        self.held.extend_from_slice(bytes);
        self.judge(self.held.len() > OPENING_BYTES_MAX)
    }

    /// Whether something is held back until more is known.
    pub(crate) fn holds(&self) -> bool {
        !self.held.is_empty()
    }

    /// No more of the line is coming for now.
    pub(crate) fn end(&mut self) -> Verdict {
        self.judge(true)
    }

    fn judge(&mut self, complete: bool) -> Verdict {
        let held = self.held.as_slice();
        if let Some((_, other)) = SIGNATURES.iter().find(|(signature, _)| held.starts_with(signature)) {
            return Verdict::Other(*other);
        }
        let is_proxy = self.blank == PROXY_V2_BLANK;
        if is_proxy && held.starts_with(PROXY_V2_WORD) {
            return Verdict::Other(OtherProtocol::Proxy);
        }
        let line_end = held.iter().position(|byte| *byte == b'\n');
        let is_http = match line_end {
            Some(end) => is_request_line(&held[..end]),
            None => complete && begins_request(held),
        };
        if is_http {
            return Verdict::Other(OtherProtocol::Http);
        }
        let may_be_signature = SIGNATURES.iter().any(|(signature, _)| signature.starts_with(held));
        if line_end.is_none() && !complete && (may_be_signature || may_be_request(held)) {
            return Verdict::Open;
        }
        Verdict::Ours(std::mem::take(&mut self.held))
    }
}

/// `METHOD target HTTP/version` (RFC 9112 section 3).
fn is_request_line(line: &[u8]) -> bool {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let (first, last) = (line.split(|byte| *byte == b' ').next(), line.rsplit(|byte| *byte == b' ').next());
    let has_method =
        first.is_some_and(|method| !method.is_empty() && method.iter().all(u8::is_ascii_uppercase));
    has_method && last.is_some_and(|version| version.starts_with(b"HTTP/"))
}

/// Whether a line that is not whole has a method that is known, and the beginning of a target.
fn begins_request(line: &[u8]) -> bool {
    METHODS.iter().any(|method| {
        let target = line.strip_prefix(method.as_bytes()).and_then(|rest| rest.strip_prefix(b" "));
        target.is_some_and(|target| target.starts_with(b"/") || target.starts_with(b"http"))
    })
}

/// Whether a line that begins like this can become one with a method.
fn may_be_request(line: &[u8]) -> bool {
    let method = line.split(|byte| *byte == b' ').next().unwrap_or_default();
    !method.is_empty() && method.iter().all(u8::is_ascii_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is known after all of these bytes, and, where it is still open, after a pause.
    fn judged(bytes: &[u8]) -> Option<OtherProtocol> {
        let mut opening = Opening::default();
        let blank = opening.skip_blank(bytes);
        let verdict = match opening.push(&bytes[blank..]) {
            Verdict::Open => opening.end(),
            verdict => verdict,
        };
        match verdict {
            Verdict::Other(other) => Some(other),
            Verdict::Ours(held) => {
                assert_eq!(held, &bytes[blank..], "nothing is lost");
                None
            }
            Verdict::Open => panic!("a pause leaves nothing open"),
        }
    }

    #[test]
    fn other_protocols_are_known_by_their_first_line() {
        use OtherProtocol::{Http, Proxy, Ssh, Tls};
        let cases: [(&[u8], Option<OtherProtocol>); 17] = [
            (b"GET / HTTP/1.1\r\n", Some(Http)),
            (b"PROPFIND /x HTTP/1.0\n", Some(Http)),
            (b"PRI * HTTP/2.0\r\n", Some(Http)),
            (b"POST /never/ended", Some(Http)),
            (b"GET http://x/", Some(Http)),
            (b"\x16\x03\x01\x02\x00", Some(Tls)),
            (b"SSH-2.0-OpenSSH_9.6", Some(Ssh)),
            (b"PROXY TCP6 ::1 ::1 1 2\r\n", Some(Proxy)),
            (b"\r\n\r\n\0\r\nQUIT\n\x21", Some(Proxy)),
            (b"\r\n\r\nQUIT\n", None),
            (b"GET WELL SOON", None),
            (b"NICK alice\r\n", None),
            (b"CAP LS 302\r\n", None),
            (b"get / HTTP/1.1\r\n", None),
            (b"PROXY", None),
            (b"SSH-keys\n", None),
            ("é\n".as_bytes(), None),
        ];
        for (bytes, other) in cases {
            assert_eq!(judged(bytes), other, "{:?}", String::from_utf8_lossy(bytes));
        }
        let long = [b"POST /".as_slice(), &[b'a'; OPENING_BYTES_MAX]].concat();
        assert_eq!(Opening::default().push(&long), Verdict::Other(Http));
        let long = vec![b'A'; OPENING_BYTES_MAX + 1];
        assert_eq!(Opening::default().push(&long), Verdict::Ours(long));
    }
}
