//! `user passwd NAME`

use crate::console::Console;
use crate::failure::Failure;
use crate::find::Place;

pub(crate) fn run(name: &str, place: &Place, console: &mut Console) -> Result<(), Failure> {
    let mut server = place.server()?;
    let password = console.new_password(name)?;
    let count = server.order("PASSWD", &[name, password.expose()])?;
    console.done(&format!("account {name} has a new password"), count)
}
