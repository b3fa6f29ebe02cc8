//! `kick NICK [REASON]`

use crate::console::Console;
use crate::failure::Failure;
use crate::find::Place;
use crate::text::counted;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Whose sessions are closed
    #[arg(value_parser = clap::builder::NonEmptyStringValueParser::new())]
    nick: String,
    /// What the user and the others are told
    reason: Vec<String>,
}

pub(crate) fn run(args: &Args, place: &Place, console: &mut Console) -> Result<(), Failure> {
    let reason = args.reason.join(" ");
    let mut words = vec![args.nick.as_str()];
    words.extend((!reason.is_empty()).then_some(reason.as_str()));
    let count = place.server()?.order("KICK", &words)?;
    console.done(
        &format!("{} was put out, {}", args.nick, counted(count, "session closed", "sessions closed")),
        count,
    )
}
