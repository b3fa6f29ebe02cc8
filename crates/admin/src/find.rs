//! Where the server's socket and database are.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use chat_model::{phrase, sentence};
use chat_store::Reader;

use crate::args::LocationArgs;
use crate::failure::Failure;
use crate::language::language;
use crate::server::Server;

const SOCKET: &str = "admin.sock";
const DATABASE: &str = "chat.db";

/// Where the server is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Location {
    pub(crate) socket: PathBuf,
    /// `None` where only the socket is known: the server tells then.
    database: Option<PathBuf>,
}

impl Location {
    pub(crate) fn find(args: &LocationArgs) -> Result<Self, Failure> {
        if let (Some(socket), None, None) = (&args.socket, &args.data_dir, &args.config) {
            return Ok(Self { socket: socket.clone(), database: None });
        }
        let configured = args.config.as_deref().map(read_config).transpose()?.unwrap_or_default();
        let given = args.data_dir.clone().or(configured.data_dir);
        let data_dir = match given {
            Some(data_dir) => data_dir,
            None => default_data_dir(env::var_os("XDG_STATE_HOME"), env::var_os("HOME"))?,
        };
        let socket = args.socket.clone().or(configured.socket).unwrap_or_else(|| data_dir.join(SOCKET));
        Ok(Self { socket, database: Some(data_dir.join(DATABASE)) })
    }

    /// A connection to the running server.
    pub(crate) fn server(&self) -> Result<Server, Failure> {
        Server::connect(&self.socket)
    }

    /// The database file. Asks the server only where nothing else tells.
    pub(crate) fn database(&self) -> Result<PathBuf, Failure> {
        match &self.database {
            Some(database) => Ok(database.clone()),
            None => Ok(self.server()?.hello.database.clone()),
        }
    }

    pub(crate) fn reader(&self) -> Result<Reader, Failure> {
        Ok(Reader::open(&self.database()?)?)
    }
}

/// What the configuration says about places.
#[derive(Debug, Default)]
struct Configured {
    data_dir: Option<PathBuf>,
    socket: Option<PathBuf>,
}

fn read_config(path: &Path) -> Result<Configured, Failure> {
    let shown = path.display();
    let text = fs::read_to_string(path).map_err(|error| {
        Failure::Usage(sentence!(
            language(),
            en = "cannot read {shown}: {error}",
            zh = "无法读取 {shown}：{error}"
        ))
    })?;
    let config: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        // Only what is wrong and where: the line itself may hold a password.
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        Failure::Usage(sentence!(
            language(),
            en = "{shown} is not a valid TOML file: line {line}: {problem}",
            zh = "{shown} 不是有效的 TOML 文件：第 {line} 行：{problem}",
            problem = error.message(),
        ))
    })?;
    let value = |section: &str, key: &str| match config.get(section).and_then(|section| section.get(key)) {
        None => Ok(None),
        // As for the server: an empty path is the default.
        Some(toml::Value::String(path)) => Ok(Some(PathBuf::from(path)).filter(|_| !path.is_empty())),
        Some(_) => Err(Failure::Usage(sentence!(
            language(),
            en = "{shown}: [{section}] {key} must be a path in quotes",
            zh = "{shown}：[{section}] {key} 要写成带引号的路径",
        ))),
    };
    Ok(Configured { data_dir: value("server", "data_dir")?, socket: value("admin", "socket")? })
}

fn default_data_dir(state_home: Option<OsString>, home: Option<OsString>) -> Result<PathBuf, Failure> {
    // The XDG specification: a relative path there counts as none.
    let state_home = state_home.map(PathBuf::from).filter(|path| path.is_absolute());
    let home = home.filter(|home| !home.is_empty()).map(|home| Path::new(&home).join(".local/state"));
    let state = state_home.or(home).ok_or_else(|| {
        let text = phrase!(
            language(),
            en = "neither HOME nor XDG_STATE_HOME is set; say where the server is with --data-dir",
            zh = "HOME 和 XDG_STATE_HOME 都没有设置，请用 --data-dir 指明服务器在哪里",
        );
        Failure::Usage(text.into())
    })?;
    Ok(state.join("chat-server"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_directory_is_found_as_the_server_finds_it() {
        let cases = [
            (Some("/state"), Some("/home/u"), "/state/chat-server"),
            (Some("relative"), Some("/home/u"), "/home/u/.local/state/chat-server"),
            (None, Some("/home/u"), "/home/u/.local/state/chat-server"),
        ];
        for (state, home, expected) in cases {
            let found = default_data_dir(state.map(Into::into), home.map(Into::into));
            assert_eq!(found.expect("found"), Path::new(expected));
        }
        let error = default_data_dir(None, Some("".into())).expect_err("nowhere");
        assert!(error.to_string().contains("--data-dir"), "{error}");
    }

    #[test]
    fn the_configuration_names_the_directory_and_the_socket() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let file = directory.path().join("chat-server.toml");
        let cases = [
            ("[server]\ndata_dir = \"/data\"\n", Ok(("/data/admin.sock", "/data/chat.db"))),
            ("[server]\ndata_dir = \"/data\"\n[admin]\nsocket = \"/run/a\"", Ok(("/run/a", "/data/chat.db"))),
            (
                "[server]\ndata_dir = \"/data\"\n[admin]\nsocket = \"\"",
                Ok(("/data/admin.sock", "/data/chat.db")),
            ),
            ("[server]\ndata_dir = 7", Err("data_dir must be a path in quotes")),
            ("[server", Err("is not a valid TOML file")),
        ];
        for (config, expected) in cases {
            fs::write(&file, config).expect("written");
            let found =
                Location::find(&LocationArgs { config: Some(file.clone()), ..LocationArgs::default() });
            match (found, expected) {
                (Ok(found), Ok((socket, database))) => {
                    assert_eq!(found, Location { socket: socket.into(), database: Some(database.into()) });
                }
                (Err(error), Err(expected)) => assert!(error.to_string().contains(expected), "{error}"),
                (found, _) => panic!("{config:?} gave {found:?}"),
            }
        }
    }

    #[test]
    fn a_configuration_that_names_no_directory_means_the_one_of_the_state() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let file = directory.path().join("chat-server.toml");
        fs::write(&file, "[server]\ndata_dir = \"\"\n[admin]\nsocket = \"\"\n").expect("written");
        let configured = read_config(&file).expect("read");
        assert_eq!((configured.data_dir, configured.socket), (None, None));
    }

    #[test]
    fn a_socket_alone_leaves_the_database_to_the_server() {
        let args = LocationArgs { socket: Some("/run/a".into()), ..LocationArgs::default() };
        assert_eq!(
            Location::find(&args).expect("found"),
            Location { socket: "/run/a".into(), database: None }
        );
        let args = LocationArgs { data_dir: Some("/data".into()), ..args };
        let expected = Location { socket: "/run/a".into(), database: Some("/data/chat.db".into()) };
        assert_eq!(Location::find(&args).expect("found"), expected);
    }
}
