//! The running server, over its admin socket: JSON lines, one request at a time.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chat_model::{phrase, sentence};
use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, connect, socket_with};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::language;
use crate::text::visible;

/// How long the server may think. Hashing a password behind a storm of logins is the slowest thing it does.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// How long it may take to take a connection: those that wait for that wait in a queue, and for room in it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// What the server says of itself.
#[derive(Debug, Deserialize)]
pub(crate) struct Hello {
    /// Absolute path of its database.
    pub(crate) database: PathBuf,
}

/// What came of an order.
#[derive(Debug, Deserialize)]
pub(crate) struct Done {
    /// Sessions, users, rows concerned.
    pub(crate) count: usize,
    /// What those are called that go on as guests.
    #[serde(default)]
    pub(crate) guests: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Answer {
    Hello(Hello),
    Row(Map<String, Value>),
    Done(Done),
    Refused {
        code: String,
        msg: String,
    },
    /// Something besides the answer.
    Notice {},
    /// The connection ends, for this reason.
    Farewell {
        msg: String,
    },
}

/// A connection to the server.
#[derive(Debug)]
pub(crate) struct Server {
    stream: BufReader<UnixStream>,
    pub(crate) hello: Hello,
}

impl Server {
    pub(crate) fn connect(socket: &Path) -> Result<Self, Failure> {
        let stream = dial(socket, CONNECT_TIMEOUT).map_err(|error| match error.kind() {
            ErrorKind::NotFound | ErrorKind::ConnectionRefused => Failure::NoServer { socket: socket.into() },
            ErrorKind::PermissionDenied => Failure::NotAllowed { socket: socket.into() },
            ErrorKind::WouldBlock => silent(CONNECT_TIMEOUT),
            _ => {
                let socket = socket.display();
                let text = sentence!(
                    language::language(),
                    en = "cannot connect to {socket}: {error}",
                    zh = "无法连接 {socket}：{error}"
                );
                Failure::Broken(text)
            }
        })?;
        stream.set_read_timeout(Some(ANSWER_TIMEOUT))?;
        stream.set_write_timeout(Some(ANSWER_TIMEOUT))?;
        let mut stream = BufReader::new(stream);
        match read(&mut stream)? {
            Answer::Hello(hello) => {
                let mut server = Self { stream, hello };
                if let Some(language) = language::chosen() {
                    server.order("LANG", &[language.code()])?;
                }
                Ok(server)
            }
            Answer::Refused { code, msg } => Err(Failure::Refused { code, reason: msg }),
            Answer::Farewell { msg } => Err(ended(&msg)),
            Answer::Row(_) | Answer::Done(_) | Answer::Notice {} => Err(not_understood()),
        }
    }

    fn send(&mut self, verb: &str, words: &[&str]) -> Result<(), Failure> {
        let mut line = json!({ "verb": verb, "words": words }).to_string();
        line.push('\n');
        self.stream.get_mut().write_all(line.as_bytes()).map_err(|_| gone())
    }

    /// Asks for something to be done. What was concerned by it: sessions, users, rows.
    pub(crate) fn order(&mut self, verb: &str, words: &[&str]) -> Result<usize, Failure> {
        Ok(self.order_all(verb, words)?.count)
    }

    /// Asks for something to be done. All that came of it.
    pub(crate) fn order_all(&mut self, verb: &str, words: &[&str]) -> Result<Done, Failure> {
        self.send(verb, words)?;
        loop {
            match read(&mut self.stream)? {
                Answer::Row(_) | Answer::Notice {} => {}
                Answer::Done(done) => return Ok(done),
                Answer::Refused { code, msg } => return Err(Failure::Refused { code, reason: msg }),
                Answer::Farewell { msg } => return Err(ended(&msg)),
                Answer::Hello(_) => return Err(not_understood()),
            }
        }
    }

    /// Asks for rows, all at once.
    pub(crate) fn rows<T: DeserializeOwned>(
        &mut self,
        verb: &str,
        words: &[&str],
    ) -> Result<Vec<T>, Failure> {
        self.send(verb, words)?;
        let mut rows = Vec::new();
        while let Some(row) = self.next_row()? {
            rows.push(row);
        }
        Ok(rows)
    }

