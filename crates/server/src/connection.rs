//! The task of one connection: reads, paces, keeps the time limits, and writes what the loop could not.

use std::cell::RefCell;
use std::future::pending;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chat_model::close_reason::CloseReason;
use chat_model::id::SessionId;
use chat_model::limits::Limits;
use chat_wire::{Face, Framer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, Interest, Ready};
use tokio::sync::mpsc::Permit;
use tokio::time::{sleep_until, timeout};

use crate::bucket::Pace;
use crate::clock;
use crate::inbox::{Inbox, Item};
use crate::intake::{Flood, Intake};
use crate::outbox::{Outbox, Socket};

/// Bytes read at once.
const READ_BYTES: usize = 16 * 1024;
/// How long a closed connection may take to read what it was told.
pub(crate) const LINGER: Duration = Duration::from_secs(2);

thread_local! {
    /// One buffer for all connections of a thread: an idle one holds none.
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_BYTES]);
}

/// What a task knows of its connection.
pub(crate) struct Connection {
    pub(crate) session: SessionId,
    pub(crate) face: Face,
    pub(crate) address: Option<IpAddr>,
    /// What it shares with all others of its address; `None` for unix sockets.
    pub(crate) pace: Option<Arc<Pace>>,
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) inbox: Inbox,
    pub(crate) limits: Arc<Limits>,
}

/// Why the reading ended.
enum End {
    /// The loop has closed the connection: it has been told why.
    Closed,
    /// The client closed its end, or something broke or ran out.
    Gone(CloseReason),
}

impl From<io::Error> for End {
    /// Who resets a connection has not read all that it was sent, so that is no way to close it. Where a TLS stream just
    /// ends, the client has closed what carries it.
    fn from(error: io::Error) -> Self {
        Self::Gone(match error.kind() {
            io::ErrorKind::UnexpectedEof => CloseReason::Closed,
            kind => CloseReason::Failed(kind.to_string().into()),
        })
    }
}

impl From<Flood> for End {
    fn from(_: Flood) -> Self {
        Self::Gone(CloseReason::Flood)
    }
}

/// Since when a client has taken nothing of what waits for it.
#[derive(Default)]
struct Stall {
    written: u64,
    since: Option<Instant>,
}

impl Stall {
    /// `written` is what has left in all, as long as more waits.
    fn look(&mut self, written: Option<u64>) {
        match written {
            None => self.since = None,
            Some(written) if self.since.is_none() || written != self.written => {
                (self.written, self.since) = (written, Some(Instant::now()));
            }
            Some(_) => {}
        }
    }
}

/// When something is due on a connection.
struct Timers {
    opened: Instant,
    heard: Instant,
    pinged: bool,
    stall: Stall,
    register: Duration,
    ping: Duration,
    send: Duration,
    /// For faces that cannot be asked, silence means nothing.
    pings: bool,
}

impl Timers {
    fn new(face: Face, limits: &Limits) -> Self {
        let now = Instant::now();
        let duration = |ms: i64| Duration::from_millis(ms.unsigned_abs());
        Self {
            opened: now,
            heard: now,
            pinged: false,
            stall: Stall::default(),
            register: duration(limits.register_timeout_ms),
            ping: duration(limits.ping_timeout_ms),
            send: duration(limits.send_timeout_ms),
            pings: face.can_be_asked(),
        }
    }

    fn hear(&mut self) {
        self.heard = Instant::now();
        self.pinged = false;
    }

    /// When what came without a line end counts as a line.
    fn silence(&self, intake: &Intake) -> Option<Instant> {
        self.heard.checked_add(Duration::from_millis(intake.silence_ms()?))
    }

    /// When a client that takes nothing of what waits is given up.
    fn stalled(&self) -> Option<Instant> {
        self.stall.since?.checked_add(self.send)
    }

    fn next(&self, registered: bool) -> Option<Instant> {
        match registered {
            false => self.opened.checked_add(self.register),
            true if self.pings => {
                let rounds = if self.pinged { 2 } else { 1 };
                self.heard.checked_add(self.ping.saturating_mul(rounds))
            }
            true => None,
        }
    }
}

impl Connection {
    /// Serves a socket that the loop writes to itself.
    pub(crate) async fn serve_socket(self) {
        let mut intake = self.intake();
        let end = match self.read_socket(&mut intake).await {
            Ok(never) => match never {},
            Err(end) => end,
        };
        self.part(end).await;
        self.linger().await;
        self.end().await;
    }

