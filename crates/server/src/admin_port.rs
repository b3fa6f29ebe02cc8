//! The socket of administrators. Being the server's user, or root, is the credential.

use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use chat_engine::input::Peer;
use chat_wire::Face;
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, connect, socket_with};
use tokio::net::{UnixListener, UnixStream};
use tracing::warn;

use crate::listen::{ACCEPT_PAUSE, Door};
use crate::outbox::Socket;

/// See the module.
pub(crate) struct AdminPort {
    listener: UnixListener,
    name: SocketName,
}

/// The name of a socket, for as long as it stands for that one.
#[derive(Clone, Debug)]
pub(crate) struct SocketName {
    path: PathBuf,
    number: (u64, u64),
}

impl SocketName {
    /// Whether it does: whoever cleans up in a directory may have taken it away.
    pub(crate) fn is_there(&self) -> bool {
        number(&self.path).is_ok_and(|number| number == self.number)
    }

    /// Takes it away, when the socket is no more. Another server's that is there by now stays.
    pub(crate) fn remove(&self) {
        if self.is_there() {
            // The next start would take it away as well.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The device and the number on it of what a name stands for.
fn number(path: &Path) -> io::Result<(u64, u64)> {
    fs::symlink_metadata(path).map(|there| (there.dev(), there.ino()))
}

/// Takes away the socket that an earlier server has left, and nothing else. One at which somebody answers is in use: by a
/// server with another data directory and the same socket, or by a program of which nothing is known.
fn make_way(path: &Path, wrong: &impl Fn(io::Error) -> String) -> Result<(), String> {
    let Ok(there) = fs::symlink_metadata(path) else { return Ok(()) };
    let shown = path.display();
    if !there.file_type().is_socket() {
        return Err(format!("{shown} is there and is no socket; name another with socket under [admin]"));
    }
    match somebody_listens(path) {
        Ok(false) => fs::remove_file(path).map_err(wrong),
        Err(error) => Err(wrong(error)),
        Ok(true) => Err(format!(
            "another program answers at {shown}: is it a second server with the same socket? name another with socket \
             under [admin]"
        )),
    }
}

/// Whether a socket is somebody's. It may be somebody who takes no connections, and is not waited for.
fn somebody_listens(path: &Path) -> io::Result<bool> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)?;
    match connect(&socket, &SocketAddrUnix::new(path)?) {
        Ok(()) | Err(Errno::AGAIN) => Ok(true),
        Err(Errno::CONNREFUSED) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

impl AdminPort {
    /// Binds the socket in a way that nobody else can open it at any moment.
    ///
    /// # Errors
    /// One line that names the path and says what to do.
    pub(crate) fn bind(path: &Path) -> Result<Self, String> {
        let wrong = |error: io::Error| {
            format!(
                "cannot make the admin socket {}: {error}; name another with socket under [admin]",
                path.display()
            )
        };
        make_way(path, &wrong)?;
        let old = rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o177));
        let listener = UnixListener::bind(path);
        rustix::process::umask(old);
        let listener = listener.map_err(wrong)?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(wrong)?;
        let number = number(path).map_err(wrong)?;
        Ok(Self { listener, name: SocketName { path: path.to_owned(), number } })
    }

    /// What others find it by.
    pub(crate) fn name(&self) -> SocketName {
        self.name.clone()
    }

    /// Lets administrators in for as long as the server runs.
    pub(crate) async fn accept(self, door: Door) {
        loop {
            match self.listener.accept().await {
                Ok((stream, _)) => admit_administrator(stream, &door).await,
                Err(error) => {
                    warn!(%error, "an administrator's connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
}

async fn admit_administrator(stream: UnixStream, door: &Door) {
    let own = rustix::process::geteuid().as_raw();
    let uid = stream.peer_cred().map(|credentials| credentials.uid()).unwrap_or(u32::MAX);
    if uid != own && uid != 0 {
        warn!(uid, "refused an administrator who is neither the server's user nor root");
        return;
    }
    let name = if uid == 0 { "root".to_owned() } else { format!("uid {uid}") };
    let administrator = Some(format!("admin {name}").into());
    let (client, hears_itself) = (Face::Admin.name().into(), Face::Admin.hears_itself());
    let peer = Peer { client, hears_itself, address: None, secure: true, certfp: None, administrator };
    // Only what has an address can be too many.
    let Ok(slot) = door.take_slot(None) else { return };
    if let Some(connection) = door.enter(slot, Face::Admin, false, peer, Some(Socket::Unix(stream))).await {
        connection.outbox.in_flight.register();
        tokio::spawn(connection.serve_socket());
    }
}

#[cfg(test)]
mod tests {
    use rustix::net::{bind, listen};

    use super::*;

    #[test]
    fn a_socket_is_somebodys_also_while_its_queue_is_full() {
        let folder = tempfile::tempdir().expect("a directory");
        let path = folder.path().join("admin.sock");
        let address = SocketAddrUnix::new(&path).expect("a short path");
        let flags = SocketFlags::CLOEXEC;
        let stream = || socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None).expect("a socket");
        let listener = stream();
        bind(&listener, &address).expect("nobody is there");
        listen(&listener, 0).expect("it listens");
        // Linux takes one more into the queue than it is told to.
        let waiting = stream();
        connect(&waiting, &address).expect("there is room for one");
        assert!(somebody_listens(&path).expect("it can be found out"));
        drop(listener);
        assert!(!somebody_listens(&path).expect("it can be found out"));
    }
}
