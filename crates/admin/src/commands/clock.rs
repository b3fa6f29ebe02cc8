//! `clock accept`

use chat_model::sentence;

use crate::console::Console;
use crate::failure::Failure;
use crate::find::Location;
use crate::language::language;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Say that the server's clock is right: what has waited since it was set may run out and be deleted
    Accept,
}

pub(crate) fn run(command: &Command, location: &Location, console: &mut Console) -> Result<(), Failure> {
    let Command::Accept = command;
    let count = location.server()?.order("CLOCK", &[])?;
    let text = match count {
        0 => sentence!(
            language(),
            en = "the server did not doubt its clock; nothing was done",
            zh = "服务器本来就信任自己的时钟，什么也没有做"
        ),
        _ => sentence!(
            language(),
            en = "the server believes its clock again; what is over by it ends from now on",
            zh = "服务器重新信任时钟，已到期的从现在起失效"
        ),
    };
    console.done(&text, count)
}
