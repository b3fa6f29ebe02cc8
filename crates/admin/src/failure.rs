//! Why something was not done, in a sentence, with what to do about it and the exit status that says so.

use std::io;
use std::path::{Path, PathBuf};

use chat_model::language::Language;
use chat_model::{phrase, sentence};
use chat_store::StoreError;

use crate::language::language;
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
    #[error("{}", no_server(socket))]
    NoServer { socket: PathBuf },
    /// The socket is there and not for us.
    #[error("{}", not_allowed(socket))]
    NotAllowed { socket: PathBuf },
    /// The server was there and is no longer, or it is something else.
    #[error("{0}")]
    Broken(String),
    /// The database cannot be read.
    #[error("{}", store_in_words(.0))]
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
        let l = language();
        let hint = |hint| sentence!(l, en = "\n  hint: {hint}", zh = "\n  提示：{hint}");
        let hint = self.hint().map(hint).unwrap_or_default();
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
        let l = language();
        Some(match self {
            Self::Refused { code, .. } => return refusal_hint(code),
            Self::NoServer { .. } => phrase!(
                l,
                en = "start chat-server, or say where it is with --socket, --data-dir or --config",
                zh = "请启动 chat-server，或用 --socket、--data-dir 或 --config 指明它在哪里",
            ),
            Self::NotAllowed { .. } => phrase!(
                l,
                en = "run this as the user that chat-server runs as, or with sudo",
                zh = "请用运行 chat-server 的用户来运行，或用 sudo",
            ),
            Self::Store(StoreError::Missing { .. }) => phrase!(
                l,
                en = "say where the server keeps its files with --data-dir or --config",
                zh = "请用 --data-dir 或 --config 指明服务器的文件在哪里",
            ),
            Self::Usage(_) => phrase!(
                l,
                en = "`chat-admin help` and `chat-admin help COMMAND` show how it is written",
                zh = "写法见 `chat-admin help` 和 `chat-admin help 命令`",
            ),
            Self::Broken(_) | Self::Store(_) | Self::Io(_) => return None,
        })
    }
}

/// What is wrong with the database. The store has its sentences in English, which is what the server's log is in.
fn store_in_words(error: &StoreError) -> String {
    use StoreError as S;
    match language() {
        Language::English => error.to_string(),
        Language::Chinese => match error {
            S::Missing { path } => {
                format!("{} 没有数据库，chat-server 首次启动时会创建", path.display())
            }
            S::Empty { path } => format!("{} 是空的，chat-server 首次启动时会写入", path.display()),
            S::Newer { path, found, known } => format!(
                "{} 由更新的版本写成（格式 {found}，本程序只认识到 {known}），请升级本程序；文件没有改动",
                path.display()
            ),
            S::Older { path, found, known } => format!(
                "{} 由更旧的版本写成（格式 {found}，本程序需要 {known}），请把新的 chat-server 启动一次，它会更新此文件",
                path.display()
            ),
            S::NotADatabase { path } => {
                format!("{} 不是 chat-server 的数据库，请移走它或换一个数据目录", path.display())
            }
            S::Foreign { path } => {
                format!("{} 是别的程序的数据库，没有改动；请移走它或换一个数据目录", path.display())
            }
            S::Replaced { path } => {
                format!("{} 在使用中被删除、改名或替换了，请放回原处，或停下来恢复备份", path.display())
            }
            S::Open { path, source } => {
                format!("无法打开 {}：{source}；请检查目录是否存在、文件能否读写", path.display())
            }
            S::Busy => "数据库被别的程序锁住，请用 `fuser chat.db` 找到它，停掉后再试".to_owned(),
            S::Full => "磁盘已满，腾出空间之前什么都存不了".to_owned(),
            S::Damaged(what) => format!(
                "数据库已损坏：{what}；请停止服务器，留好损坏的文件，然后恢复备份，或用 `sqlite3 chat.db .recover` 抢救"
            ),
            other => other.to_string(),
        },
    }
}

fn no_server(socket: &Path) -> String {
    let socket = socket.display();
    sentence!(language(), en = "no server answers at {socket}", zh = "{socket} 没有服务器回应")
}

fn not_allowed(socket: &Path) -> String {
    let socket = socket.display();
    sentence!(
        language(),
        en = "{socket} is for the server's own user (or root) only",
        zh = "只有运行服务器的用户（或 root）能用 {socket}",
    )
}

fn refusal_hint(code: &str) -> Option<&'static str> {
    let l = language();
    Some(match code {
        "NO_SUCH_NICK" => {
            phrase!(l, en = "`chat-admin list` shows who is on", zh = "用 `chat-admin list` 看谁在线")
        }
        "NO_SUCH_CHANNEL" => phrase!(
            l,
            en = "`chat-admin list --channels` shows which there are",
            zh = "用 `chat-admin list --channels` 看有哪些频道",
        ),
        "NO_SUCH_ACCOUNT" => phrase!(
            l,
            en = "`chat-admin user list` shows which there are",
            zh = "用 `chat-admin user list` 看有哪些账号",
        ),
        "NO_SUCH_BAN" => {
            phrase!(
                l,
                en = "`chat-admin bans` shows which there are",
                zh = "用 `chat-admin bans` 看有哪些封禁"
            )
        }
        "ACCOUNT_EXISTS" => phrase!(
            l,
            en = "`chat-admin user passwd NAME` gives it another password",
            zh = "用 `chat-admin user passwd 账号` 更改它的密码",
        ),
        "FILE_EXISTS" => phrase!(l, en = "--force replaces it", zh = "加 --force 可以替换它"),
        "STORAGE_UNAVAILABLE" => phrase!(
            l,
            en = "make room on the server's disk; it goes on by itself then",
            zh = "请在服务器的磁盘上腾出空间，之后它会自己恢复",
        ),
        _ => return None,
    })
}
