//! `chat-admin`: what an operator of a chat room needs, from the shell.
//!
//! What changes something goes through the running server's admin socket, which writes it into the audit log.
//! What only looks reads the database file, and so works without a server too.

mod args;
mod commands;
mod console;
mod failure;
mod find;
mod help;
mod language;
mod record;
mod server;
#[cfg(test)]
mod tests;
mod text;
mod when;

use std::process::ExitCode;

use crate::args::Cli;
use crate::console::Console;

/// Runs the command line of this process. The exit status is 0 for done, 1 for refused, 2 for a command line that
/// makes no sense, 3 for no server.
pub fn main() -> ExitCode {
    let cli: Cli = chat_cli::parse(help::CHINESE);
    language::choose(cli.lang);
    let mut console = Console::of_process(cli.json);
    let result = commands::run(&cli, &mut console).and_then(|()| Ok(console.flush()?));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            // What was found before it failed is not lost. Should that fail too, the first reason is the better one.
            console.flush().ok();
            eprintln!("{}", failure.report(cli.json));
            ExitCode::from(failure.exit_status())
        }
    }
}
