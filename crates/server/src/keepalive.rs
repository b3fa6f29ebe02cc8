//! How a connection is found to be dead whose other end says nothing any more: the system asks, since most faces cannot.

use std::io;
use std::os::fd::AsFd;
use std::time::Duration;

use rustix::net::sockopt;

/// Silence after which the other end is asked whether it is there.
const IDLE: Duration = Duration::from_secs(60);
/// Time between two such questions.
const INTERVAL: Duration = Duration::from_secs(15);
/// Questions without an answer after which it is not.
const PROBES_MAX: u32 = 4;
/// For how long what was sent may stay unacknowledged: as long as silence may last, asked or not.
const UNACKNOWLEDGED_MAX: Duration =
    Duration::from_secs(IDLE.as_secs() + INTERVAL.as_secs() * PROBES_MAX as u64);

/// Sees to it that the system ends a dead connection within two minutes, and not two hours.
///
/// # Errors
/// What the system says; the connection works without.
pub(crate) fn keep_alive(socket: &impl AsFd) -> io::Result<()> {
    sockopt::set_socket_keepalive(socket, true)?;
    sockopt::set_tcp_keepidle(socket, IDLE)?;
    sockopt::set_tcp_keepintvl(socket, INTERVAL)?;
    sockopt::set_tcp_keepcnt(socket, PROBES_MAX)?;
    sockopt::set_tcp_user_timeout(socket, UNACKNOWLEDGED_MAX.as_millis() as u32)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{TcpListener, TcpStream};

    #[test]
    fn a_dead_connection_ends_within_two_minutes() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let _client = TcpStream::connect(listener.local_addr().expect("an address")).expect("it listens");
        let (socket, _) = listener.accept().expect("somebody came");
        keep_alive(&socket).expect("Linux can do it");
        let found = (
            sockopt::socket_keepalive(&socket),
            sockopt::tcp_keepidle(&socket),
            sockopt::tcp_keepintvl(&socket),
            sockopt::tcp_keepcnt(&socket),
            sockopt::tcp_user_timeout(&socket),
        );
        assert_eq!(found, (Ok(true), Ok(IDLE), Ok(INTERVAL), Ok(4), Ok(120_000)));
    }
}
