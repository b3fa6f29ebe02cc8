//! The command line.

use std::path::PathBuf;

use chat_model::language::Language;
use clap::Parser;

use crate::commands::Command;

/// Behind the help.
pub(crate) const AFTER_HELP: &str = "\
Exit status: 0 done, 1 refused (with the reason), 2 usage, 3 no server.

The server is found by --socket, --data-dir or --config; else in
$XDG_STATE_HOME/chat-server, else in ~/.local/state/chat-server, which is
where chat-server puts its files when it is told nothing.";

/// Administers a chat room: who is on, kick, ban, accounts, history, logs.
#[derive(Debug, Parser)]
#[command(name = "chat-admin", version, after_help = AFTER_HELP, max_term_width = 100)]
pub(crate) struct Cli {
    /// Print JSON Lines for machines: one object a row
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// Speak this language: en or zh [default: that of the environment, LANG]
    #[arg(long, global = true, value_name = "LANGUAGE", value_parser = chat_cli::read_language)]
    pub(crate) lang: Option<Language>,

    #[command(flatten)]
    pub(crate) location: LocationArgs,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where the server is.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Where the server is")]
pub(crate) struct LocationArgs {
    /// Read from the server's configuration where it is
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// The server's admin socket
    #[arg(long, global = true, value_name = "PATH")]
    pub(crate) socket: Option<PathBuf>,

    /// The server's data directory, with admin.sock and chat.db in it
    #[arg(long, global = true, value_name = "DIR", conflicts_with = "config")]
    pub(crate) data_dir: Option<PathBuf>,
}
