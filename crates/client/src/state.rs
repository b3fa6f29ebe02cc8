//! Files that outlive a run: private, and missed by nobody when they are gone.

use std::fs::{DirBuilder, OpenOptions, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use chat_model::id::Time;

/// Only its user may read and write it.
const FILE_MODE: u32 = 0o600;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// From its start.
    Anew,
    /// At its end.
    Append,
}

/// Writes to a file that only its user may read, in a folder of the same kind.
///
/// # Errors
/// What the system says.
pub(crate) fn write(path: &Path, text: &str, how: How) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let mut options = OpenOptions::new();
    options.create(true).mode(FILE_MODE);
    match how {
        How::Anew => options.write(true).truncate(true),
        How::Append => options.append(true),
    };
    let mut file = options.open(path)?;
    // One that was there before may be open to others.
    file.set_permissions(Permissions::from_mode(FILE_MODE))?;
    file.write_all(text.as_bytes())
}

/// The file that typed lines to a server are remembered in.
pub(crate) fn history_file(server: &str) -> Option<PathBuf> {
    state("history", server)
}

/// The file that says up to when everything was seen on a server.
#[derive(Debug)]
pub(crate) struct SeenFile(PathBuf);

impl SeenFile {
    /// The file for a nickname on a server.
    pub(crate) fn of(server: &str, nick: &str) -> Option<Self> {
        state("seen", &format!("{nick}@{server}")).map(Self)
    }

    /// What was written last.
    pub(crate) fn read(&self) -> Option<Time> {
        let text = std::fs::read_to_string(&self.0).ok()?;
        text.trim().parse().ok().map(Time)
    }

    /// Writes it, as milliseconds since 1970.
    pub(crate) fn write(&self, seen: Time) {
        // Without it, whispers of the time between two runs are only found by /history.
        let _ = write(&self.0, &format!("{}\n", seen.0), How::Anew);
    }
}

fn state(kind: &str, name: &str) -> Option<PathBuf> {
    let name: String = name.chars().map(|c| if c == '/' { '_' } else { c }).collect();
    xdg("XDG_STATE_HOME", ".local/state").map(|folder| folder.join(kind).join(name))
}

/// Our folder of a kind (XDG Base Directory Specification).
pub(crate) fn xdg(variable: &str, fallback: &str) -> Option<PathBuf> {
    let set = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || std::env::var_os("HOME").map(|home| Path::new(&home).join(fallback));
    set.or_else(home).map(|folder| folder.join("chat-client"))
}
