//! A server that knows its lines by heart.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::thread::{self, JoinHandle};

/// Serves one connection in `directory`: greets, then answers each request, which must be as expected, with lines.
pub(crate) struct FakeServer {
    thread: JoinHandle<Vec<String>>,
}

impl FakeServer {
    /// The answers to give, one list a request.
    pub(crate) fn start(directory: &Path, answers: &[&[&str]]) -> Self {
        let listener = UnixListener::bind(directory.join("admin.sock")).expect("a socket");
        let database = directory.join("chat.db").display().to_string();
        let answers: Vec<Vec<String>> =
            answers.iter().map(|lines| lines.iter().map(|line| (*line).to_owned()).collect()).collect();
        let serve = move || {
            let (stream, _) = listener.accept().expect("a client");
            let mut reader = BufReader::new(stream);
            let hello = serde_json::json!({
                "type": "hello", "server": "chat.test", "version": "chat-server-0.1.0", "database": database
            });
            writeln!(reader.get_mut(), "{hello}").expect("greeted");
            let mut requests = Vec::new();
            for lines in answers {
                let mut request = String::new();
                reader.read_line(&mut request).expect("a request");
                requests.push(request.trim_end().to_owned());
                for line in lines {
                    writeln!(reader.get_mut(), "{line}").expect("answered");
                }
            }
            requests
        };
        Self { thread: thread::spawn(serve) }
    }

    /// What was asked.
    pub(crate) fn requests(self) -> Vec<String> {
        self.thread.join().expect("served")
    }
}
