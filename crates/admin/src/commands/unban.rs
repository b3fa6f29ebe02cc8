//! `unban WHOM`

use chat_model::sentence;

use super::ban::{Whom, shown};
use crate::console::Console;
use crate::failure::Failure;
use crate::find::Location;
use crate::language::{kind_of_ban, language};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    whom: Whom,
}

pub(crate) fn run(args: &Args, location: &Location, console: &mut Console) -> Result<(), Failure> {
    let (kind, mask) = args.whom.read()?;
    let count = location.server()?.order("UNBAN", &[kind, &mask])?;
    let (mask, kind) = (shown(&mask), kind_of_ban(kind));
    let text =
        sentence!(language(), en = "{kind} {mask} is no longer banned", zh = "{kind} {mask} 已解除封禁");
    console.done(&text, count)
}
