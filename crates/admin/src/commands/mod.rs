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
use crate::find::Place;

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
    let place = Place::find(&cli.place)?;
    match &cli.command {
        Command::Kick(args) => kick::run(args, &place, console),
        Command::List(args) => list::run(args, &place, console),
        Command::History(args) => history::run(args, &place, console),
        Command::Ban(args) => ban::run(args, &place, console),
        Command::Unban(args) => unban::run(args, &place, console),
        Command::Bans => bans::run(&place, console),
        Command::Say(args) => say::run(args, &place, console),
        Command::User(command) => user::run(command, &place, console),
        Command::Clock(command) => clock::run(command, &place, console),
        Command::Audit(args) => audit::run(args, &place, console),
        Command::Log(args) => log::run(args, &place, console),
        Command::Backup(args) => backup::run(args, &place, console),
    }
}
