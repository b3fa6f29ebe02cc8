//! What the engine loop and a connection's task share: the way out, and how much is under way.
//!
//! The loop writes to a socket itself, as long as the socket takes it; only what is left over waits here for the
//! task. Waking a task costs more than most writes.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::net::{TcpStream, UnixStream};
use tokio::sync::Notify;

/// Calls of one registered session that may be under way in the engine at once. Before that it is one, because what a
/// line means depends on the answer to the one before.
const CALLS_UNDER_WAY_MAX: u32 = 256;
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

/// The reader is too slow: what waits for it would be more than its limit.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Overflow;

#[derive(Debug, Default)]
struct Out {
    waiting: VecDeque<u8>,
    closing: bool,
}

#[derive(Debug)]
pub(crate) struct Link {
    /// `None` where bytes must be wrapped before they are sent (TLS, WebSocket): then the task sends them all.
    pub(crate) socket: Option<Socket>,
    out: Mutex<Out>,
    /// Something is to be done by the task: bytes wait, calls were handled, or the end has come.
    pub(crate) wake: Notify,
    under_way: AtomicU32,
    /// The task waits for calls to be handled.
    starved: AtomicBool,
    registered: AtomicBool,
}

impl Link {
    pub(crate) fn new(socket: Option<Socket>) -> Self {
        Self {
            socket,
            out: Mutex::default(),
            wake: Notify::new(),
            under_way: AtomicU32::new(0),
            starved: AtomicBool::new(false),
            registered: AtomicBool::new(false),
        }
    }

    fn out(&self) -> MutexGuard<'_, Out> {
        // Nothing in here can be half done when a thread panics.
        self.out.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends, or keeps for later, all parts.
    pub(crate) fn send(&self, parts: &[IoSlice<'_>], waiting_bytes_max: usize) -> Result<(), Overflow> {
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

    /// Nothing more is sent; the task ends when what waits is written.
    pub(crate) fn close(&self) {
        self.out().closing = true;
        self.wake.notify_one();
    }

    /// As [`Link::close`], and what waits is dropped: nobody is going to read it.
    pub(crate) fn abort(&self) {
        self.out().waiting = VecDeque::new();
        self.close();
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.out().closing
    }

    pub(crate) fn register(&self) {
        self.registered.store(true, Ordering::Release);
    }

    pub(crate) fn is_registered(&self) -> bool {
        self.registered.load(Ordering::Acquire)
    }

    /// How many more calls may be sent to the engine. Asking notes that the task waits if it is none.
    pub(crate) fn room(&self) -> u32 {
        let max = if self.is_registered() { CALLS_UNDER_WAY_MAX } else { 1 };
        let room = |link: &Self| max.saturating_sub(link.under_way.load(Ordering::Acquire));
        let now = room(self);
        if now > 0 {
            return now;
        }
        self.starved.store(true, Ordering::SeqCst);
        // The last call may have been handled just now, before the note was there to be seen.
        room(self)
    }

    pub(crate) fn begin_calls(&self, count: u32) {
        self.under_way.fetch_add(count, Ordering::AcqRel);
    }

    /// So many calls were handled.
    pub(crate) fn end_calls(&self, count: u32) {
        let before = self.under_way.fetch_sub(count, Ordering::SeqCst);
        debug_assert!(before >= count, "{count} calls were handled of {before} that were begun");
        if self.starved.load(Ordering::SeqCst) && self.starved.swap(false, Ordering::SeqCst) {
            self.wake.notify_one();
        }
    }
}
