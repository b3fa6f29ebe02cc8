//! The connection: bytes to lines and back, in the clear or under TLS.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, lookup_host};
use tokio::sync::mpsc::{Sender, UnboundedReceiver};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

use crate::address::Address;
use crate::trouble::Trouble;

/// Time for one address to answer, and for TLS to be agreed on.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// Bytes of one line from the server: 512 and 8191 for its tags, and room to be generous.
const LINE_BYTES_MAX: usize = 64 * 1024;

/// Bytes that are read at once, more or less.
const READ_BYTES: usize = 8 * 1024;

/// What the connection tells.
#[derive(Debug)]
pub(crate) enum Event {
    /// It is there.
    Connected {
        /// Whether it is encrypted.
        secure: bool,
        /// Whether it does not leave the machine.
        local: bool,
    },
    /// The server sent this line.
    Line(String),
    /// It is not there, or no longer.
    Lost(Trouble),
}

/// A server to connect to, again and again.
#[derive(Clone)]
pub(crate) struct Server {
    /// Where it is.
    pub(crate) address: Address,
    /// How to encrypt, if at all.
    pub(crate) tls: Option<Arc<ClientConfig>>,
}

impl Server {
    /// Waits, connects, and moves lines until the connection ends. Its last event is [`Event::Lost`].
    pub(crate) async fn run(self, after: Duration, lines: UnboundedReceiver<String>, events: Sender<Event>) {
        tokio::time::sleep(after).await;
        let result = self.connect_and_move(lines, &events).await;
        let why = result.err().unwrap_or(Trouble::Closed);
        // Where nobody listens any more nobody needs to know.
        let _ = events.send(Event::Lost(why)).await;
    }

    async fn connect_and_move(
        self,
        lines: UnboundedReceiver<String>,
        events: &Sender<Event>,
    ) -> Result<(), Trouble> {
        let (stream, peer) = connect(&self.address).await?;
        // Lines are short and people wait for them.
        stream.set_nodelay(true)?;
        let connected = Event::Connected { secure: self.tls.is_some(), local: peer.ip().is_loopback() };
        let Some(tls) = self.tls else {
            tell(events, connected).await?;
            return move_lines(stream, lines, events).await;
        };
        let name = ServerName::try_from(self.address.host.clone()).map_err(|_| Trouble::NoCertificateName)?;
        let handshake = TlsConnector::from(tls).connect(name, stream);
        let stream = timeout(CONNECT_TIMEOUT, handshake)
            .await
            .map_err(|_| Trouble::NoAnswerToTls)?
            .map_err(Trouble::Tls)?;
        tell(events, connected).await?;
        move_lines(stream, lines, events).await
    }
}

/// Tells what happened. Where nobody listens any more the connection may as well end.
async fn tell(events: &Sender<Event>, event: Event) -> Result<(), Trouble> {
    events.send(event).await.map_err(|_| Trouble::Closed)
}

/// Tries the addresses of a host one after another.
async fn connect(address: &Address) -> Result<(TcpStream, SocketAddr), Trouble> {
    let no_address = |error| Trouble::NoAddress { host: address.host.clone(), error };
    let found = lookup_host((address.host.as_str(), address.port())).await;
    let found = found.map_err(|error| no_address(Some(error)))?;
    let mut trouble = no_address(None);
    for candidate in found {
        trouble = match timeout(CONNECT_TIMEOUT, TcpStream::connect(candidate)).await {
            Ok(Ok(stream)) => return Ok((stream, candidate)),
            Ok(Err(error)) => Trouble::Refused { address: candidate, error },
            Err(_) => Trouble::NoAnswer { address: candidate },
        };
    }
    Err(trouble)
}

async fn move_lines<S: AsyncRead + AsyncWrite>(
    stream: S,
    mut lines: UnboundedReceiver<String>,
    events: &Sender<Event>,
) -> Result<(), Trouble> {
    let (mut reader, mut writer) = tokio::io::split(stream);
    let write = async {
        while let Some(mut bytes) = lines.recv().await {
            // What piled up goes out at once.
            while let Ok(more) = lines.try_recv() {
                bytes.push_str(&more);
            }
            writer.write_all(bytes.as_bytes()).await?;
            writer.flush().await?;
        }
        Ok(())
    };
    tokio::select! {
        result = read_lines(&mut reader, events) => result,
        result = write => result,
    }
}

async fn read_lines(reader: &mut (impl AsyncRead + Unpin), events: &Sender<Event>) -> Result<(), Trouble> {
    let mut buffer = Vec::with_capacity(READ_BYTES);
    loop {
        if reader.read_buf(&mut buffer).await? == 0 {
            return Ok(());
        }
        let mut start = 0;
        while let Some(length) = buffer[start..].iter().position(|byte| *byte == b'\n') {
            let line = String::from_utf8_lossy(&buffer[start..start + length]);
            tell(events, Event::Line(line.trim_end_matches('\r').to_owned())).await?;
            start += length + 1;
        }
        buffer.drain(..start);
        if buffer.len() > LINE_BYTES_MAX {
            return Err(Trouble::LineTooLong { bytes_max: LINE_BYTES_MAX });
        }
    }
}
