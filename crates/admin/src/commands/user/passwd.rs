//! `user passwd NAME`

use chat_model::sentence;

use crate::console::Console;
use crate::failure::Failure;
use crate::find::Location;
use crate::language::{language, sessions_closed};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Which account
    #[arg(value_parser = clap::builder::NonEmptyStringValueParser::new())]
    name: String,
    /// Leave those connected who came in with the old password
    #[arg(long)]
    keep_sessions: bool,
}

pub(crate) fn run(args: &Args, location: &Location, console: &mut Console) -> Result<(), Failure> {
    let mut server = location.server()?;
    let name = args.name.as_str();
    let password = console.new_password(name)?;
    let mut words = vec![name, password.expose()];
    words.extend(args.keep_sessions.then_some("keep"));
    let count = server.order("PASSWD", &words)?;
    let mut text =
        sentence!(language(), en = "account {name} has a new password", zh = "账号 {name} 的密码已更改");
    if count > 0 {
        text.push_str(&sessions_closed(count));
    }
    console.done(&text, count)
}
