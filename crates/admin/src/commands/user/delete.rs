//! `user delete NAME`

use crate::console::Console;
use crate::failure::Failure;
use crate::find::Place;

pub(crate) fn run(name: &str, place: &Place, console: &mut Console) -> Result<(), Failure> {
    let count = place.server()?.order("USERDEL", &[name])?;
    console.done(&format!("account {name} was deleted; what it said stays in the history"), count)
}
