//! The commands, one file each.

mod audit;
mod backup;
mod ban;
mod bans;
mod clock;
mod history;
mod kick;
mod list;
mod log;
mod say;
mod unban;
mod user;

use clap::Subcommand;

use crate::args::Cli;
use crate::console::Console;
use crate::failure::Failure;
use crate::find::Location;

/// What an operator can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Put a user out of the server, with a reason
    Kick(kick::Args),
    /// Who is on, or which channels there are
    List(list::Args),
    /// Read what was said
    History(history::Args),
    /// Keep a nickname, account, address or network out
    Ban(ban::Args),
    /// Lift a ban
    Unban(unban::Args),
    /// Which bans there are
    Bans,
    /// Say something in the server's name
    Say(say::Args),
    /// Accounts: add, invite, passwd, delete, list, show
    #[command(subcommand)]
    User(user::Command),
    /// The server's clock: accept
    #[command(subcommand)]
    Clock(clock::Command),
    /// What administrators and operators did
    Audit(audit::Args),
    /// The server's own log
    Log(log::Args),
    /// Copy the database, with the server running or not
    Backup(backup::Args),
}

/// Runs the command that was asked for.
pub(crate) fn run(cli: &Cli, console: &mut Console) -> Result<(), Failure> {
    let location = Location::find(&cli.location)?;
    match &cli.command {
        Command::Kick(args) => kick::run(args, &location, console),
        Command::List(args) => list::run(args, &location, console),
        Command::History(args) => history::run(args, &location, console),
        Command::Ban(args) => ban::run(args, &location, console),
        Command::Unban(args) => unban::run(args, &location, console),
        Command::Bans => bans::run(&location, console),
        Command::Say(args) => say::run(args, &location, console),
        Command::User(command) => user::run(command, &location, console),
        Command::Clock(command) => clock::run(command, &location, console),
        Command::Audit(args) => audit::run(args, &location, console),
        Command::Log(args) => log::run(args, &location, console),
        Command::Backup(args) => backup::run(args, &location, console),
    }
}