    fn intake(&self) -> Intake {
        let framer = Framer::new(self.face, self.limits.line_bytes_max);
        Intake::new(framer, &self.limits, self.pace.clone(), Instant::now())
    }

    async fn read_socket(&self, intake: &mut Intake) -> Result<std::convert::Infallible, End> {
        let socket = self.outbox.socket.as_ref().expect("only sockets are served here");
        let mut timers = Timers::new(self.face, &self.limits);
        let mut finished = false;
        loop {
            self.forward(intake, finished).await?;
            timers.stall.look(self.outbox.progress());
            let due = self.due(intake, &timers);
            let reads = !finished && !intake.is_full();
            let wanted = wanted(reads, self.outbox.has_waiting());
            tokio::select! {
                () = self.outbox.wake.notified() => self.flush().await?,
                ready = ready(socket, wanted) => {
                    let ready = ready?;
                    if reads && (ready.is_readable() || ready.is_read_closed()) {
                        finished = read_all(socket, intake, &mut timers)?;
                    }
                    if ready.is_writable() || ready.is_write_closed() {
                        self.flush().await?;
                    }
                }
                () = until(due) => self.on_time(intake, &mut timers).await?,
            }
            if self.outbox.is_closing() {
                return Err(End::Closed);
            }
        }
    }

    /// Writes what waits, as far as the socket takes it, and tells the loop if it wants to know.
    async fn flush(&self) -> Result<(), End> {
        if self.outbox.flush()? { self.tell_drained().await } else { Ok(()) }
    }

    async fn tell_drained(&self) -> Result<(), End> {
        self.permit().await?.send(Item::Drained { session: self.session });
        Ok(())
    }

