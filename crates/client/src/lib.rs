//! `chat-client`: a readline IRC client that works over the worst ssh link, and in a pipe.
//!
//! [`session`] is the client itself, as a function of what happens; [`shell`] gives it a terminal, a network and a
//! clock.

mod address;
mod cli;
mod config;
mod editor;
mod help;
mod net;
mod output;
mod restore;
mod screen;
mod session;
mod shell;
mod state;
mod tls;
mod trouble;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use chat_model::phrase;

use cli::Cli;

/// Exit status: the command line or the configuration is wrong.
const EXIT_USAGE: u8 = 2;

/// The program `chat-client`.
pub fn main() -> ExitCode {
    // Wrong usage ends in here, with a hint and status 2.
    let cli: Cli = chat_cli::parse(help::CHINESE);
    match run(&cli) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            let between = phrase!(cli.language(), en = ": ", zh = "：");
            let words: Vec<_> = error.chain().map(ToString::to_string).collect();
            eprintln!("chat-client: {}", screen::sanitize(&words.join(between)));
            ExitCode::from(EXIT_USAGE)
        }
    }
}

fn run(cli: &Cli) -> anyhow::Result<u8> {
    let plan = cli.plan(std::io::stdin().is_terminal())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let status = runtime.block_on(shell::run(plan, cli.json));
    // A name look-up may still be under way, and nobody waits for its answer.
    runtime.shutdown_background();
    status
}
