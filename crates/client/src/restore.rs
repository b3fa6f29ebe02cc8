//! The terminal as it was found, to leave it so whatever happens.

use std::io::{IsTerminal as _, Write as _};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// Puts the cursor on a clean row, and ends bracketed paste, which the editor began.
const LEAVE: &[u8] = b"\r\x1b[J\x1b[?2004l";

/// The settings of the terminal on standard input when the program began.
pub(crate) struct Restore {
    found: Termios,
    /// Whether an editor drew on the terminal.
    pub(crate) edited: bool,
}

impl Restore {
    /// Notes how the terminal is. `None` where there is none.
    pub(crate) fn remember() -> Option<Self> {
        let found = tcgetattr(std::io::stdin()).ok()?;
        Some(Self { found, edited: false })
    }

    /// Shows what is typed, or hides it.
    pub(crate) fn echo(&self, on: bool) {
        let mut wanted = self.found.clone();
        if !on {
            wanted.local_modes.remove(LocalModes::ECHO);
        }
        // A terminal that is gone has nothing to hide.
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Drain, &wanted);
    }
}

impl Drop for Restore {
    fn drop(&mut self) {
        if self.edited && std::io::stdout().is_terminal() {
            let mut stdout = std::io::stdout().lock();
            let _ = stdout.write_all(LEAVE).and_then(|()| stdout.flush());
        }
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Drain, &self.found);
    }
}
