//! The command line of chat-server.

use std::path::PathBuf;

use clap::Parser;

/// A community room for people who live in a terminal: IRC, plain text and JSON over one SQLite file.
///
/// Without any option it serves IRC on 127.0.0.1:6667 and plain text on 127.0.0.1:2323.
#[derive(Debug, Parser)]
#[command(name = "chat-server", version)]
pub(crate) struct Cli {
    /// Read the configuration from this file
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Keep the database and the admin socket in this directory
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Only say whether the configuration is right
    #[arg(long)]
    pub(crate) check_config: bool,
    /// Print a configuration file with every key, its default and what it is for
    #[arg(long)]
    pub(crate) print_config: bool,
    /// Read a password from standard input and print its hash, for password_hash under [[operator]]
    #[arg(long)]
    pub(crate) hash_password: bool,
}
