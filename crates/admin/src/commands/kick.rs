//! `kick NICK [REASON]`

use chat_model::sentence;

use crate::console::Console;
use crate::failure::Failure;
use crate::find::Location;
use crate::language::language;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Whose sessions are closed
    #[arg(value_parser = clap::builder::NonEmptyStringValueParser::new())]
    nick: String,
    /// What the user and the others are told
    reason: Vec<String>,
}

pub(crate) fn run(args: &Args, location: &Location, console: &mut Console) -> Result<(), Failure> {
    let reason = args.reason.join(" ");
    let mut words = vec![args.nick.as_str()];
    words.extend((!reason.is_empty()).then_some(reason.as_str()));
    let count = location.server()?.order("KICK", &words)?;
    let (l, nick) = (language(), &args.nick);
    let text = match count {
        1 => sentence!(
            l,
            en = "{nick} was put out, {count} session closed",
            zh = "{nick} 已被踢出，关闭了 {count} 个连接"
        ),
        _ => sentence!(
            l,
            en = "{nick} was put out, {count} sessions closed",
            zh = "{nick} 已被踢出，关闭了 {count} 个连接"
        ),
    };
    console.done(&text, count)
}
