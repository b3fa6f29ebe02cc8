//! `user delete NAME`

use chat_model::sentence;

use crate::console::Console;
use crate::failure::Failure;
use crate::find::Location;
use crate::language::{language, sessions_closed};

pub(crate) fn run(name: &str, location: &Location, console: &mut Console) -> Result<(), Failure> {
    let done = location.server()?.order_all("USERDEL", &[name])?;
    let l = language();
    let mut text = sentence!(
        l,
        en = "account {name} was deleted; what it said stays in the history",
        zh = "账号 {name} 已删除，它说过的话仍在历史消息里",
    );
    if !done.guests.is_empty() {
        let guests = done.guests.join(", ");
        text.push_str(&sentence!(
            l,
            en = "; still here as guest: {guests} (chat-admin kick puts out)",
            zh = "；仍作为访客在这里：{guests}（可用 chat-admin kick 踢出）",
        ));
    } else if done.count > 0 {
        text.push_str(&sessions_closed(done.count));
    }
    console.done(&text, done.count)
}
