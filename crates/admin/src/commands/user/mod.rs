//! `user add|invite|passwd|delete|list|show`: accounts.

mod add;
mod delete;
mod invite;
mod list;
mod passwd;
mod show;

use chat_model::id::Time;
use chat_model::phrase;
use chat_store::AccountRow;

use crate::console::Console;
use crate::failure::Failure;
use crate::find::Location;
use crate::language::language;
use crate::when::rfc3339;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Make an account; its password is asked for, or read from stdin
    Add(Name),
    /// Make a code with which somebody makes an account, where the server's registration is "invite"
    Invite(invite::Args),
    /// Give an account another password, which is asked for or read from stdin; its sessions are closed
    Passwd(passwd::Args),
    /// Delete an account; what it said stays said
    Delete(Name),
    /// Which accounts there are
    List,
    /// All about one account
    Show(Name),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Name {
    /// The account, which is also the nickname it owns
    #[arg(value_parser = clap::builder::NonEmptyStringValueParser::new())]
    name: String,
}

pub(crate) fn run(command: &Command, location: &Location, console: &mut Console) -> Result<(), Failure> {
    match command {
        Command::Add(Name { name }) => add::run(name, location, console),
        Command::Invite(args) => invite::run(args, location, console),
        Command::Passwd(args) => passwd::run(args, location, console),
        Command::Delete(Name { name }) => delete::run(name, location, console),
        Command::List => list::run(location, console),
        Command::Show(Name { name }) => show::run(name, location, console),
    }
}

/// When an account was here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LastHere {
    Now,
    Never,
    Until(Time),
}

impl LastHere {
    fn of(row: &AccountRow) -> Self {
        match row.last_here {
            None => Self::Now,
            // An administrator made it, and it has seen nothing since then.
            Some(time) if time == row.created => Self::Never,
            Some(time) => Self::Until(time),
        }
    }

    /// For people.
    fn shown(self, console: &Console) -> String {
        match self {
            Self::Now => phrase!(language(), en = "now", zh = "现在").to_owned(),
            Self::Never => phrase!(language(), en = "never", zh = "从未").to_owned(),
            Self::Until(time) => console.time(time),
        }
    }

    /// For machines: whether it is here, and when it last was if it is not and ever was.
    fn fields(self) -> (bool, Option<String>) {
        match self {
            Self::Now => (true, None),
            Self::Never => (false, None),
            Self::Until(time) => (false, Some(rfc3339(time))),
        }
    }
}
