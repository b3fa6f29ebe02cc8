//! How a WebSocket begins: a request of HTTP, which is agreed to or answered in words.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy, sink};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::handshake::machine::TryParse;
use tokio_tungstenite::tungstenite::handshake::server::{Request, create_response, write_response};
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::Accepted;

/// Header that names what is spoken inside.
const PROTOCOL: &str = "sec-websocket-protocol";
/// What clients may name there; the first of theirs that is one of these is taken.
const PROTOCOLS: [&str; 2] = ["binary.ircv3.net", "text.ircv3.net"];
/// The longest request: a page brings its cookies along.
const REQUEST_BYTES_MAX: usize = 16 * 1024;
/// What is answered to all that is no such request (RFC 9110 section 15.5.22).
const REFUSAL: &[u8] = b"HTTP/1.1 426 Upgrade Required\r\n\
    Upgrade: websocket\r\n\
    Connection: Upgrade, close\r\n\
    Content-Type: text/plain; charset=utf-8\r\n\
    Content-Length: 73\r\n\r\n\
    This is a chat server: connect with a chat client that speaks WebSocket.\n";

/// Shakes hands. Browsers of any origin are welcome: nothing is granted by where a page is from.
///
/// # Errors
/// What was wrong with the request, which has been answered.
pub(crate) async fn accept<S>(mut stream: S, config: WebSocketConfig) -> Result<Accepted<S>, Error>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let agreed = match read_request(&mut stream).await {
        Ok((request, rest)) => create_response(&request).map(|response| (request, rest, response)),
        Err(error) => Err(error),
    };
    let (request, rest, mut response) = match agreed {
        Ok(agreed) => agreed,
        Err(error) => {
            refuse(&mut stream).await;
            return Err(error);
        }
    };
    let protocol = chosen(&request);
    if let Some(name) = protocol {
        response.headers_mut().insert(PROTOCOL, HeaderValue::from_static(name));
    }
    let mut head = Vec::new();
    write_response(&mut head, &response)?;
    stream.write_all(&head).await?;
    stream.flush().await?;
    // A client need not wait for the answer before it speaks.
    let socket = WebSocketStream::from_partially_read(stream, rest, Role::Server, Some(config)).await;
    Ok(Accepted { socket, binary: protocol == Some(PROTOCOLS[0]) })
}

/// The request, and what came behind it.
async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> Result<(Request, Vec<u8>), Error> {
    let mut bytes = Vec::with_capacity(1024);
    while bytes.len() <= REQUEST_BYTES_MAX {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(Error::ConnectionClosed);
        }
        if let Some((size, request)) = Request::try_parse(&bytes)? {
            return Ok((request, bytes.split_off(size)));
        }
    }
    Err(Error::AttackAttempt)
}

/// The first protocol of the client's that is one of ours; it may name them in one header or in several.
fn chosen(request: &Request) -> Option<&'static str> {
    let offers = request.headers().get_all(PROTOCOL).iter().filter_map(|value| value.to_str().ok());
    let mut names = offers.flat_map(|names| names.split(',')).map(str::trim);
    names.find_map(|name| PROTOCOLS.into_iter().find(|ours| *ours == name))
}

async fn refuse(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) {
    // Who has gone already hears nothing. What is still coming is read: closing a socket with unread input takes back
    // what was just sent. How long that may go on is the caller's affair.
    if stream.write_all(REFUSAL).await.is_ok() && stream.shutdown().await.is_ok() {
        let _ = copy(stream, &mut sink()).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_refusal_is_as_long_as_it_says() {
        let text = std::str::from_utf8(REFUSAL).expect("ASCII");
        let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.ends_with(&format!("Content-Length: {}", body.len())), "{}", body.len());
    }
}
