//! `user invite [--for 7d]`

use std::io;

use chat_model::id::Time;
use chat_model::invitation::InvitationCode;
use serde_json::json;

use crate::console::Console;
use crate::failure::Failure;
use crate::find::Place;
use crate::when::{self, rfc3339};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How long the code can be used: "12 hours", "7d", "2 weeks"
    #[arg(long = "for", value_name = "TIME", default_value = "7d")]
    length: String,
}

pub(crate) fn run(args: &Args, place: &Place, console: &mut Console) -> Result<(), Failure> {
    let seconds = when::duration_s(&args.length, &console.now())?;
    let Ok(seconds) = u32::try_from(seconds) else {
        return Err(Failure::Usage(format!("{:?} is too long; a century is enough", args.length)));
    };
    let code = InvitationCode::from_random(getrandom::u64().map_err(io::Error::from)?);
    place.server()?.order("INVITATION", &[code.expose(), &seconds.to_string()])?;
    let expires = Time(console.now().timestamp().as_millisecond()).plus(i64::from(seconds) * 1000);
    let code = code.expose();
    if console.json {
        return console.object(&json!({ "code": code, "expires": rfc3339(expires) }));
    }
    let until = console.time(expires);
    console.line(&format!("{code} makes one account, until {until}. Whoever you give it to types"))?;
    console.line(&format!("  /register PASSWORD {code}"))?;
    console.line("or, in IRC clients that do not know /register,")?;
    Ok(console.line(&format!("  /msg NickServ REGISTER PASSWORD {code}"))?)
}
