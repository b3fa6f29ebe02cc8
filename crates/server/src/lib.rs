//! The shell around the engine: configuration, sockets, clock, log and signals of chat-server.

mod admin_port;
mod asks;
mod bucket;
mod cli;
mod clock;
mod config;
mod connection;
mod damage;
mod disk;
mod help;
mod inbox;
mod intake;
mod journal;
mod keepalive;
mod listen;
mod lock;
mod logs;
mod metrics;
mod outbox;
mod passwords;
mod private;
mod reload;
mod serve;
mod shell;
mod signals;
mod slots;
#[cfg(test)]
mod storms;
mod tls;
mod websocket;

use std::io::BufRead;
use std::process::ExitCode;

use chat_model::secret::Secret;

use crate::cli::Cli;
use crate::config::Config;

/// What a failure is, for the exit status.
#[derive(Debug)]
enum Failure {
    /// The command line or the configuration is wrong: 2.
    Usage(String),
    /// Something went wrong: 1.
    Runtime(String),
}

/// The whole program.
pub fn main() -> ExitCode {
    let cli: Cli = chat_cli::parse(help::CHINESE);
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Usage(message)) => fail(&message, 2),
        Err(Failure::Runtime(message)) => fail(&message, 1),
    }
}

fn fail(message: &str, status: u8) -> ExitCode {
    eprintln!("chat-server: {message}");
    ExitCode::from(status)
}

fn run(cli: &Cli) -> Result<(), Failure> {
    if cli.hash_password {
        return hash_password();
    }
    if cli.print_config {
        print!("{}", config::keys::document());
        return Ok(());
    }
    let config = Config::load(cli.config.as_deref(), cli.data_dir.as_deref())
        .map_err(|error| Failure::Usage(error.to_string()))?;
    if cli.check_config {
        for tls in config.listen.iter().filter_map(|listen| listen.tls.as_ref()) {
            tls::Shared::load(tls).map_err(Failure::Usage)?;
        }
        let name = cli.config.as_ref().map_or("the defaults".into(), |path| path.display().to_string());
        println!("{name}: the configuration is right");
        return Ok(());
    }
    serve::serve(cli, config)
}

fn hash_password() -> Result<(), Failure> {
    let unreadable = |error: std::io::Error| Failure::Runtime(format!("cannot read standard input: {error}"));
    let line = if std::io::IsTerminal::is_terminal(&std::io::stdin()) {
        rpassword::prompt_password("Password (not shown as you type): ").map_err(unreadable)?
    } else {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).map_err(unreadable)?;
        line
    };
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(Failure::Usage(
            "there is no password on standard input: echo it, or type it and press Enter".into(),
        ));
    }
    let no_randomness = || Failure::Runtime("the system gives no random numbers".into());
    let hash = passwords::hash(&Secret::password(password)).ok_or_else(no_randomness)?;
    println!("{}", hash.expose());
    Ok(())
}
