//! WebSocket as a transport: a message is a line without its end (IRCv3 websocket), or one JSON object.
//!
//! It is turned into the stream of bytes that every other connection is, so that nothing else knows of it.

mod handshake;

use futures_util::{SinkExt, StreamExt};
use tokio::io::{
    AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader, DuplexStream, copy, duplex, sink,
};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Bytes, Error, Message};

use crate::connection::LINGER;
pub(crate) use handshake::accept;

/// The longest message; a line that is too long inside it is told so by the framer.
const MESSAGE_BYTES_MAX: usize = 64 * 1024;
/// Bytes between the two ends of the stream.
const PIPE_BYTES: usize = 16 * 1024;
/// How much longer than the line that it tells of a message can be: a JSON object has its text twice, and a control
/// character is six bytes in it.
const GROWTH_MAX: usize = 12;

/// How the library is to behave on a listener that takes lines of so many bytes.
pub(crate) fn config(line_bytes_max: usize) -> WebSocketConfig {
    // A frame is gathered before the limit of messages is looked at, so it needs one of its own. Without a limit for
    // writing, the answers to the pings of a client that never reads would pile up.
    WebSocketConfig::default()
        .max_message_size(Some(MESSAGE_BYTES_MAX))
        .max_frame_size(Some(MESSAGE_BYTES_MAX))
        .write_buffer_size(PIPE_BYTES)
        .max_write_buffer_size(PIPE_BYTES + MESSAGE_BYTES_MAX + GROWTH_MAX * line_bytes_max)
}

/// An accepted WebSocket.
pub(crate) struct Accepted<S> {
    socket: WebSocketStream<S>,
    binary: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Accepted<S> {
    /// The stream of bytes that is inside, and the task that fills and empties it.
    pub(crate) fn into_stream(self) -> (DuplexStream, JoinHandle<()>) {
        let (inner, outer) = duplex(PIPE_BYTES);
        (inner, tokio::spawn(pump(self, outer)))
    }
}

/// Ends the task when its stream has ended: at once if it can, by force if the client does not read.
pub(crate) async fn end(mut pump: JoinHandle<()>) {
    if timeout(LINGER, &mut pump).await.is_err() {
        pump.abort();
    }
}

/// Carries everything from one side to the other until one of them ends, then sees the client out.
async fn pump<S: AsyncRead + AsyncWrite + Unpin>(accepted: Accepted<S>, pipe: DuplexStream) {
    let Accepted { mut socket, binary } = accepted;
    // However it ends, the other end of the pipe sees it end.
    match relay(&mut socket, binary, pipe).await {
        Ok(()) => close(&mut socket, CloseCode::Normal).await,
        Err(Error::Utf8(_)) => close(&mut socket, CloseCode::Invalid).await,
        Err(Error::Capacity(_)) => close(&mut socket, CloseCode::Size).await,
        Err(Error::Protocol(_)) => close(&mut socket, CloseCode::Protocol).await,
        // There is nobody left to tell.
        Err(_) => {}
    }
}

async fn relay<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut WebSocketStream<S>,
    binary: bool,
    pipe: DuplexStream,
) -> Result<(), Error> {
    let (reader, mut writer) = tokio::io::split(pipe);
    let mut lines = BufReader::new(reader).lines();
    // What the client said that does not fit into the pipe yet. Nothing more is read from it meanwhile, but what it is
    // told goes on: also when the pipe's other end has stopped listening, and says why.
    let mut unsent = Bytes::new();
    let mut listens = true;
    loop {
        tokio::select! {
            message = socket.next(), if listens && unsent.is_empty() => match message.transpose()? {
                Some(Message::Text(text)) => unsent = with_line_end(text.as_bytes()),
                Some(Message::Binary(bytes)) => unsent = with_line_end(&bytes),
                Some(Message::Close(_)) | None => return Ok(()),
                Some(_) => {}
            },
            written = writer.write_buf(&mut unsent), if listens && !unsent.is_empty() => {
                listens = written.is_ok();
            }
            line = lines.next_line() => match line? {
                Some(line) if binary => socket.send(Message::Binary(line.into_bytes().into())).await?,
                Some(line) => socket.send(Message::Text(line.into())).await?,
                None => return Ok(()),
            }
        }
    }
}

fn with_line_end(message: &[u8]) -> Bytes {
    [message, b"\r\n"].concat().into()
}

/// The closing handshake (RFC 6455 section 7.1): says why, or answers the client's own close, and reads until the
/// client has ended, too, because closing a socket with unread input takes back what was just sent.
async fn close<S: AsyncRead + AsyncWrite + Unpin>(socket: &mut WebSocketStream<S>, code: CloseCode) {
    let said = socket.send(Message::Close(Some(CloseFrame { code, reason: "".into() }))).await;
    // The library answers the client's close by itself, and refuses to say anything after it.
    if said.is_err() && socket.flush().await.is_err() {
        return;
    }
    let stream = socket.get_mut();
    if stream.shutdown().await.is_ok() {
        let _ = copy(stream, &mut sink()).await;
    }
}