    /// Waits for room in the inbox. An item is made only then: a task is as large as what it holds while it waits.
    async fn permit(&self) -> Result<Permit<'_, Item>, End> {
        self.inbox.reserve().await.map_err(|_| End::Closed)
    }

    /// Lets through what may pass. When the client has finished and all of it passed, so has the connection.
    async fn forward(&self, intake: &mut Intake, finished: bool) -> Result<(), End> {
        while !intake.is_empty() {
            let frames = intake.take(Instant::now(), self.outbox.in_flight.room() as usize);
            // Only having found no room makes sure of being woken when there is some.
            if frames.is_empty() {
                return Ok(());
            }
            self.outbox.in_flight.begin(frames.len() as u32);
            let (session, arrived_ms) = (self.session, intake.arrived_ms());
            self.permit().await?.send(Item::Frames { session, arrived_ms, frames });
        }
        if finished { Err(End::Gone(CloseReason::Closed)) } else { Ok(()) }
    }

    fn due(&self, intake: &Intake, timers: &Timers) -> Option<Instant> {
        let timer = timers.next(self.outbox.in_flight.is_registered());
        [intake.next(), timer, timers.stalled(), timers.silence(intake)].into_iter().flatten().min()
    }

    async fn on_time(&self, intake: &mut Intake, timers: &mut Timers) -> Result<(), End> {
        if timers.silence(intake).is_some_and(|due| due <= Instant::now()) {
            intake.silence(clock::monotonic_ms())?;
        }
        let registered = self.outbox.in_flight.is_registered();
        if timers.stalled().is_some_and(|due| due <= Instant::now()) {
            return Err(End::Gone(CloseReason::SendQueueFull));
        }
        if timers.next(registered).is_none_or(|due| Instant::now() < due) {
            return Ok(());
        }
        if !registered {
            return Err(End::Gone(CloseReason::RegisterTimeout));
        }
        if timers.pinged {
            let seconds = timers.ping.saturating_mul(2).as_secs();
            return Err(End::Gone(CloseReason::PingTimeout {
                seconds: i64::try_from(seconds).unwrap_or(i64::MAX),
            }));
        }
        timers.pinged = true;
        self.permit().await?.send(Item::Ping { session: self.session });
        Ok(())
    }

    /// Tells the loop, which tells the client and everybody else.
    async fn part(&self, end: End) {
        if let End::Gone(farewell) = end {
            // Without a loop the server has stopped, and nobody is to be told.
            if let Ok(permit) = self.permit().await {
                permit.send(Item::Gone { session: self.session, farewell });
            }
        }
    }

    /// Sees the last words out: writes what waits, says that nothing more comes, and reads on for a moment, because
    /// closing a socket with unread input takes back what was just sent.
    async fn linger(&self) {
        let Some(socket) = &self.outbox.socket else { return };
        // As long as the client takes something there may be more: it can have closed its end and read on.
        while timeout(LINGER, self.write_on(socket)).await.is_ok_and(|written| written.is_ok()) {
            if self.outbox.is_closing() && self.outbox.progress().is_none() {
                break;
            }
        }
        let last_words = async {
            socket.finish();
            while socket.ready(Interest::READABLE).await.is_ok() {
                match BUFFER.with_borrow_mut(|buffer| socket.try_read(buffer)) {
                    Ok(0) => return,
                    Err(error) if error.kind() != io::ErrorKind::WouldBlock => return,
                    _ => {}
                }
            }
        };
        // Who does not read in time has been told all that can be told.
        let _ = timeout(LINGER, last_words).await;
    }

    /// Waits until there is something to write, and writes some of it.
    async fn write_on(&self, socket: &Socket) -> Result<(), End> {
        if self.outbox.has_waiting() {
            socket.ready(Interest::WRITABLE).await?;
        } else if !self.outbox.is_closing() {
            self.outbox.wake.notified().await;
        }
        self.flush().await
    }

    async fn end(self) {
        // As above: no loop, nobody to tell.
        if let Ok(permit) = self.permit().await {
            permit.send(Item::Ended { session: self.session, address: self.address });
        }
    }

    /// Serves a stream that wraps what it carries (TLS).
    pub(crate) async fn serve_stream(self, stream: impl AsyncRead + AsyncWrite) {
        let (mut reader, mut writer) = tokio::io::split(stream);
        let mut intake = self.intake();
        let mut unsent = Vec::new();
        let end = match self.read_stream(&mut intake, &mut reader, &mut writer, &mut unsent).await {
            Ok(never) => match never {},
            Err(end) => end,
        };
        self.part(end).await;
        // As with sockets: who has gone hears nothing, and who reads on is told all.
        while timeout(LINGER, self.write_wrapped(&mut writer, &mut unsent))
            .await
            .is_ok_and(|written| written.is_ok())
        {
            if self.outbox.is_closing() && self.outbox.progress().is_none() && unsent.is_empty() {
                break;
            }
        }
        let _ = timeout(LINGER, writer.shutdown()).await;
        self.end().await;
    }

    /// As [`Connection::write_on`].
    async fn write_wrapped(
        &self,
        writer: &mut (impl AsyncWrite + Unpin),
        unsent: &mut Vec<u8>,
    ) -> Result<(), End> {
        if unsent.is_empty() && !self.outbox.has_waiting() && !self.outbox.is_closing() {
            self.outbox.wake.notified().await;
        }
        self.take_unsent(unsent).await?;
        let written = write_or_flush(writer, unsent).await?;
        drop(unsent.drain(..written));
        Ok(())
    }

    /// Takes more of what waits once all that was taken is written.
    async fn take_unsent(&self, unsent: &mut Vec<u8>) -> Result<(), End> {
        if !unsent.is_empty() {
            return Ok(());
        }
        let (taken, is_wanted) = self.outbox.take_waiting();
        *unsent = taken;
        if is_wanted { self.tell_drained().await } else { Ok(()) }
    }

    async fn read_stream(
        &self,
        intake: &mut Intake,
        reader: &mut (impl AsyncRead + Unpin),
        writer: &mut (impl AsyncWrite + Unpin),
        unsent: &mut Vec<u8>,
    ) -> Result<std::convert::Infallible, End> {
        let mut timers = Timers::new(self.face, &self.limits);
        let mut finished = false;
        let mut buffer = vec![0; 4096];
        let mut unflushed = false;
        let mut written_bytes = 0;
        loop {
            self.forward(intake, finished).await?;
            self.take_unsent(unsent).await?;
            timers.stall.look(if unsent.is_empty() { None } else { Some(written_bytes) });
            let due = self.due(intake, &timers);
            tokio::select! {
                () = self.outbox.wake.notified() => {}
                read = reader.read(&mut buffer), if !finished && !intake.is_full() => {
                    let count = read?;
                    finished = take_in(&buffer[..count], intake, &mut timers)?;
                }
                written = write_or_flush(writer, unsent), if unflushed || !unsent.is_empty() => {
                    let written = written?;
                    drop(unsent.drain(..written));
                    written_bytes += written as u64;
                    unflushed = written > 0;
                }
                () = until(due) => self.on_time(intake, &mut timers).await?,
            }
            // What is unsent belongs to the last words: a client that does not read must not keep its slot.
            if self.outbox.is_closing() {
                return Err(End::Closed);
            }
        }
    }
}

