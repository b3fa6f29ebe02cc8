//! What every end-to-end test needs: a server of its own, and someone to talk to it through each face.

mod irc;
mod json;
mod line_client;
mod needs;
mod plain;
mod program;
mod server;
mod terminal;

pub(crate) use irc::{IrcClient, IrcLine};
pub(crate) use json::JsonClient;
pub(crate) use needs::{require, require_program};
pub(crate) use plain::PlainClient;
pub(crate) use program::{
    Finished, admin, admin_command, admin_with_input, client_path, run, server_path, wait,
};
pub(crate) use server::{Config, Server};
pub(crate) use terminal::Terminal;

use std::time::Duration;

/// Bounds the wait for anything that must come. It is never a pace: what comes, is taken at once.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// How often is looked again at what cannot be waited for: a screen, a file, a process.
pub(crate) const LOOK_AGAIN: Duration = Duration::from_millis(50);
