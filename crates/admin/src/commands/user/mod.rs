//! `user add|invite|passwd|delete|list|show`: accounts.

mod add;
mod delete;
mod invite;
mod list;
mod passwd;
mod show;

use chat_model::id::{MsgId, Time};

use crate::console::Console;
use crate::failure::Failure;
use crate::find::Place;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Make an account; its password is asked for, or read from stdin
    Add(Name),
    /// Make a code with which somebody makes an account, where the server's registration is "invite"
    Invite(invite::Args),
    /// Give an account another password; it is asked for, or read from stdin
    Passwd(Name),
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

pub(crate) fn run(command: &Command, place: &Place, console: &mut Console) -> Result<(), Failure> {
    match command {
        Command::Add(Name { name }) => add::run(name, place, console),
        Command::Invite(args) => invite::run(args, place, console),
        Command::Passwd(Name { name }) => passwd::run(name, place, console),
        Command::Delete(Name { name }) => delete::run(name, place, console),
        Command::List => list::run(place, console),
        Command::Show(Name { name }) => show::run(name, place, console),
    }
}

/// Up to when an account has seen everything, for people.
fn seen(seen: Option<MsgId>, created: Time, console: &Console) -> String {
    match seen.map(MsgId::time) {
        None => "now".to_owned(),
        // An administrator made it, and it has seen nothing since then.
        Some(time) if time == created => "never".to_owned(),
        Some(time) => console.time(time),
    }
}
