//! One IRC connection: registers, joins, and hands out whole lines while reading into a buffer shared by all.

use anyhow::{Context as _, anyhow, bail};
use std::cell::{Cell, RefCell};
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::{Barrier, Mutex, Semaphore};
use tokio::task::JoinSet;
use tokio::time::timeout;

/// Longest that a server may take over one step of registration.
const STEP_TIMEOUT: Duration = Duration::from_secs(60);
/// Bytes of the buffer that all connections read into, one after the other.
const READ_BUFFER_BYTES: usize = 64 * 1024;
/// Bytes that a line without an end may have; no IRC server sends more, tags included.
const LINE_BYTES_MAX: usize = 16 * 1024;

/// Channels that one JOIN names: a line has 512 bytes.
const CHANNELS_PER_LINE: usize = 20;

thread_local! {
    static READ_BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_BUFFER_BYTES]);
}

/// A registered client.
pub(crate) struct Client {
    stream: TcpStream,
    /// The beginning of a line whose end has not come yet.
    partial: RefCell<Vec<u8>>,
    /// Keeps a PONG from falling into the middle of a half-written batch.
    writing: Mutex<()>,
}

impl Client {
    /// Connects and registers under `nick`.
    pub(crate) async fn register(address: SocketAddr, nick: &str) -> anyhow::Result<Self> {
        let stream =
            TcpStream::connect(address).await.with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        let client = Self { stream, partial: RefCell::default(), writing: Mutex::default() };
        client.send(format!("NICK {nick}\r\nUSER bench 0 * :bench\r\n").as_bytes()).await?;
        // The burst ends with the message of the day, or with word that there is none.
        client.wait_for(|words| matches!(words.command, b"376" | b"422")).await?;
        Ok(client)
    }

    /// Joins `channel` and waits for the end of its list of names.
    pub(crate) async fn join(&self, channel: &str) -> anyhow::Result<()> {
        self.send(format!("JOIN {channel}\r\n").as_bytes()).await?;
        self.wait_for(|words| words.command == b"366" && words.rest_has(channel)).await
    }

    /// Joins many channels, as many with a line as it takes, and waits for the last list of names.
    pub(crate) async fn join_all(&self, channels: &[String]) -> anyhow::Result<()> {
        for few in channels.chunks(CHANNELS_PER_LINE) {
            self.send(format!("JOIN {}\r\n", few.join(",")).as_bytes()).await?;
            let last = few.last().map_or("", String::as_str);
            self.wait_for(|words| words.command == b"366" && words.rest_has(last)).await?;
        }
        Ok(())
    }

    /// Asks for something and reads the answer up to the numeric that it ends in; returns how many lines came.
    pub(crate) async fn ask(&self, question: &str, end: &str) -> anyhow::Result<usize> {
        self.send(question.as_bytes()).await?;
        let lines = Cell::new(0);
        self.wait_for(|words| {
            lines.set(lines.get() + 1);
            words.command == end.as_bytes()
        })
        .await?;
        Ok(lines.get())
    }

    /// Answers PINGs and looks at nothing else, for as long as the server lets it.
    pub(crate) async fn idle(&self) -> anyhow::Result<()> {
        self.drain_until(std::future::pending::<()>()).await
    }

    /// Waits until the server has said everything that it had to say so far.
    pub(crate) async fn settle(&self) -> anyhow::Result<()> {
        self.send(b"PING settled\r\n").await?;
        self.wait_for(|words| words.command == b"PONG" && words.rest_has("settled")).await
    }

    /// Writes all of `bytes`.
    pub(crate) async fn send(&self, bytes: &[u8]) -> anyhow::Result<()> {
        let _writing = self.writing.lock().await;
        let mut rest = bytes;
        while !rest.is_empty() {
            self.stream.writable().await?;
            match self.stream.try_write(rest) {
                Ok(written) => rest = &rest[written..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error).context("the server closed a connection"),
            }
        }
        Ok(())
    }

    /// Waits for input and gives `take` whole lines, as many as have come, in one piece.
    pub(crate) async fn read(&self, take: impl FnOnce(&[u8])) -> anyhow::Result<()> {
        loop {
            self.stream.readable().await?;
            match READ_BUFFER.with_borrow_mut(|buffer| self.read_into(buffer)) {
                Ok(0) => bail!("the server closed a connection"),
                Ok(filled) => {
                    READ_BUFFER.with_borrow(|buffer| self.cut(&buffer[..filled], take))?;
                    return Ok(());
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error).context("the server closed a connection"),
            }
        }
    }

    /// Reads behind what is left from last time; returns how much of the buffer is then filled.
    fn read_into(&self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let partial = self.partial.borrow();
        buffer[..partial.len()].copy_from_slice(&partial);
        match self.stream.try_read(&mut buffer[partial.len()..])? {
            0 => Ok(0),
            read => Ok(partial.len() + read),
        }
    }

    fn cut(&self, filled: &[u8], take: impl FnOnce(&[u8])) -> anyhow::Result<()> {
        let whole = memchr::memrchr(b'\n', filled).map_or(0, |end| end + 1);
        let mut partial = self.partial.borrow_mut();
        partial.clear();
        partial.extend_from_slice(&filled[whole..]);
        if partial.len() > LINE_BYTES_MAX {
            bail!("the server sent a line of more than {LINE_BYTES_MAX} bytes");
        }
        if whole > 0 {
            take(&filled[..whole]);
        }
        Ok(())
    }

    /// Keeps reading until `end` comes, so that the server need not queue what others do for this client.
    async fn drain_until<T>(&self, end: impl Future<Output = T>) -> anyhow::Result<()> {
        let mut end = pin!(end);
        loop {
            let mut pongs = Vec::new();
            tokio::select! {
                _ = &mut end => return Ok(()),
                outcome = self.read(|lines| answer_pings(lines, &mut pongs)) => outcome?,
            }
            self.send(&pongs).await?;
        }
    }

