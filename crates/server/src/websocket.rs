//! WebSocket as a transport: a message is a line without its end (IRCv3 websocket), or one JSON object.
//!
//! It is turned into the stream of bytes that every other connection is, so that nothing else knows of it.

use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader, DuplexStream, duplex};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::connection::LINGER;

/// Header that names what is spoken inside.
const PROTOCOL: &str = "sec-websocket-protocol";
/// What clients may name there; the first of theirs that is one of these is taken.
const PROTOCOLS: [&str; 2] = ["binary.ircv3.net", "text.ircv3.net"];
/// The longest message; a line that is too long inside it is told so by the framer.
const MESSAGE_BYTES_MAX: usize = 64 * 1024;
/// Bytes between the two ends of the stream.
const PIPE_BYTES: usize = 16 * 1024;

/// An accepted WebSocket.
pub(crate) struct Accepted<S> {
    socket: WebSocketStream<S>,
    binary: bool,
}

/// Shakes hands. Browsers of any origin are welcome: nothing is granted by where a page is from.
pub(crate) async fn accept<S: AsyncRead + AsyncWrite + Unpin>(stream: S) -> Result<Accepted<S>, Error> {
    let mut binary = false;
    #[expect(clippy::result_large_err, reason = "the library wants it so")]
    let choose = |request: &Request, mut response: Response| -> Result<Response, ErrorResponse> {
        let offered =
            request.headers().get(PROTOCOL).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let chosen = offered.split(',').map(str::trim).find(|name| PROTOCOLS.contains(name));
        if let Some(name) = chosen {
            binary = name == PROTOCOLS[0];
            if let Ok(value) = HeaderValue::from_str(name) {
                response.headers_mut().insert(PROTOCOL, value);
            }
        }
        Ok(response)
    };
    // A frame is gathered before the limit of messages is looked at, so it needs one of its own.
    let config = WebSocketConfig::default()
        .max_message_size(Some(MESSAGE_BYTES_MAX))
        .max_frame_size(Some(MESSAGE_BYTES_MAX));
    let socket = tokio_tungstenite::accept_hdr_async_with_config(stream, choose, Some(config)).await?;
    Ok(Accepted { socket, binary })
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Accepted<S> {
    /// The stream of bytes that is inside, and the task that fills and empties it.
    pub(crate) fn into_stream(self) -> (DuplexStream, JoinHandle<()>) {
        let (inner, outer) = duplex(PIPE_BYTES);
        let pump = tokio::spawn(async move {
            // However it ends, the other end of the pipe sees it end.
            let _ = pump(self, outer).await;
        });
        (inner, pump)
    }
}

/// Ends the task when its stream has ended: at once if it can, by force if the client does not read.
pub(crate) async fn end(mut pump: JoinHandle<()>) {
    if timeout(LINGER, &mut pump).await.is_err() {
        pump.abort();
    }
}

async fn pump<S: AsyncRead + AsyncWrite + Unpin>(
    accepted: Accepted<S>,
    pipe: DuplexStream,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let Accepted { mut socket, binary } = accepted;
    let (reader, mut writer) = tokio::io::split(pipe);
    let mut lines = BufReader::new(reader).lines();
    loop {
        tokio::select! {
            message = socket.next() => {
                let bytes = match message.transpose()? {
                    Some(Message::Text(text)) => text.as_bytes().to_vec(),
                    Some(Message::Binary(bytes)) => bytes.to_vec(),
                    Some(Message::Close(_)) | None => break,
                    Some(_) => continue,
                };
                writer.write_all(&bytes).await?;
                writer.write_all(b"\r\n").await?;
            }
            line = lines.next_line() => match line? {
                Some(line) if binary => socket.send(Message::Binary(line.into_bytes().into())).await?,
                Some(line) => socket.send(Message::Text(line.into())).await?,
                None => break,
            }
        }
    }
    Ok(socket.close(None).await?)
}
