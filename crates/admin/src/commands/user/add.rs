//! `user add NAME`

use chat_model::sentence;

use crate::console::Console;
use crate::failure::Failure;
use crate::find::Location;
use crate::language::language;

pub(crate) fn run(name: &str, location: &Location, console: &mut Console) -> Result<(), Failure> {
    // The server first: nobody should think of a password in vain.
    let mut server = location.server()?;
    let password = console.new_password(name)?;
    let count = server.order("USERADD", &[name, password.expose()])?;
    console.done(&sentence!(language(), en = "account {name} was made", zh = "账号 {name} 已创建"), count)
}