/// Writes some of what is unsent, or, when all of it is written, sees that it leaves. Either may be dropped half way,
/// so a client that does not read holds up neither the time limits nor the end.
async fn write_or_flush(writer: &mut (impl AsyncWrite + Unpin), unsent: &[u8]) -> io::Result<usize> {
    if unsent.is_empty() {
        return writer.flush().await.map(|()| 0);
    }
    match writer.write(unsent).await {
        Ok(0) => Err(io::ErrorKind::WriteZero.into()),
        written => written,
    }
}

/// One interest for both ways: a task is as large as all that it waits for at once.
fn wanted(reads: bool, writes: bool) -> Option<Interest> {
    match (reads, writes) {
        (true, true) => Some(Interest::READABLE | Interest::WRITABLE),
        (true, false) => Some(Interest::READABLE),
        (false, true) => Some(Interest::WRITABLE),
        (false, false) => None,
    }
}

/// Waits for what is wanted of a socket, which may be nothing.
async fn ready(socket: &Socket, wanted: Option<Interest>) -> io::Result<Ready> {
    match wanted {
        Some(wanted) => socket.ready(wanted).await,
        None => pending().await,
    }
}

/// Waits for a moment that may never come.
async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment.into()).await,
        None => pending().await,
    }
}

/// Reads what there is. Whether it was the end.
fn read_all(socket: &Socket, intake: &mut Intake, timers: &mut Timers) -> Result<bool, End> {
    BUFFER.with_borrow_mut(|buffer| match socket.try_read(buffer) {
        Ok(count) => take_in(&buffer[..count], intake, timers),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(false),
        Err(error) => Err(error.into()),
    })
}

fn take_in(bytes: &[u8], intake: &mut Intake, timers: &mut Timers) -> Result<bool, End> {
    timers.hear();
    let now_ms = clock::monotonic_ms();
    if bytes.is_empty() {
        // What came without a line end is all that there will be of it.
        intake.silence(now_ms)?;
        return Ok(true);
    }
    intake.push(bytes, now_ms)?;
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::IoSlice;

    use chat_room::Outbox as _;
    use tokio::io::duplex;
    use tokio::runtime::Runtime;
    use tokio::sync::mpsc;

    #[test]
    fn whoever_resets_a_connection_has_not_had_what_it_was_sent() {
        use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
        for kind in [BrokenPipe, ConnectionAborted, ConnectionReset] {
            let end = End::from(io::Error::from(kind));
            assert!(matches!(end, End::Gone(CloseReason::Failed(_))), "{kind}");
        }
        let end = End::from(io::Error::from(UnexpectedEof));
        assert!(matches!(end, End::Gone(CloseReason::Closed)));
    }

    #[test]
    fn a_wrapped_connection_that_is_never_read_gives_its_place_back() {
        let (inbox, mut received) = mpsc::channel(16);
        let outbox = Arc::new(Outbox::new(None));
        let connection = Connection {
            pace: None,
            session: SessionId::new(0, 0),
            face: Face::Plain,
            address: None,
            outbox: outbox.clone(),
            inbox,
            limits: Arc::default(),
        };
        outbox.in_flight.register();
        let ended = Runtime::new().expect("a runtime").block_on(async {
            // The client's end stays open, and nobody reads from it.
            let (stream, _client) = duplex(16);
            let served = tokio::spawn(connection.serve_stream(stream));
            outbox.send(&[IoSlice::new(&[b'x'; 1000])], 2000).expect("it may wait");
            // The pipe is full when the first bytes are in it: from then on the task waits for the client.
            while outbox.has_waiting() {
                tokio::task::yield_now().await;
            }
            outbox.give_up(b"");
            let ended = timeout(LINGER * 5, received.recv()).await;
            served.abort();
            ended
        });
        assert!(matches!(ended, Ok(Some(Item::Ended { .. }))), "{ended:?}");
    }
}
