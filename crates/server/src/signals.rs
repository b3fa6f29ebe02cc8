//! The signals that the server is told things by.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Each waits until it is looked at, from the moment on that this exists: it is made before anything else, because a
/// SIGHUP that nobody waits for ends the program, and whoever restarts a server and reloads it at once sends one.
pub(crate) struct Signals {
    pub(crate) terminate: Signal,
    pub(crate) interrupt: Signal,
    pub(crate) hangup: Signal,
}

impl Signals {
    /// To be called inside the runtime.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }
}
