//! What the loop and a connection's task share: the way out, and how much is in flight.
//!
//! The loop writes to a socket itself, as long as the socket takes it; only what is left over waits here for the
//! task. Waking a task costs more than most writes.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chat_room::{InFlight, Overflow};
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::Notify;

/// The most parts that one write may have on Linux.
const PARTS_MAX: usize = 1024;

/// A socket that can be written to from any thread.
#[derive(Debug)]
pub(crate) enum Socket {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Socket {
    pub(crate) async fn readable(&self) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.readable().await,
            Self::Unix(stream) => stream.readable().await,
        }
    }

    pub(crate) async fn writable(&self) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.writable().await,
            Self::Unix(stream) => stream.writable().await,
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
    waiting: VecDeque<u8>,
    closing: bool,
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

    /// Writes what waits, as far as the socket takes it.
    pub(crate) fn flush(&self) -> io::Result<()> {
        let Some(socket) = &self.socket else { return Ok(()) };
        let mut out = self.out();
        while !out.waiting.is_empty() {
            let (front, back) = out.waiting.as_slices();
            match socket.try_write_vectored(&[IoSlice::new(front), IoSlice::new(back)]) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => drop(out.waiting.drain(..written)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        if out.waiting.is_empty() {
            out.waiting = VecDeque::new();
        }
        Ok(())
    }

    /// What waits, for a task that wraps it.
    pub(crate) fn take_waiting(&self) -> Vec<u8> {
        std::mem::take(&mut self.out().waiting).into()
    }

    pub(crate) fn has_waiting(&self) -> bool {
        !self.out().waiting.is_empty()
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.out().closing
    }
}

impl chat_room::Outbox for Outbox {
    fn send(&self, parts: &[IoSlice<'_>], waiting_bytes_max: usize) -> Result<(), Overflow> {
        let mut out = self.out();
        if out.closing {
            return Ok(());
        }
        let mut sent = 0;
        if let (true, Some(socket)) = (out.waiting.is_empty(), &self.socket) {
            // An error here is met again by the task, which reads from the same socket.
            sent = socket.try_write_vectored(&parts[..parts.len().min(PARTS_MAX)]).unwrap_or(0);
        }
        let total: usize = parts.iter().map(|part| part.len()).sum();
        if sent == total {
            return Ok(());
        }
        if out.waiting.len() + total - sent > waiting_bytes_max {
            return Err(Overflow);
        }
        for part in parts {
            let skipped = sent.min(part.len());
            out.waiting.extend(&part[skipped..]);
            sent -= skipped;
        }
        drop(out);
        self.wake.notify_one();
        Ok(())
    }

    fn close(&self) {
        self.out().closing = true;
        self.wake.notify_one();
    }

    fn abort(&self) {
        self.out().waiting = VecDeque::new();
        self.close();
    }

    fn register(&self) {
        self.in_flight.register();
    }

    fn begin_calls(&self, count: u32) {
        self.in_flight.begin(count);
    }

    fn end_calls(&self, count: u32) {
        if self.in_flight.end(count) {
            self.wake.notify_one();
        }
    }
}
