//! `user delete NAME`

use crate::console::Console;
use crate::failure::Failure;
use crate::find::Place;
use crate::text::counted;

pub(crate) fn run(name: &str, place: &Place, console: &mut Console) -> Result<(), Failure> {
    let done = place.server()?.order_all("USERDEL", &[name])?;
    let mut sentence = format!("account {name} was deleted; what it said stays in the history");
    if !done.guests.is_empty() {
        let guests = done.guests.join(", ");
        sentence.push_str(&format!("; still here as guest: {guests} (chat-admin kick puts out)"));
    } else if done.count > 0 {
        sentence.push_str(&format!("; {}", counted(done.count, "session closed", "sessions closed")));
    }
    console.done(&sentence, done.count)
}
