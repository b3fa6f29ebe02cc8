//! `user add NAME`

use crate::console::Console;
use crate::failure::Failure;
use crate::find::Place;

pub(crate) fn run(name: &str, place: &Place, console: &mut Console) -> Result<(), Failure> {
    // The server first: nobody should think of a password in vain.
    let mut server = place.server()?;
    let password = console.new_password(name)?;
    let count = server.order("USERADD", &[name, password.expose()])?;
    console.done(&format!("account {name} was made"), count)
}
