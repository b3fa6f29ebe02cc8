//! A raw IRC client.

use super::line_client::LineClient;
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// One line, parsed as far as tests look at it.
#[derive(Clone, Debug, Default)]
pub(crate) struct IrcLine {
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) source: String,
    pub(crate) command: String,
    pub(crate) words: Vec<String>,
}

impl IrcLine {
    /// Parses a line; values of tags stay escaped.
    pub(crate) fn parse(line: &str) -> Self {
        let mut parsed = Self::default();
        let mut rest = line;
        if let Some(tagged) = rest.strip_prefix('@') {
            let (tags, after) = tagged.split_once(' ').unwrap_or((tagged, ""));
            for tag in tags.split(';') {
                let (key, value) = tag.split_once('=').unwrap_or((tag, ""));
                parsed.tags.insert(key.to_owned(), value.to_owned());
            }
            rest = after;
        }
        if let Some(sourced) = rest.strip_prefix(':') {
            let (source, after) = sourced.split_once(' ').unwrap_or((sourced, ""));
            parsed.source = source.to_owned();
            rest = after;
        }
        let (middle, last) =
            rest.split_once(" :").map_or((rest, None), |(middle, last)| (middle, Some(last)));
        let mut words = middle.split_ascii_whitespace().map(str::to_owned);
        parsed.command = words.next().unwrap_or_default();
        parsed.words = words.chain(last.map(str::to_owned)).collect();
        parsed
    }

    /// The last word: the text of a message.
    pub(crate) fn text(&self) -> &str {
        self.words.last().map_or("", String::as_str)
    }

    /// The tag's value, or nothing.
    pub(crate) fn tag(&self, key: &str) -> Option<&str> {
        self.tags.get(key).map(String::as_str)
    }
}

/// A connection that registered.
pub(crate) struct IrcClient {
    pub(crate) nick: String,
    lines: LineClient,
    syncs: u32,
}

impl IrcClient {
    /// Connects and registers as a guest with these capabilities, and waits until it is all quiet.
    pub(crate) fn guest(address: SocketAddr, nick: &str, capabilities: &str) -> Self {
        let mut client = Self::raw(address, nick);
        client.request(capabilities);
        client.register()
    }

    /// The same for the owner of an account, by SASL.
    pub(crate) fn owner(address: SocketAddr, nick: &str, password: &str, capabilities: &str) -> Self {
        let mut client = Self::raw(address, nick);
        client.request(&format!("{capabilities} sasl"));
        client.send("AUTHENTICATE PLAIN");
        client.expect("AUTHENTICATE +");
        client.send(&format!("AUTHENTICATE {}", base64(&format!("\0{nick}\0{password}"))));
        client.expect(" 903 ");
        client.register()
    }

    /// Only connects.
    pub(crate) fn raw(address: SocketAddr, nick: &str) -> Self {
        Self { nick: nick.to_owned(), lines: LineClient::connect(address, nick), syncs: 0 }
    }

    fn request(&mut self, capabilities: &str) {
        if !capabilities.is_empty() {
            self.send(&format!("CAP REQ :{}", capabilities.trim()));
            self.expect(" ACK ");
        }
    }

    fn register(mut self) -> Self {
        let nick = self.nick.clone();
        self.send(&format!("NICK {nick}\r\nUSER {nick} 0 * :{nick} the tester\r\nCAP END"));
        self.expect(" 001 ");
        self.sync();
        self
    }

    /// Sends one line. False when the connection is gone.
    pub(crate) fn send(&mut self, line: &str) -> bool {
        self.lines.send_bytes(format!("{line}\r\n").as_bytes())
    }

    /// Sends a message.
    pub(crate) fn say(&mut self, target: &str, text: &str) -> bool {
        self.send(&format!("PRIVMSG {target} :{text}"))
    }

    /// The next line; nothing once the connection has ended. PING is answered.
    pub(crate) fn next(&mut self) -> Option<IrcLine> {
        let line = IrcLine::parse(&self.lines.next_line()?);
        if line.command == "PING" {
            let token = line.text().to_owned();
            self.send(&format!("PONG :{token}"));
        }
        Some(line)
    }

    /// Reads until a line contains `text`.
    pub(crate) fn expect(&mut self, text: &str) -> IrcLine {
        IrcLine::parse(&self.lines.expect_where(text, |line| line.contains(text)))
    }

    /// Reads until a line satisfies `wanted`.
    pub(crate) fn expect_where(&mut self, wanted: impl Fn(&IrcLine) -> bool) -> IrcLine {
        IrcLine::parse(&self.lines.expect_where("it", |line| wanted(&IrcLine::parse(line))))
    }

    /// Waits until everything has come that the server had for this client, and everything sent was handled.
    pub(crate) fn sync(&mut self) {
        self.syncs += 1;
        let token = format!("sync-{}-{}", self.nick, self.syncs);
        self.send(&format!("PING {token}"));
        self.lines.expect_where("its PONG", |line| line.contains("PONG") && line.contains(&token));
    }

    /// The lines so far that contain `text`.
    pub(crate) fn shown(&mut self, text: &str) -> Vec<IrcLine> {
        self.sync();
        self.lines.containing(text).map(IrcLine::parse).collect()
    }

    /// How many lines so far contain `text`.
    pub(crate) fn count(&mut self, text: &str) -> usize {
        self.shown(text).len()
    }

    /// Reads to the end of the connection; returns the last lines.
    pub(crate) fn expect_end(&mut self) -> String {
        self.lines.expect_end()
    }

    /// One page of history, with its batch lines left out.
    pub(crate) fn history(&mut self, question: &str) -> Vec<IrcLine> {
        self.send(&format!("CHATHISTORY {question}"));
        let mut page = Vec::new();
        loop {
            let line = self.next().expect("the server answers CHATHISTORY");
            match line.command.as_str() {
                "BATCH" if line.words[0].starts_with('-') => return page,
                "FAIL" => panic!("CHATHISTORY {question} was refused: {}", line.text()),
                _ if line.tags.contains_key("batch") => page.push(line),
                _ => {}
            }
        }
    }

    /// The whole history of a target after a message, or from the beginning, oldest first, page by page.
    pub(crate) fn whole_history(&mut self, target: &str, after: Option<&str>) -> Vec<IrcLine> {
        let mut all = Vec::new();
        let mut from = match after {
            Some(msgid) => format!("msgid={msgid}"),
            None => "timestamp=2000-01-01T00:00:00.000Z".into(),
        };
        loop {
            let page = self.history(&format!("AFTER {target} {from} 500"));
            match page.last().and_then(|line| line.tag("msgid")) {
                Some(msgid) => from = format!("msgid={msgid}"),
                None => return all,
            }
            all.extend(page);
        }
    }
}

/// RFC 4648 section 4, for `AUTHENTICATE`.
fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let value = (group >> (18 - 6 * digit)) as usize & 63;
            out.push(if digit <= chunk.len() { char::from(DIGITS[value]) } else { '=' });
        }
    }
    out
}
