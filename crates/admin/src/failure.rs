//! Why something was not done, in a sentence, with what to do about it and the exit status that says so.

use std::io;
use std::path::PathBuf;

use chat_store::StoreError;

use crate::text::visible;

/// Everything that keeps a command from being done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The server, or common sense, said no.
    #[error("{}", visible(reason))]
    Refused {
        /// As in [`chat_model::refusal::Refusal::code`].
        code: String,
        reason: String,
    },
    /// The words make no sense.
    #[error("{0}")]
    Usage(String),
    /// There is nobody to ask.
    #[error("no server answers at {}", socket.display())]
    NoServer { socket: PathBuf },
    /// The socket is there and not for us.
    #[error("{} is for the server's own user (or root) only", socket.display())]
    NotAllowed { socket: PathBuf },
    /// The server was there and is no longer, or it is something else.
    #[error("{0}")]
    Broken(String),
    /// The database cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Reading or printing failed.
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl Failure {
    pub(crate) fn refused(code: &str, reason: impl Into<String>) -> Self {
        Self::Refused { code: code.to_owned(), reason: reason.into() }
    }

    pub(crate) fn exit_status(&self) -> u8 {
        match self {
            Self::Refused { .. } | Self::NotAllowed { .. } | Self::Io(_) => 1,
            Self::Store(StoreError::Missing { .. }) | Self::NoServer { .. } | Self::Broken(_) => 3,
            Self::Store(_) => 1,
            Self::Usage(_) => 2,
        }
    }

    /// Whether whoever read our output has had enough (`| head`), which is no failure.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Io(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// For stderr: a sentence and a hint for people, one object for machines.
    pub(crate) fn report(&self, json: bool) -> String {
        if json {
            return serde_json::json!({ "error": self.to_string(), "code": self.code(), "hint": self.hint() })
                .to_string();
        }
        let hint = self.hint().map(|hint| format!("\n  hint: {hint}")).unwrap_or_default();
        format!("chat-admin: {self}{hint}")
    }

    fn code(&self) -> &str {
        match self {
            Self::Refused { code, .. } => code,
            Self::Usage(_) => "USAGE",
            Self::NoServer { .. } | Self::Broken(_) => "NO_SERVER",
            Self::NotAllowed { .. } => "NOT_ADMINISTRATOR",
            Self::Store(_) => "DATABASE",
            Self::Io(_) => "IO",
        }
    }

    fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Refused { code, .. } => refusal_hint(code),
            Self::NoServer { .. } => {
                Some("start chat-server, or say where it is with --socket, --data-dir or --config")
            }
            Self::NotAllowed { .. } => Some("run this as the user that chat-server runs as, or with sudo"),
            Self::Store(StoreError::Missing { .. }) => {
                Some("say where the server keeps its files with --data-dir or --config")
            }
            Self::Usage(_) => Some("`chat-admin help` and `chat-admin help COMMAND` show how it is written"),
            Self::Broken(_) | Self::Store(_) | Self::Io(_) => None,
        }
    }
}

fn refusal_hint(code: &str) -> Option<&'static str> {
    match code {
        "NO_SUCH_NICK" => Some("`chat-admin list` shows who is on"),
        "NO_SUCH_CHANNEL" => Some("`chat-admin list --channels` shows which there are"),
        "NO_SUCH_ACCOUNT" => Some("`chat-admin user list` shows which there are"),
        "NO_SUCH_BAN" => Some("`chat-admin bans` shows which there are"),
        "ACCOUNT_EXISTS" => Some("`chat-admin user passwd NAME` gives it another password"),
        "FILE_EXISTS" => Some("--force replaces it"),
        "STORAGE_UNAVAILABLE" => Some("make room on the server's disk; it goes on by itself then"),
        _ => None,
    }
}
