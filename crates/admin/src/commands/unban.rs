//! `unban WHOM`

use super::ban::{Whom, shown};
use crate::console::Console;
use crate::failure::Failure;
use crate::find::Place;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    whom: Whom,
}

pub(crate) fn run(args: &Args, place: &Place, console: &mut Console) -> Result<(), Failure> {
    let (kind, mask) = args.whom.read()?;
    let count = place.server()?.order("UNBAN", &[kind, &mask])?;
    console.done(&format!("{kind} {} is no longer banned", shown(&mask)), count)
}