    /// Asks for rows that come as they are made, until the server goes: `next` is called with each.
    pub(crate) fn follow<T: DeserializeOwned>(
        &mut self,
        verb: &str,
        words: &[&str],
        mut next: impl FnMut(T) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.send(verb, words)?;
        self.stream.get_ref().set_read_timeout(None)?;
        while let Some(row) = self.next_row()? {
            next(row)?;
        }
        Ok(())
    }

    fn next_row<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Failure> {
        loop {
            return match read(&mut self.stream)? {
                Answer::Row(row) => {
                    serde_json::from_value(Value::Object(row)).map(Some).map_err(|_| not_understood())
                }
                Answer::Notice {} => continue,
                Answer::Done(_) => Ok(None),
                Answer::Refused { code, msg } => Err(Failure::Refused { code, reason: msg }),
                Answer::Farewell { msg } => Err(ended(&msg)),
                Answer::Hello(_) => Err(not_understood()),
            };
        }
    }
}

/// Connects, in so much time. Linux waits for room in the queue of a listener as long as for room to write.
fn dial(path: &Path, timeout: Duration) -> io::Result<UnixStream> {
    let address = SocketAddrUnix::new(path)?;
    let socket = socket_with(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::CLOEXEC, None)?;
    set_socket_timeout(&socket, Timeout::Send, Some(timeout))?;
    connect(&socket, &address)?;
    Ok(socket.into())
}

fn read(stream: &mut BufReader<UnixStream>) -> Result<Answer, Failure> {
    let mut line = String::new();
    match stream.read_line(&mut line) {
        Ok(0) => Err(gone()),
        Ok(_) => serde_json::from_str(&line).map_err(|_| not_understood()),
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
            Err(silent(ANSWER_TIMEOUT))
        }
        Err(error) if error.kind() == ErrorKind::InvalidData => Err(not_understood()),
        Err(_) => Err(gone()),
    }
}

fn silent(timeout: Duration) -> Failure {
    Failure::Broken(sentence!(
        language::language(),
        en = "the server has not answered for {seconds} s; look at its log",
        zh = "服务器 {seconds} 秒没有回应，请看它的日志",
        seconds = timeout.as_secs(),
    ))
}

fn ended(reason: &str) -> Failure {
    let reason = visible(reason);
    Failure::Broken(sentence!(
        language::language(),
        en = "the server has closed the connection: {reason}",
        zh = "服务器关闭了连接：{reason}",
    ))
}

fn gone() -> Failure {
    let text =
        phrase!(language::language(), en = "the server has closed the connection", zh = "服务器关闭了连接");
    Failure::Broken(text.to_owned())
}

fn not_understood() -> Failure {
    let text = phrase!(
        language::language(),
        en = "what answers there speaks otherwise; chat-server and chat-admin must be of one version",
        zh = "对方的协议不一样，chat-server 和 chat-admin 要用同一版本",
    );
    Failure::Broken(text.to_owned())
}

#[cfg(test)]
mod tests {
    use rustix::net::{bind, listen};

    use super::*;

    #[test]
    fn nobody_waits_for_ever_where_no_connection_is_taken() {
        let folder = tempfile::tempdir().expect("a directory");
        let path = folder.path().join("admin.sock");
        let address = SocketAddrUnix::new(&path).expect("a short path");
        let listener = socket_with(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::CLOEXEC, None)
            .expect("a socket");
        bind(&listener, &address).expect("nobody is there");
        listen(&listener, 0).expect("it listens");
        let at_once = Duration::from_millis(1);
        let mut waiting = Vec::new();
        let refused = loop {
            match dial(&path, at_once) {
                Ok(stream) => waiting.push(stream),
                Err(error) => break error.kind(),
            }
        };
        assert_eq!(refused, ErrorKind::WouldBlock);
        assert!(!waiting.is_empty(), "somebody may wait");
    }
}
