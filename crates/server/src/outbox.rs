//! What the loop and a connection's task share: the way out, and how much is in flight.
//!
//! The loop writes to a socket itself, as long as the socket takes it; only what is left over waits here for the
//! task. Waking a task costs more than most writes.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chat_room::{InFlight, Overflow, Waiting};
use tokio::io::{Interest, Ready};
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::Notify;

/// The most parts that one write may have on Linux.
const PARTS_MAX: usize = 1024;

/// Bytes that a task wraps at once: what it has taken no longer counts as waiting.
const WRAPPED_BYTES_MAX: usize = 16 * 1024;

/// A socket that can be written to from any thread.
#[derive(Debug)]
pub(crate) enum Socket {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Socket {
    /// Waits for what is wanted, and says what there is.
    pub(crate) async fn ready(&self, wanted: Interest) -> io::Result<Ready> {
        match self {
            Self::Tcp(stream) => stream.ready(wanted).await,
            Self::Unix(stream) => stream.ready(wanted).await,
        }
    }

    pub(crate) fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.try_read(buffer),
            Self::Unix(stream) => stream.try_read(buffer),
        }
    }

    fn try_write_vectored(&self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.try_write_vectored(parts),
            Self::Unix(stream) => stream.try_write_vectored(parts),
        }
    }

    /// Says that nothing more will come, while what the other side still sends can be read.
    pub(crate) fn finish(&self) {
        let how = rustix::net::Shutdown::Write;
        // A socket that is gone already is finished, too.
        let _ = match self {
            Self::Tcp(stream) => rustix::net::shutdown(stream, how),
            Self::Unix(stream) => rustix::net::shutdown(stream, how),
        };
    }
}

#[derive(Debug, Default)]
struct Out {
    waiting: Waiting,
    /// Bytes that were handed on, in all.
    written: u64,
}

impl Out {
    /// Drops bytes that have left. Whether the loop wants to know.
    fn took(&mut self, bytes: usize) -> bool {
        let waiting = &mut self.waiting.bytes;
        drop(waiting.drain(..bytes));
        if waiting.is_empty() {
            *waiting = VecDeque::new();
        }
        self.written += bytes as u64;
        self.waiting.took()
    }
}

#[derive(Debug)]
pub(crate) struct Outbox {
    /// `None` where bytes must be wrapped before they are sent (TLS, WebSocket): then the task sends them all.
    pub(crate) socket: Option<Socket>,
    out: Mutex<Out>,
    /// Something is to be done by the task: bytes wait, calls were handled, or the end has come.
    pub(crate) wake: Notify,
    pub(crate) in_flight: InFlight,
}

impl Outbox {
    pub(crate) fn new(socket: Option<Socket>) -> Self {
        Self { socket, out: Mutex::default(), wake: Notify::new(), in_flight: InFlight::default() }
    }

    fn out(&self) -> MutexGuard<'_, Out> {
        // Nothing in here can be half done when a thread panics.
        self.out.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what waits, as far as the socket takes it. Whether the loop wants to know that.
    pub(crate) fn flush(&self) -> io::Result<bool> {
        let Some(socket) = &self.socket else { return Ok(false) };
        let mut out = self.out();
        let mut is_wanted = false;
        while !out.waiting.bytes.is_empty() {
            let (front, back) = out.waiting.bytes.as_slices();
            match socket.try_write_vectored(&[IoSlice::new(front), IoSlice::new(back)]) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => is_wanted |= out.took(written),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        Ok(is_wanted)
    }

    /// Some of what waits, for a task that wraps it; and whether the loop wants to know that it has gone.
    pub(crate) fn take_waiting(&self) -> (Vec<u8>, bool) {
        let mut out = self.out();
        let count = out.waiting.bytes.len().min(WRAPPED_BYTES_MAX);
        let taken = out.waiting.bytes.iter().take(count).copied().collect();
        let is_wanted = out.took(count);
        (taken, is_wanted)
    }

    /// How many bytes have left in all, as long as some wait: while that number stands, the client reads nothing.
    pub(crate) fn progress(&self) -> Option<u64> {
        let out = self.out();
        (!out.waiting.bytes.is_empty()).then_some(out.written)
    }

    pub(crate) fn has_waiting(&self) -> bool {
        !chat_room::Outbox::is_empty(self)
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.out().waiting.is_closing()
    }
}

impl chat_room::Outbox for Outbox {
    fn send(&self, parts: &[IoSlice<'_>], waiting_bytes_max: usize) -> Result<usize, Overflow> {
        let mut out = self.out();
        if out.waiting.is_closing() {
            return Ok(0);
        }
        let mut sent = 0;
        if let (true, Some(socket)) = (out.waiting.bytes.is_empty(), &self.socket) {
            // An error here is met again by the task, which reads from the same socket.
            sent = socket.try_write_vectored(&parts[..parts.len().min(PARTS_MAX)]).unwrap_or(0);
            out.written += sent as u64;
        }
        let total: usize = parts.iter().map(|part| part.len()).sum();
        if sent == total {
            return Ok(0);
        }
        parts.iter().for_each(|part| push_rest(&mut out.waiting.bytes, part, &mut sent));
        let waiting = out.waiting.bytes.len();
        drop(out);
        if waiting > waiting_bytes_max {
            return Err(Overflow);
        }
        self.wake.notify_one();
        Ok(waiting)
    }

    fn is_drained(&self, waiting_bytes_max: usize) -> bool {
        self.out().waiting.is_drained(waiting_bytes_max)
    }

    fn is_empty(&self) -> bool {
        self.out().waiting.bytes.is_empty()
    }

    fn close(&self) {
        self.out().waiting.close();
        self.wake();
    }

    fn give_up(&self, last_words: &[u8]) {
        self.out().waiting.give_up(last_words);
        self.wake();
    }

    fn in_flight(&self) -> &InFlight {
        &self.in_flight
    }

    fn wake(&self) {
        self.wake.notify_one();
    }
}

/// Keeps what was not sent of a part; `sent` counts down to where that begins.
fn push_rest(waiting: &mut VecDeque<u8>, part: &[u8], sent: &mut usize) {
    let skipped = part.len().min(*sent);
    waiting.extend(&part[skipped..]);
    *sent -= skipped;
}
