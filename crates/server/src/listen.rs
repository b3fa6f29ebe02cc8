//! Ports: binding them, and what comes in through them.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use chat_engine::input::Peer;
use chat_model::close_reason::CloseReason;
use chat_model::limits::Limits;
use chat_model::reply::Reply;
use chat_room::Outbox as _;
use chat_wire::{Contexts, Face, Session};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tracing::{debug, warn};

use crate::clock;
use crate::config::Listen;
use crate::connection::Connection;
use crate::inbox::{Inbox, Item};
use crate::keepalive::keep_alive;
use crate::metrics::Metrics;
use crate::outbox::{Outbox, Socket};
use crate::slots::{Slot, Slots};
use crate::tls;
use crate::websocket;

/// How long a TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Pause after the system refused to accept: it has run out of something, and needs time to get it back.
pub(crate) const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What all listeners share.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) inbox: Inbox,
    pub(crate) slots: Arc<Slots>,
    pub(crate) metrics: Arc<Metrics>,
    /// Those of the last reload.
    pub(crate) limits: Arc<RwLock<Arc<Limits>>>,
    pub(crate) context: Arc<Contexts>,
}

impl Door {
    fn limits(&self) -> Arc<Limits> {
        self.limits.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// A slot for a connection. It is taken before anything is done for it, a handshake included: what has no slot
    /// has no limit.
    pub(crate) fn take_slot(&self, address: Option<IpAddr>) -> Result<Slot, CloseReason> {
        self.slots.take(address, &self.limits(), Instant::now()).map_err(|refused| {
            self.metrics.turned_away.get_or_create(&[("limit", refused.limit)]).inc();
            // Somebody who tries without a pause must not fill the log.
            if !refused.again {
                warn!(address = ?address, limit = refused.limit, "refused a connection, and maybe more from there");
            }
            refused.why
        })
    }

    /// Says in one line why there is no slot.
    fn refuse(&self, face: Face, stream: TcpStream, why: CloseReason) {
        let (mut words, now) = (Vec::new(), clock::now());
        let farewell = Reply::Closing(why);
        Session::new(face, false).reply(&farewell, now, &self.context, &mut words);
        let outbox = Outbox::new(Some(Socket::Tcp(stream)));
        // Who cannot take one line cannot be told.
        let _ = outbox.send(&[io::IoSlice::new(&words)], 0);
    }

    /// Tells the loop that a connection is there.
    pub(crate) async fn enter(
        &self,
        slot: Slot,
        face: Face,
        guest: bool,
        peer: Peer,
        socket: Option<Socket>,
    ) -> Option<Connection> {
        let Slot { session, pace } = slot;
        let (limits, address) = (self.limits(), peer.address);
        let outbox = Arc::new(Outbox::new(socket));
        let item = Item::Connected { session, face, guest, peer, outbox: outbox.clone() };
        self.inbox.send(item).await.ok()?;
        Some(Connection { session, face, address, pace, outbox, inbox: self.inbox.clone(), limits })
    }
}

/// A bound port.
pub(crate) struct Port {
    listener: TcpListener,
    listen: Listen,
    tls: Option<tls::Shared>,
}

impl Port {
    /// Binds a port.
    ///
    /// # Errors
    /// One line that names the address and says what to do.
    pub(crate) async fn bind(listen: &Listen) -> Result<Self, String> {
        let tls = listen.tls.as_ref().map(tls::Shared::load).transpose()?;
        let address = listen.address;
        let listener = TcpListener::bind(address).await.map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => {
                format!("{address} is in use by another program; stop it, or choose another address under [[listen]]")
            }
            io::ErrorKind::PermissionDenied => {
                format!("{address} may not be used: ports below 1024 need privileges; choose a higher one under [[listen]]")
            }
            _ => format!("cannot listen on {address}: {error}; choose another address under [[listen]]"),
        })?;
        Ok(Self { listener, listen: listen.clone(), tls })
    }

    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    pub(crate) fn listen(&self) -> &Listen {
        &self.listen
    }

    pub(crate) fn tls(&self) -> Option<tls::Shared> {
        self.tls.clone()
    }

    /// Lets clients in for as long as the server runs.
    pub(crate) async fn accept(self, door: Door) {
        loop {
            match self.listener.accept().await {
                Ok((stream, from)) => self.admit(stream, from.ip().to_canonical(), &door).await,
                Err(error) => {
                    warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    async fn admit(&self, stream: TcpStream, address: IpAddr, door: &Door) {
        // Lines are small and written when they are whole: waiting for more would only delay them. A dead peer of a
        // face that cannot be asked is found by the system. Either may fail, and the connection works without.
        let _ = stream.set_nodelay(true);
        let _ = keep_alive(&stream);
        let face = self.listen.protocol.face();
        let secure = self.tls.is_some();
        let (client, hears_itself) = (face.name().into(), face.hears_itself());
        let peer =
            Peer { client, hears_itself, address: Some(address), secure, certfp: None, administrator: None };
        let slot = match door.take_slot(Some(address)) {
            Ok(slot) => slot,
            Err(why) => {
                if self.tls.is_none() && !self.listen.websocket {
                    door.refuse(face, stream, why);
                }
                return;
            }
        };
        let mut visitor = Visitor { door: door.clone(), slot, face, guest: self.listen.guest, peer };
        let websocket = self.listen.websocket;
        match &self.tls {
            None if !websocket => visitor.serve_socket(stream).await,
            None => drop(tokio::spawn(visitor.serve_wrapped(stream, websocket))),
            Some(tls) => {
                let handshake = TlsAcceptor::from(tls.current()).accept(stream);
                tokio::spawn(async move {
                    match timeout(HANDSHAKE, handshake).await {
                        Ok(Ok(stream)) => {
                            visitor.peer.certfp = tls::certfp(stream.get_ref().1);
                            visitor.serve_wrapped(stream, websocket).await;
                        }
                        Ok(Err(error)) => visitor.turn_away(&format!("the TLS handshake failed: {error}")),
                        Err(_) => visitor.turn_away("the TLS handshake took too long"),
                    }
                });
            }
        }
    }
}

/// Somebody at the door, who has a slot.
struct Visitor {
    door: Door,
    slot: Slot,
    face: Face,
    guest: bool,
    peer: Peer,
}

impl Visitor {
    async fn serve_socket(self, stream: TcpStream) {
        let socket = Some(Socket::Tcp(stream));
        if let Some(connection) = self.door.enter(self.slot, self.face, self.guest, self.peer, socket).await {
            tokio::spawn(connection.serve_socket());
        }
    }

    async fn serve_wrapped<S>(self, stream: S, websocket: bool)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        if !websocket {
            let entered = self.door.enter(self.slot, self.face, self.guest, self.peer, None).await;
            if let Some(connection) = entered {
                connection.serve_stream(stream).await;
            }
            return;
        }
        let config = websocket::config(self.door.limits().line_bytes_max);
        let Ok(Ok(accepted)) = timeout(HANDSHAKE, websocket::accept(stream, config)).await else {
            return self.turn_away("the WebSocket handshake failed");
        };
        let entered = self.door.enter(self.slot, self.face, self.guest, self.peer, None).await;
        if let Some(connection) = entered {
            let (stream, pump) = accepted.into_stream();
            connection.serve_stream(stream).await;
            websocket::end(pump).await;
        }
    }

    /// Somebody did not get as far as the loop: the slot is free again.
    fn turn_away(&self, why: &str) {
        debug!(address = ?self.peer.address, why, "turned a connection away");
        self.door.slots.give_back(self.slot.session, self.peer.address);
    }
}