    /// Reads, answering PING, until a line satisfies `wanted`.
    async fn wait_for(&self, wanted: impl Fn(&Words<'_>) -> bool) -> anyhow::Result<()> {
        timeout(STEP_TIMEOUT, self.read_until(wanted)).await.map_err(|_| {
            anyhow!(
                "a client got no answer for {} s; try fewer at a time with --connecting",
                STEP_TIMEOUT.as_secs()
            )
        })?
    }

    async fn read_until(&self, wanted: impl Fn(&Words<'_>) -> bool) -> anyhow::Result<()> {
        let mut found = false;
        while !found {
            let mut pongs = Vec::new();
            let mut refusal = None;
            self.read(|lines| {
                for line in lines.split(|byte| *byte == b'\n') {
                    let words = Words::of(line.trim_ascii());
                    found |= wanted(&words);
                    pong(&words, &mut pongs);
                    if words.is_refusal() {
                        refusal = Some(String::from_utf8_lossy(line).trim().to_owned());
                    }
                }
            })
            .await?;
            if let Some(line) = refusal {
                bail!("the server refused a client: {line}");
            }
            self.send(&pongs).await?;
        }
        Ok(())
    }
}

/// Appends the answer to each PING among whole lines.
pub(crate) fn answer_pings(lines: &[u8], pongs: &mut Vec<u8>) {
    for line in lines.split(|byte| *byte == b'\n') {
        pong(&Words::of(line.trim_ascii()), pongs);
    }
}

fn pong(words: &Words<'_>, pongs: &mut Vec<u8>) {
    if words.command == b"PING" {
        pongs.extend_from_slice(b"PONG ");
        pongs.extend_from_slice(words.rest);
        pongs.extend_from_slice(b"\r\n");
    }
}

/// A line as far as a load generator needs it.
struct Words<'a> {
    command: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Words<'a> {
    fn of(mut line: &'a [u8]) -> Self {
        // Tags and source, each up to a space, may stand before the command.
        while line.starts_with(b"@") || line.starts_with(b":") {
            line = split_at_space(line).1;
        }
        let (command, rest) = split_at_space(line);
        Self { command, rest }
    }

    fn rest_has(&self, word: &str) -> bool {
        memchr::memmem::find(self.rest, word.as_bytes()).is_some()
    }

    /// Numerics from 400 on refuse what was asked, but for 422: no message of the day.
    fn is_refusal(&self) -> bool {
        let numeric = self.command.len() == 3 && matches!(self.command[0], b'4' | b'5');
        self.command == b"ERROR" || (numeric && self.command != b"422")
    }
}

fn split_at_space(line: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memchr(b' ', line) {
        Some(at) => (&line[..at], line[at..].trim_ascii_start()),
        None => (line, &[]),
    }
}

/// Registers a client for each of `channels`, at most `connecting` at a time, lets it join, and waits until all
/// is quiet. The clients come in the order of the channels.
pub(crate) async fn seat_all(
    address: SocketAddr,
    connecting: u32,
    channels: &[String],
) -> anyhow::Result<Vec<Rc<Client>>> {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    let run = RUNS.fetch_add(1, Ordering::Relaxed);
    let gate = Rc::new(Semaphore::new(connecting as usize));
    let all_joined = Rc::new(Barrier::new(channels.len()));
    let mut tasks = JoinSet::new();
    for (index, channel) in channels.iter().enumerate() {
        let (gate, all_joined, channel) = (Rc::clone(&gate), Rc::clone(&all_joined), channel.clone());
        tasks.spawn_local(async move {
            let turn = gate.acquire().await?;
            let client = Client::register(address, &nick(run, index)).await?;
            client.join(&channel).await?;
            drop(turn);
            client.drain_until(all_joined.wait()).await?;
            client.settle().await?;
            anyhow::Ok((index, client))
        });
    }
    let mut clients = Vec::with_capacity(channels.len());
    while let Some(seated) = tasks.join_next().await {
        clients.push(seated??);
    }
    clients.sort_by_key(|(index, _)| *index);
    Ok(clients.into_iter().map(|(_, client)| Rc::new(client)).collect())
}

/// Nine characters, which every server allows. Two runs in a row have nicknames of their own: a server may not have
/// seen yet that those of the first are free.
fn nick(run: u32, index: usize) -> String {
    format!("b{:03}{index:05}", (std::process::id() + run) % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_found_behind_tags_and_source() {
        for (line, command, rest) in [
            ("PING :abc", "PING", ":abc"),
            (":irc.test 376 b00000001 :End", "376", "b00000001 :End"),
            ("@time=x;msgid=y :a!b@c PRIVMSG #d :e f", "PRIVMSG", "#d :e f"),
            ("", "", ""),
        ] {
            let words = Words::of(line.as_bytes());
            assert_eq!((words.command, words.rest), (command.as_bytes(), rest.as_bytes()), "{line}");
        }
    }

    #[test]
    fn pings_are_answered_wherever_they_stand() {
        let mut pongs = Vec::new();
        answer_pings(b":a!b@c PRIVMSG #d :PING\r\nPING :one\r\n:irc.test PING two\r\n", &mut pongs);
        assert_eq!(pongs, b"PONG :one\r\nPONG two\r\n");
    }

    #[test]
    fn no_message_of_the_day_is_no_refusal() {
        for (line, refusal) in [(":s 422 n :none", false), (":s 433 * n :taken", true), ("ERROR :full", true)]
        {
            assert_eq!(Words::of(line.as_bytes()).is_refusal(), refusal, "{line}");
        }
    }
}
